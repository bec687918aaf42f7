"""Bytes or JSON to the vocabulary of `biorxivist.items`: one module per document, no Scrapy inside."""
