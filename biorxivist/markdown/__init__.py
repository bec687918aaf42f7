"""Papers as Markdown: one text a paper, with YAML front matter."""
