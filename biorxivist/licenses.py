"""Licences of preprints: one SPDX-like identifier for every spelling of API, JATS and pages."""

import re

RIGHTS_RESERVED = "all-rights-reserved"
OPEN = frozenset({"CC0", "CC-BY", "CC-BY-SA"})

CREATIVE_COMMONS = re.compile(
    r"creativecommons\.org/(?:licen[sc]es|publicdomain)/(?P<code>[a-z-]+)(?:/(?P<version>\d\.\d))?", re.I
)
SPELLED = re.compile(
    r"^cc[ _-]?(?P<code>0|by(?:[ _-](?:nc|nd|sa))*)(?:_ng)?(?:[ _-](?P<version>\d\.\d))?(?:[ _-](?:international|unported))?$",
    re.I,
)
NO_REUSE = re.compile(
    r"^cc[_ -]no$|all[ -]rights[ -]reserved|no re-?use|without permission|copyright holder|not.{0,20}under.{0,20}licen[sc]e",
    re.I,
)
IN_FULL = re.compile(
    r"creative commons:? attribution(?P<nc>[ -]+non-?commercial)?(?:[ -]+(?:(?P<nd>no-?deriv\w*(?: works)?)|(?P<sa>share-?alike)))?"
    r"(?:[ -]+(?P<version>\d\.\d))?",
    re.I,
)
DENIED = re.compile(r"\bnot\b.{0,20}\bunder\b.{0,20}licen[sc]e", re.I)
IN_WORDS = re.compile(
    r"\bcc[ -](?P<code>0|by(?:-(?:nc|nd|sa))*)(?:[ -](?P<version>\d\.\d))?\b|\b(?P<zero>CC0|public domain)\b", re.I
)


def license_id(statement: str) -> str:
    """The identifier of a licence given as API code (`cc_by_nc`), address, or statement; empty for an empty or unknown one."""
    text = " ".join(statement.split())
    if match := CREATIVE_COMMONS.search(text):
        code = match["code"].lower()
        return _identifier("0" if code in ("zero", "publicdomain", "mark") else code, match["version"])
    if match := SPELLED.match(text):
        return _identifier(match["code"], match["version"])
    # the sites put "the copyright holder is the author" before the name of an open licence too
    if not DENIED.search(text):
        if match := IN_WORDS.search(text):
            return _identifier("0" if match["zero"] else match["code"], match["version"])
        if match := IN_FULL.search(text):
            parts = "-".join(["by", *(name for name in ("nc", "nd", "sa") if match[name])])
            return _identifier(parts, match["version"])
    return RIGHTS_RESERVED if NO_REUSE.search(text) else ""


def _identifier(code: str, version: str | None) -> str:
    if code == "0":
        return "CC0-1.0"
    # both servers offer version 4.0 only, and the API leaves the number out
    return f"CC-{re.sub('[ _]', '-', code.upper())}-{version or '4.0'}"


def allows(license: str, wanted: str) -> bool:
    """Whether a licence identifier is of the wanted kind: `any`, `cc` (any Creative Commons licence) or `open` (CC0, CC BY, CC BY-SA)."""
    if wanted == "any":
        return True
    family = re.sub(r"-\d\.\d$", "", license)
    return family in OPEN if wanted == "open" else family.startswith("CC")
