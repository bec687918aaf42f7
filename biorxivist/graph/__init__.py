"""The knowledge graph of papers: model, rows, stores, questions; no Scrapy inside."""
