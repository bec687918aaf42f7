"""Sizes in tokens of a language model, for `chunks.chunk_paper`."""

from collections.abc import Callable
from pathlib import Path

from biorxivist.errors import UserError


def token_counter(name: str) -> Callable[[str], int]:
    """What counts the tokens of a text: the tokenizer of a `tokenizer.json`, of a folder that has one, or of a model of the Hugging Face Hub.

    Raises `UserError` if it cannot be had.
    """
    try:
        from tokenizers import Tokenizer
    except ImportError:
        raise UserError("a limit in tokens needs a package: pip install 'biorxivist[tokenizers]'") from None
    path = Path(name)
    file = path / "tokenizer.json" if path.is_dir() else path
    try:
        tokenizer = Tokenizer.from_file(str(file)) if file.is_file() else Tokenizer.from_pretrained(name)
    # the library raises bare exceptions
    except Exception as error:
        reason = str(error).strip().splitlines() or [type(error).__name__]
        raise UserError(f"no tokenizer {name}: give a tokenizer.json or the name of a model ({reason[0]})") from None
    # a model's file may cut texts at the length that the model reads
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return lambda text: len(tokenizer.encode(text, add_special_tokens=False).ids)
