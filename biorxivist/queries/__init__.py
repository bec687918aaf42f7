"""Queries over the papers of a feed: Boolean, phrases, wildcards, nearness, fields; no Scrapy inside."""
