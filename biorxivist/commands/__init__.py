"""`scrapy …` commands of the project: thin, each calls a room."""
