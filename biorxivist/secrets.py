"""Keep secrets out of what a run writes: credentials in addresses."""

import logging
import re
from typing import Any

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


class RedactedRecord(logging.LogRecord):
    """A log message without credentials; `logging.setLogRecordFactory` makes it that of a whole process."""

    def getMessage(self) -> str:  # noqa: N802
        return redact(super().getMessage())
