"""A MECA archive (`.meca`, a zip) of the sites' monthly deposits for text mining to a `Paper`."""

import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile

from lxml import etree

from biorxivist.items import Paper
from biorxivist.readers.jats import read_jats
from biorxivist.readers.strict import LARGEST, MalformedDocument

MOST_FILES = 10_000
POSTED = re.compile(r"/(biorxiv|medrxiv)/early/(\d{4})/(\d\d)/(\d\d)/")
# what zipfile raises over a damaged or encrypted archive
DAMAGE = (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError, OverflowError)


def read_meca(archive: str | Path | BinaryIO) -> Paper:
    """The paper of an archive, as `read_jats` gives it, and when its version was posted; of the archive only the XML is read.

    Raises `MalformedDocument` for what is no archive of an article, `FileNotFoundError` for a path without a file.
    """
    if not hasattr(archive, "read"):
        with Path(archive).open("rb") as file:
            return read_meca(file)
    try:
        with ZipFile(archive) as files:
            names = _names(files)
            article = _read(files, _article(files, names))
            transfer = _xml(files, names, "transfer.xml")
    except MalformedDocument:
        raise
    except DAMAGE as error:
        raise MalformedDocument("zip", f"found {type(error).__name__}: {' '.join(str(error).split())[:80]}") from None
    paper = read_jats(article)
    if transfer is not None and (match := POSTED.match(transfer.get("reference") or "")):
        paper.server = paper.server or match[1]
        paper.posted = paper.posted or "-".join(match.groups()[1:])
        paper.first_posted = paper.first_posted or (paper.posted if paper.version == 1 else "")
    return paper


def _names(files: ZipFile) -> dict[str, str]:
    """Names of the files as the manifest writes them, to those of the zip; some archives have all in one more folder."""
    found = files.namelist()
    if len(found) > MOST_FILES:
        raise MalformedDocument("zip", f"{len(found):,} files, more than the {MOST_FILES:,} that a reader takes")
    plain = {_plain(name): name for name in found}
    manifest = next((name for name in plain if name.rpartition("/")[2] == "manifest.xml"), "")
    folder = manifest.removesuffix("manifest.xml")
    return {name.removeprefix(folder): of_zip for name, of_zip in plain.items()}


def _plain(path: str) -> str:
    return path.replace("\\", "/").removeprefix("./")


def _article(files: ZipFile, names: dict[str, str]) -> str:
    """Name of the JATS: what the manifest calls the article, else the only XML of the content."""
    manifest = _xml(files, names, "manifest.xml")
    told = list(_instances(manifest)) if manifest is not None else []
    lying = [name for name in names if name.startswith("content/") and name.count("/") == 1 and name.endswith(".xml")]
    for name in told + (lying if len(lying) == 1 else []):
        if name in names:
            return names[name]
    raise MalformedDocument("manifest.xml item[type=article]", f"found no XML of an article in {len(names)} files")


def _instances(manifest: etree._Element) -> Iterator[str]:
    for item in manifest.iter("{*}item"):
        if item.get("type") == "article":
            for instance in item.iter("{*}instance"):
                if (name := _plain(instance.get("href") or "")).endswith(".xml"):
                    yield name


def _xml(files: ZipFile, names: dict[str, str], name: str) -> etree._Element | None:
    if name not in names:
        return None
    parser = etree.XMLParser(recover=True, no_network=True, resolve_entities=False, load_dtd=False)
    try:
        return etree.fromstring(_read(files, names[name]).lstrip(), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _read(files: ZipFile, name: str) -> bytes:
    with files.open(name) as file:
        # what the zip says of the size may be a lie
        body = file.read(LARGEST + 1)
    if len(body) > LARGEST:
        raise MalformedDocument(name, f"more than the {LARGEST:,} bytes that a reader takes")
    return body
