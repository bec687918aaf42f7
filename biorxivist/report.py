"""The record of a run as a page for people: one HTML file that needs nothing else."""

import re
from collections import Counter
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from biorxivist.quantities import duration, size

SCHEMA = 1
"""Version of the record that is written and read."""
SHOWN = 500
"""Missing papers that are named for one cause; the record has them all."""
CATEGORIES = 15
TEXTS = {
    "jats": "Full text from the site's JATS",
    "page": "Full text from the site's page",
    "browser": "Full text from the page in a browser",
    "europepmc": "Full text from Europe PMC",
}
COVERAGES = {"abstract": "Abstract only", "metadata": "Metadata only"}
SOURCES = {
    "search": "Europe PMC search",
    "site-search": "Search of the site",
    "listing": "API listing",
    "record": "API record",
    "jats": "JATS of the site",
    "page": "Page of the site",
    "landing": "Landing page",
    "browser": "Page in a browser",
    "europepmc": "Full text of Europe PMC",
}
SERVERS = {"biorxiv": "bioRxiv", "medrxiv": "medRxiv"}
REASONS = {
    "refused": "The site refused the document, most often with a page that asks for a proof of being human.",
    "throttled": "The site asked to be left alone for longer than a run waits.",
    "unavailable": "The source did not answer, or answered with an error.",
    "malformed": "What came could not be read as the document that was asked for.",
    "disallowed": "The site's robots.txt does not allow it, or could not be read.",
    "too_large": "What came was larger than a document can be.",
    "off_host": "The address led to a host that is none of the sources.",
    "not_found": "No source knows the paper.",
    "not_archived": "It is not in the archive, and this run was to ask nobody.",
    "unlisted": "The API counts it and does not list it.",
    "not asked": "The run ended before its turn came.",
    "dropped": "What came is no paper: something that every paper has is lacking.",
    "error": "The program failed on it. The log says where; please report it.",
}
LATER = {"refused", "throttled", "unavailable", "malformed", "disallowed", "not asked", "unlisted"}
# how the detail of a paper begins whose record was refused
RECORD = "record: "
LACKING = {False: "delivered without full text", True: "delivered without version and licence"}
VERDICTS = {
    0: ("complete", "Complete"),
    1: ("failed", "Failed"),
    3: ("incomplete", "Incomplete"),
}
WAITS = {
    "delay": "the pause between two requests",
    "other_crawls": "another crawl of this machine had its turn",
    "retry_after": "the host asked to wait",
}
PREPRINT = re.compile(r"(10\.\d{4,9}/\S+?)(?:v\d+)?")


def render(record: dict[str, Any]) -> str:
    """The report of a record, as HTML."""
    papers, counts = record["papers"], record["counts"]
    verdict, word = VERDICTS.get(record["exit_status"], ("unfinished", "Unfinished"))
    return _template().render(
        record=record,
        papers=papers,
        verdict=verdict,
        word=word,
        sentence=sentence(record),
        started=datetime.fromisoformat(record["started"]),
        lasted=(datetime.fromisoformat(record["written"]) - datetime.fromisoformat(record["started"])).total_seconds(),
        full_texts=counts.get("coverage", {}).get("full_text", 0),
        missing=missing(record["missing"]),
        later=any(entry["reason"] in LATER for entry in record["missing"]),
        texts=bars(texts(counts)),
        licenses=bars({name or "not given": n for name, n in counts.get("license", {}).items()}),
        servers=bars({SERVERS.get(name, name): n for name, n in counts.get("server", {}).items()}),
        categories=bars(most(counts.get("category", {}))),
        dates=columns(counts.get("posted", {})),
        outcomes=sorted({outcome for answers in record["attempts"].values() for outcome in answers}, key=_ok_first),
        attempts=answered(record["attempts"]),
        waits=waits(record["waits"]),
        reasons={name: words for name, words in WAITS.items() if any(wait[name] for wait in record["waits"])},
    )


def sentence(record: dict[str, Any]) -> str:
    """What became of the run, in one sentence."""
    papers = record["papers"]
    records = sum(entry["delivered"] and entry["detail"].startswith(RECORD) for entry in record["missing"])
    texts = sum(entry["delivered"] for entry in record["missing"]) - records
    said = f"{papers['delivered']:,} of {papers['wanted']:,} {plural('paper', papers['wanted'])} delivered"
    said += f", {texts:,} of them without a full text that may exist" if texts else ""
    said += f", {records:,} of them without version and licence, which the API did not give" if records else ""
    match record["exit_status"]:
        case 0:
            return f"{said}. Nothing that exists is missing."
        case 3 if papers["missing"]:
            return f"{said}. The reasons are below."
        case 3:
            return f"{said}, but the program failed on some: the log says where."
        case 1:
            return f"{said}. The run ended early: {record['finish_reason'].replace('_', ' ') or 'the log says why'}."
    if record["state"] == "stopped":
        return f"{said}. The run was stopped by force. The same command goes on from here."
    return f"{said} when this was written. The run is still going on, or was killed: then the same command goes on from here."


def missing(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is missing by reason and by what was said of it, the most frequent first."""
    reasons: dict[str, dict[tuple[str, str], list[dict[str, Any]]]] = {}
    for entry in entries:
        details = reasons.setdefault(entry["reason"], {})
        lacking = LACKING[entry["detail"].startswith(RECORD)] if entry["delivered"] else ""
        found = details.setdefault((entry["detail"], lacking), [])
        found.append({"paper": entry["paper"], "link": link(entry["paper"]), "count": entry.get("count", 1)})
    return [
        {
            "reason": reason.replace("_", " "),
            "why": REASONS.get(reason, ""),
            "count": sum(paper["count"] for found in details.values() for paper in found),
            "details": [
                {"detail": detail, "lacking": lacking, "count": len(found), "papers": found[:SHOWN]}
                for (detail, lacking), found in sorted(details.items(), key=lambda item: -len(item[1]))
            ],
        }
        for reason, details in sorted(reasons.items(), key=lambda item: -sum(map(len, item[1].values())))
    ]


def waits(hosts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The time waited for each host, with the parts of its bar in percent of the longest."""
    longest = max([1.0, *(host["seconds"] for host in hosts)])
    found = []
    for host in hosts:
        start, parts = 0.0, []
        for reason, words in WAITS.items():
            length = 100 * host[reason] / longest
            parts.append({"reason": reason, "words": words, "seconds": host[reason], "start": start, "length": length})
            start += length
        found.append({**host, "parts": [part for part in parts if part["length"]]})
    return found


def link(paper: str) -> str:
    """Where a paper can be looked up; empty for what is no DOI."""
    match = PREPRINT.fullmatch(paper.partition(" ")[0])
    return f"https://doi.org/{match[1]}" if match else ""


def texts(counts: dict[str, dict[str, int]]) -> dict[str, int]:
    """How many papers have which text."""
    found = {TEXTS.get(name, f"Full text from {name}"): n for name, n in counts.get("text", {}).items()}
    for coverage, words in COVERAGES.items():
        if n := counts.get("coverage", {}).get(coverage):
            found[words] = n
    return found


def most(counts: dict[str, int]) -> dict[str, int]:
    """The most frequent categories, and the rest as one."""
    ranked = Counter({name or "not given": n for name, n in counts.items()}).most_common()
    rest = ranked[CATEGORIES:]
    found = dict(ranked[:CATEGORIES])
    return found | ({f"{len(rest)} others": sum(n for _, n in rest)} if rest else {})


def bars(counts: dict[str, int]) -> list[dict[str, Any]]:
    """Bars with label, figure, share of all in per cent, and length in per cent of the longest."""
    total, longest = sum(counts.values()), max(counts.values(), default=0)
    return [
        {"label": label, "count": n, "share": 100 * n / total, "length": 100 * n / longest}
        for label, n in counts.items()
        if n
    ]


def columns(posted: dict[str, int]) -> list[dict[str, Any]]:
    """Columns over time, from the first day to the last without a gap: of days, months or years, whichever are few enough to be seen."""
    days = {day: n for text, n in posted.items() if (day := _day(text))}
    if not days:
        return []
    first, last = min(days), max(days)
    if last - first <= timedelta(45):
        labels = [(first + timedelta(n)).isoformat() for n in range((last - first).days + 1)]
    elif last - first <= timedelta(365 * 5):
        months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
        labels = [f"{month // 12:04}-{month % 12 + 1:02}" for month in months]
    else:
        labels = [f"{year:04}" for year in range(first.year, last.year + 1)]
    heights = dict.fromkeys(labels, 0)
    for day, n in days.items():
        heights[day.isoformat()[: len(labels[0])]] += n
    highest = max(heights.values())
    return [{"label": label, "count": n, "height": 100 * n / highest} for label, n in heights.items()]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def answered(attempts: dict[str, dict[str, int]]) -> dict[str, dict[str, int]]:
    """What the sources answered, in the order in which they are asked."""
    order = list(SOURCES)
    ranked = sorted(attempts, key=lambda name: order.index(name) if name in order else len(order))
    return {SOURCES.get(name, name): attempts[name] for name in ranked}


def _ok_first(outcome: str) -> tuple[bool, str]:
    return outcome != "ok", outcome


def plural(word: str, n: int) -> str:
    """A word for one or for many."""
    return word if n == 1 else f"{word}s"


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("biorxivist"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )  # fmt: skip
    environment.filters |= {"number": lambda n: f"{n:,}", "duration": duration, "size": size}
    environment.globals["plural"] = plural
    return environment.get_template("report.html")
