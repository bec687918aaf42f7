"""Preprints of bioRxiv and medRxiv as clean full text: crawl, feeds, knowledge graph, answers."""

__version__ = "0.1.0"
