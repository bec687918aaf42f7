"""Endpoints that speak OpenAI's API: OpenAI, Ollama, vLLM, llama.cpp and others."""

from typing import TYPE_CHECKING

from biorxivist.errors import UserError
from biorxivist.secrets import redact

if TYPE_CHECKING:
    from openai import OpenAI

# seconds without a byte: a local server may load its model first
TIMEOUT = 120
CONNECT = 10
RETRIES = 4
# a server that needs no key wants one all the same
NO_KEY = "none"
# a person waits for an answer to the question whether there is one
PATIENCE = 10


def client(url: str, key: str) -> "OpenAI":
    """A client that retries, and waits as long as `Retry-After` asks, up to two minutes; `key` may be empty."""
    try:
        from openai import OpenAI, Timeout
    except ImportError:
        raise UserError("this needs pip install 'biorxivist[ask]'") from None
    timeout = Timeout(TIMEOUT, connect=CONNECT)
    return OpenAI(base_url=url, api_key=key or NO_KEY, timeout=timeout, max_retries=RETRIES)


def told(error: Exception, client: "OpenAI") -> str:
    """An error of a client as one line, without headers and key, and with what can be done."""
    status, body = getattr(error, "status_code", None), getattr(error, "body", None)
    if isinstance(body, dict):
        said = body.get("message") or body.get("detail") or ""
    elif status:
        # some send a page
        said = body if isinstance(body, str) and "<" not in body else ""
    else:
        said = f"{error}{f' ({error.__cause__})' if error.__cause__ else ''}"
    if client.api_key != NO_KEY:
        # some servers repeat the key that they refuse
        said = f"{said}".replace(client.api_key, "…")
    line = redact(" ".join(f"{said}".split()))[:300]
    parts = [f"HTTP status {status}" if status else "", line, HINTS.get(status or type(error).__name__, "")]
    if wait := status and error.response.headers.get("retry-after"):
        parts.append(f"it asks to wait {wait}{' s' * wait.isdigit()}")
    return "; ".join(filter(None, parts))


HINTS = {
    401: "is the key right?",
    403: "may this key do that?",
    404: "does the URL end in /v1, and does it serve that model?",
    429: "run it again later",
    "APIConnectionError": "does it run, and is the URL right?",
    "APITimeoutError": "does it run?",
}


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
            f"{shown} does not answer as an endpoint of OpenAI's API does: {told(error, asked)}; mend {setting}"
        ) from None
