"""Endpoints that speak OpenAI's API: OpenAI, Ollama, vLLM, llama.cpp and others."""

from typing import TYPE_CHECKING

from biorxivist.errors import UserError

if TYPE_CHECKING:
    from openai import OpenAI, OpenAIError

# a local server may load its model first
TIMEOUT = 300
RETRIES = 5


def client(url: str, key: str) -> "OpenAI":
    """A client that retries, and waits as long as `Retry-After` asks; `key` may be empty."""
    try:
        from openai import OpenAI
    except ImportError:
        raise UserError("this needs pip install biorxivist[ask]") from None
    return OpenAI(base_url=url, api_key=key or "none", timeout=TIMEOUT, max_retries=RETRIES)


def told(error: "OpenAIError") -> str:
    """An error as one line, without the request's headers."""
    cause = error.__cause__
    lines = f"{error}{f' ({cause})' if cause else ''}".split()
    return " ".join(lines)[:300]
