"""Bytes or JSON to the vocabulary of `biorxivist.items`, no Scrapy inside: a module or, for `jats` and `page`, a package for each kind of document."""
