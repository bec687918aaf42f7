"""Endpoints that speak OpenAI's API: OpenAI, Ollama, vLLM, llama.cpp and others."""

from typing import TYPE_CHECKING

from biorxivist.errors import UserError

if TYPE_CHECKING:
    from openai import OpenAI, OpenAIError

# a local server may load its model first
TIMEOUT = 300
RETRIES = 5
# a person waits for an answer to the question whether there is one
PATIENCE = 10


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


def served(setting: str, shown: str, url: str, key: str) -> list[str]:
    """Names of the models that an endpoint serves; none where it does not list them. Raises `UserError`, which names the setting."""
    asked = client(url, key).with_options(timeout=PATIENCE, max_retries=0)
    from openai import APIConnectionError, APIStatusError, NotFoundError, OpenAIError

    try:
        return [model.id for model in asked.models.list()]
    except NotFoundError:
        return []
    except APIConnectionError as error:
        cause = " ".join(str(error.__cause__ or error).split())
        raise UserError(f"nothing answers at {shown}: start it, or mend {setting} ({cause})") from None
    except APIStatusError as error:
        advice = f"set {setting.removesuffix('_URL')}_API_KEY" if error.status_code in (401, 403) else "try again later"
        raise UserError(f"{shown} answers with HTTP status {error.status_code}: {advice}") from None
    except (OpenAIError, ValueError) as error:
        raise UserError(
            f"{shown} does not answer as an endpoint of OpenAI's API does: {told(error)}; mend {setting}"
        ) from None
