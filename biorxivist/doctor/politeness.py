"""Checks of the configuration: who asks, how politely, whom."""

import os
import re
from difflib import SequenceMatcher, get_close_matches
from types import ModuleType
from urllib.parse import urlsplit

from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings, default_settings

from biorxivist import settings as ours
from biorxivist.doctor import Finding, verdict
from biorxivist.identity import Contact
from biorxivist.secrets import SOURCES, open_secret

REACHABLE = re.compile(r"(?:mailto:)?[^\s@;()]+@[^\s@;()]+\.[^\s@;()]+|https?://[^\s;()]+")
VARIABLES = {
    "BIORXIVIST_CONTACT", "BIORXIVIST_DATA", "BIORXIVIST_BROWSER", "BIORXIVIST_RECORD", "NEO4J_URI", "NEO4J_USERNAME", "NEO4J_PASSWORD",
    "NEO4J_DATABASE", "LLM_URL", "LLM_MODEL", "LLM_API_KEY", "EMBEDDINGS_URL", "EMBEDDINGS_MODEL", "EMBEDDINGS_API_KEY",
    "EMBEDDINGS_PRICE", "NEO4J_VECTOR_INDEX", "NEO4J_FULLTEXT_INDEX", "BIORXIVIST_MCP_TOKEN",
}  # fmt: skip
# seconds by host: what robots.txt of the sites asks, and what we hold at the APIs
DELAYS = {"www.biorxiv.org": 7, "www.medrxiv.org": 7, "api.biorxiv.org": 1, "www.ebi.ac.uk": 1}


def names(settings: BaseSettings) -> Finding:
    """Settings and variables that nothing reads, as a misspelt one."""
    known = {*_names(default_settings), *_names(ours)}
    given = {name for name in settings if (settings.getpriority(name) or 0) > SETTINGS_PRIORITIES["project"]}
    faults = [_unknown("setting", name, known) for name in sorted(given - known)]
    faults += [_unknown("variable", name, VARIABLES) for name in sorted(os.environ.keys() - VARIABLES)]
    return verdict("; ".join(filter(None, faults)), "no name is misspelt")


def _names(module: ModuleType) -> list[str]:
    return [name for name in dir(module) if name.isupper()]


def _unknown(kind: str, name: str, known: set[str]) -> str:
    near = get_close_matches(name, known, cutoff=0.8)
    meant = max(near, key=lambda other: SequenceMatcher(None, name, other).find_longest_match().size, default="")
    # where both are set, the other one is somebody else's
    return f"there is no {kind} {name}: did you mean {meant}?" if meant and meant not in os.environ else ""


def contact(settings: BaseSettings) -> Finding:
    """Whether the servers can tell who asks."""
    settings = settings.copy()
    # as for a crawl
    Contact().update_settings(settings)
    agent, given = settings["USER_AGENT"], settings["BIORXIVIST_CONTACT"]
    if "BioRxivist" not in agent:
        return Finding("wrong", f"requests are sent as {agent!r}: leave USER_AGENT out, and set BIORXIVIST_CONTACT")
    if not given:
        return Finding("wrong", 'the servers cannot tell who asks: export BIORXIVIST_CONTACT="mailto:you@example.org"')
    if not REACHABLE.fullmatch(given):
        return Finding(
            "wrong", f"BIORXIVIST_CONTACT={given} is neither mailto:you@example.org nor the address of a page"
        )
    return verdict("" if given in agent else f"USER_AGENT does not say {given}: leave it out", agent)


def robots(settings: BaseSettings) -> Finding:
    """Whether robots.txt is obeyed."""
    if settings.getbool("ROBOTSTXT_OBEY"):
        return Finding("ok", "obeyed")
    return Finding("note", "not obeyed, as ROBOTSTXT_OBEY=False asks: leave it out unless you decided to")


def delays(settings: BaseSettings) -> Finding:
    """Whether the real servers are asked as slowly as they wish."""
    slots = settings.getdict("DOWNLOAD_SLOTS")
    hosts = {urlsplit(settings[name]).hostname for name in SOURCES}
    otherwise = settings.getfloat("DOWNLOAD_DELAY")
    got = {host: float(slots.get(host, {}).get("delay", otherwise)) for host in DELAYS if host in hosts}
    short = [f"{host} is asked every {got[host]:g} s, not {DELAYS[host]} s" for host in got if got[host] < DELAYS[host]]
    if short:
        return Finding("wrong", f"{'; '.join(short)}: leave DOWNLOAD_DELAY and DOWNLOAD_SLOTS out")
    return Finding("ok", ", ".join(f"{host} every {delay:g} s" for host, delay in got.items()) or "own servers")


def sources(settings: BaseSettings) -> Finding:
    """Whether the addresses of the sources can be asked."""
    if fault := open_secret(settings):
        return Finding("wrong", fault)
    parts = {name: urlsplit(settings[name]) for name in SOURCES}
    bad = [name for name, at in parts.items() if at.scheme not in ("http", "https") or not at.hostname]
    fault = f"{', '.join(bad)}: give an address like https://…, or leave it out" if bad else ""
    return verdict(fault, ", ".join(dict.fromkeys(at.netloc for at in parts.values())))
