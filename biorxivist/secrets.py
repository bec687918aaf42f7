"""Keep secrets out of what a run writes: credentials in addresses, passwords and keys by their names."""

import logging
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

SOURCES = ("BIORXIV_URL", "MEDRXIV_URL", "BIORXIV_API_URL", "EUROPEPMC_URL", "EUROPEPMC_ANNOTATIONS_URL")
SECRET = re.compile(r"(?:_|^)(?:KEY|PASS|PASSWORD|SECRET|TOKEN|AUTH)(?:_|$)")
SHORTEST = 4
"""A shorter value is no secret, and would be found in every other word."""
CREDENTIALS = re.compile(r"(?<=://)[^\s/?#@]{1,500}@")


def redact(text: str) -> str:
    """A text with every `user:password@` of an address taken out."""
    return CREDENTIALS.sub("", text) if "@" in text else text


def redacted(value: Any) -> Any:
    """Strings of nested dicts and lists without credentials."""
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, dict):
        return {redacted(name): redacted(inner) for name, inner in value.items()}
    return [redacted(inner) for inner in value] if isinstance(value, list) else value


def open_secret(settings: Mapping[str, Any]) -> str:
    """Why the address of a source would show a password wherever it is written; empty if none does."""
    found = next((name for name in SOURCES if "@" in urlsplit(settings[name]).netloc), "")
    return found and f"{found} holds a name or password: set HTTPAUTH_USER, HTTPAUTH_PASS and HTTPAUTH_DOMAIN instead"


def secret_values(named: Iterable[tuple[str, Any]]) -> set[str]:
    """What is secret by its name, of variables or settings."""
    return {value for name, value in named if SECRET.search(name) and isinstance(value, str) and len(value) >= SHORTEST}


def without(text: str, secrets: set[str]) -> str:
    """A text with no secret in it."""
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, "***")
    return redact(text)


class RedactedRecord(logging.LogRecord):
    """A log message without credentials; `logging.setLogRecordFactory` makes it that of a whole process."""

    def getMessage(self) -> str:  # noqa: N802
        return redact(super().getMessage())
