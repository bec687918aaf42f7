"""Preprints and their addresses: every way to write a DOI, and every address made from one."""

import re
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote, quote_plus, unquote, urljoin, urlsplit, urlunsplit

SITES = {"biorxiv": "https://www.biorxiv.org", "medrxiv": "https://www.medrxiv.org"}

# new papers have the second prefix from this day on
NEW_PREFIX_SINCE = "2025.12.01"
EXPECTED = (
    "give a DOI like 10.1101/2023.10.19.563100 or 10.64898/2026.04.08.716779, with v2 for a version, "
    "or an address of it at biorxiv.org, medrxiv.org or doi.org"
)

SERVER = r"(?:biorxiv|medrxiv)"
SUFFIX = r"(?P<suffix>(?:(?P<day>\d{4}\.\d\d\.\d\d)\.)?\d{6,8})(?:v(?P<version>\d+))?"
TAB = (
    r"(?:\.(?:full-text|full|abstract|short|article-info|article-metrics|supplementary-material|external-links"
    r"|source\.xml|atom|pdf|print|txt)|\+html)*(?:/.*)?"
)
# what may stand where a preprint is expected, after the scheme, query and fragment are taken off
FORMS = [
    re.compile(rf"(?:.*/)?(?P<prefix>10\.1101|10\.64898)/{SUFFIX}{TAB}", re.A),
    re.compile(rf".*/content/(?:{SERVER}/)?early/\d{{4}}/\d\d/\d\d/{SUFFIX}{TAB}", re.A),
    re.compile(rf".*/cgi/content/[a-z-]+/{SUFFIX}{TAB}", re.A),
    re.compile(rf"{SERVER}[;:/ ]+{SUFFIX}{TAB}", re.A),
]
HOST = re.compile(rf"(?:^|\.)({SERVER})\.org(?::\d+)?$")
IN_PATH = re.compile(rf"(?:^|/)({SERVER})[/;: ]")
DOI = re.compile(r"10\.\d{4,9}/\S{1,500}", re.A)
LONGEST = 2000
BRACKETS = {")": "(", "]": "[", "}": "{", ">": "<"}


@dataclass(frozen=True, slots=True)
class Preprint:
    """A preprint, or one version of it, as somebody named it."""

    doi: str
    """DOI, lower case, without resolver and version."""
    version: int | None = None
    """Number of the version, from 1; None if none was named."""
    server: str = ""
    """`biorxiv` or `medrxiv`, if it was named: a DOI does not tell it."""

    @property
    def label(self) -> str:
        """The DOI, with the version if one was named."""
        return self.doi + (f"v{self.version}" if self.version else "")


def parse_preprint(text: str) -> Preprint:
    """The preprint that a DOI or an address names; raises `ValueError` with one line that says what is allowed."""
    path, host = _path(text) if len(text) <= LONGEST else ("", "")
    match = next(filter(None, (form.fullmatch(path) for form in FORMS)), None)
    if not match:
        raise ValueError(_refusal(text, path))
    named = match.groupdict()
    day, version = named["day"], named["version"]
    if day and not _is_date(day):
        raise ValueError(f"{_shown(text)} has an impossible date, {day}: {EXPECTED}")
    if version and int(version) == 0:
        raise ValueError(f"{_shown(text)} has version 0: versions are counted from 1")
    prefix = named.get("prefix") or ("10.64898" if day and day >= NEW_PREFIX_SINCE else "10.1101")
    # api.biorxiv.org answers for both servers, so the path speaks before the host
    server = IN_PATH.search(path) or HOST.search(host)
    return Preprint(f"{prefix}/{named['suffix']}", int(version) if version else None, server[1] if server else "")


def _path(text: str) -> tuple[str, str]:
    """What a pasted text says, lower case without scheme, query and fragment; and the host in it."""
    bare = re.sub(r"[\u200b-\u200d\u2060\ufeff]", "", text).strip().lower()
    # an address in a query string is encoded once more
    bare = unquote(unquote(bare)).strip("<>()[]{}\"'`´“”‘’„«».,;: \t\r\n\xa0")
    bare = re.sub(r"\s*([/:])\s*|(?<=\.)\s+(?=\d)", r"\1", bare)
    bare = re.sub(r"^(?:doi|url)[:\s]+", "", bare)
    address = f"https://{bare}" if HOST.search(bare.partition("/")[0]) else bare
    try:
        parts = urlsplit(address)
    except ValueError:
        return "", ""
    path = re.sub("/{2,}", "/", parts.path).rstrip("/.,;:)")
    # "biorxiv:2022…" would be a scheme
    scheme = f"{parts.scheme}:" if parts.scheme in SITES else ""
    return scheme + path, parts.hostname or ""


def _is_date(day: str) -> bool:
    try:
        return bool(date(*map(int, day.split("."))))
    except ValueError:
        return False


def _shown(text: str) -> str:
    line = " ".join(text.split())
    return repr(line if len(line) <= 80 else line[:79] + "…")


def _refusal(text: str, path: str) -> str:
    doi = DOI.search(path)
    if doi and doi[0].startswith("10.1101/"):
        return f"{_shown(text)} is not a preprint (journals and books of Cold Spring Harbor share the prefix 10.1101): {EXPECTED}"
    if doi and not doi[0].startswith("10.64898/"):
        return f"{_shown(text)} is a DOI of another publisher: {EXPECTED}"
    return f"{_shown(text)} is not a preprint of bioRxiv or medRxiv: {EXPECTED}"


def likely_server(doi: str) -> str:
    """The server that a DOI hints at: numbers of eight digits are medRxiv's. Both servers share both prefixes."""
    return "medrxiv" if re.search(r"(?<!\d)\d{8}$", doi) else "biorxiv"


def normalize_doi(text: str) -> str:
    """The first DOI in a text: lower case, without resolver, a preprint's without version; empty if there is none."""
    found = DOI.search(unquote(text) if "%" in text else text)
    if not found:
        return ""
    doi = found[0].lower()
    if "://" in text[: text.find("10.")]:
        doi = doi.partition("?")[0]
    doi = _without_end(doi)
    try:
        return parse_preprint(doi).doi
    except ValueError:
        return doi


def _without_end(doi: str) -> str:
    """A DOI without the punctuation of the sentence around it; its own brackets stay."""
    while doi and (
        doi[-1] in ".,;:\"'”’»“‘«" or (doi[-1] in BRACKETS and doi.count(doi[-1]) > doi.count(BRACKETS[doi[-1]]))
    ):
        doi = doi[:-1]
    return doi if DOI.fullmatch(doi) else ""


# --- addresses --------------------------------------------------------------------------------------------------------


def landing_url(base: str, doi: str, version: int | None) -> str:
    """The landing page of a version; without a version the site chooses the latest."""
    return _address(base, f"/content/{doi}" + (f"v{version}" if version else ""))


def full_text_url(base: str, doi: str, version: int | None) -> str:
    """The HTML page with the full text."""
    return landing_url(base, doi, version) + ".full"


def pdf_url(base: str, doi: str, version: int | None) -> str:
    """The PDF."""
    return landing_url(base, doi, version) + ".full.pdf"


def jats_url(base: str, posted: str, doi: str) -> str:
    """The JATS of the version that was posted on a day (ISO 8601)."""
    return _address(base, f"/content/early/{_day(posted)}/{_suffix(doi)}.source.xml")


def figure_url(base: str, server: str, posted: str, doi: str, name: str) -> str:
    """The large picture of a figure or table by its name on the site, such as `F1` or `T2`."""
    return _address(base, f"/content/{server}/early/{_day(posted)}/{_suffix(doi)}/{name}.large.jpg")


def search_url(base: str, terms: str, numresults: int = 75, page: int = 0, **options: str) -> str:
    """A page, from 0, of a search of the site, as its own form writes it. Its robots.txt disallows it.

    Options are the form's other fields: `jcode`, `limit_from`, `limit_to`, `sort`, …
    """
    pairs = "".join(f"%20{name}:{quote(value)}" for name, value in {**options, "numresults": str(numresults)}.items())
    path = f"/search/{quote_plus(' '.join(terms.split()))}{pairs}"
    return on_host(path + (f"?page={page}" if page else ""), base)


def record_url(api: str, server: str, doi: str) -> str:
    """The API record of a paper: all its versions."""
    return _address(api, f"/details/{server}/{doi}/na/json")


def absolute(base: str, address: str) -> str:
    """An address found on a page of `base`; as it stands if it is no address at all."""
    try:
        return urljoin(base, address)
    except ValueError:
        return address


def host_of(address: str) -> str:
    """The host of an address, lower case; empty if it has none or is none."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def on_host(url: str, base: str) -> str:
    """An address found in an answer, with its path and query, on the host of `base`."""
    found, host = urlsplit(url), urlsplit(base)
    # the API writes early/2026/04/12//2026.04.08.716779.source.xml
    return urlunsplit((host.scheme, host.netloc, re.sub("/{2,}", "/", found.path), found.query, ""))


def _address(base: str, path: str) -> str:
    return base.rstrip("/") + quote(path)


def _day(posted: str) -> str:
    return date.fromisoformat(posted).strftime("%Y/%m/%d")


def _suffix(doi: str) -> str:
    return doi.partition("/")[2]
