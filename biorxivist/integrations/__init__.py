"""Papers as documents of LLM frameworks, each module for one framework, which it needs."""
