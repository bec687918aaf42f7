"""Texts as unit vectors: by any endpoint that speaks OpenAI's API, or by a local model."""

import os
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from biorxivist.errors import UserError
from biorxivist.library.endpoint import client, told
from biorxivist.secrets import redact

BATCH = 64


class NoEmbeddings(UserError):
    """Texts could not be embedded."""


class Embedder(Protocol):
    """What makes vectors."""

    model: str
    """Name of the model, noted in the library."""
    tokens: int
    """What was embedded up to now, as the endpoint counts; 0 if it does not."""

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        """One unit vector a text, float32; raises `NoEmbeddings`."""


class Endpoint:
    """An embeddings endpoint: `EMBEDDINGS_URL`, `EMBEDDINGS_MODEL`, `EMBEDDINGS_API_KEY`."""

    def __init__(self, url: str, model: str, key: str = ""):
        self.url, self.model, self.tokens = redact(url), model, 0
        self.client = client(url, key)

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        from openai import OpenAIError

        try:
            answer = self.client.embeddings.create(model=self.model, input=list(texts), encoding_format="float")
            vectors = _vectors(answer)
        except (OpenAIError, ValueError) as error:
            raise NoEmbeddings(f"{self.url} gave no embeddings of {self.model}: {told(error, self.client)}") from None
        if len(vectors) != len(texts):
            raise NoEmbeddings(f"{self.url} gave {len(vectors)} embeddings for {len(texts)} texts")
        self.tokens += getattr(answer.usage, "total_tokens", 0) or 0
        return unit(vectors)


def _vectors(answer: Any) -> np.ndarray:
    """The vectors of an answer in the order of the texts; raises `ValueError` where there are none."""
    # a server that is none of these answers with a page, which the client hands over as a string
    rows = getattr(answer, "data", None)
    if not rows:
        raise ValueError("its answer has none; does the URL end in /v1?")
    try:
        vectors = np.array([row.embedding for row in sorted(rows, key=lambda row: row.index)], np.float32)
    except (AttributeError, TypeError, ValueError):
        raise ValueError("its answer is not as OpenAI's") from None
    if vectors.ndim != 2 or not np.isfinite(vectors).all():
        raise ValueError("its vectors are no lists of numbers")
    return vectors


class LocalModel:
    """A sentence-transformers model on this machine: `EMBEDDINGS_MODEL` without `EMBEDDINGS_URL`."""

    tokens = 0

    def __init__(self, model: str):
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError:
            raise NoEmbeddings("a local model needs pip install 'biorxivist[local]'; or set EMBEDDINGS_URL") from None
        try:
            self.encoder = SentenceTransformer(model)
        except (OSError, ValueError) as error:
            raise NoEmbeddings(f"cannot load the model {model}: {str(error).splitlines()[0]}") from None
        self.model = model

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        return unit(np.asarray(self.encoder.encode(list(texts), show_progress_bar=False), np.float32))


def unit(vectors: np.ndarray) -> np.ndarray:
    """Vectors of length 1."""
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)


def configured() -> Embedder | None:
    """The embedder that the environment names; None if it names none."""
    url, model = os.environ.get("EMBEDDINGS_URL", ""), os.environ.get("EMBEDDINGS_MODEL", "")
    if url and not model:
        raise NoEmbeddings("EMBEDDINGS_URL is set and EMBEDDINGS_MODEL is not: name a model that it serves")
    if url:
        return Endpoint(url, model, os.environ.get("EMBEDDINGS_API_KEY", ""))
    return LocalModel(model) if model else None
