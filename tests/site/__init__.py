"""A small bioRxiv, medRxiv, API and Europe PMC on loopback, with invented papers or a folder of recorded ones."""
