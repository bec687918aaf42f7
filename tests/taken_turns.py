"""Every turn that crawls took at a host: what they themselves count as the delay, whatever the machine made of it."""

import sqlite3
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

from biorxivist.pace.turns import NAME, TABLE
from tests.crawling import Site

# the row of a host is written anew with each turn, and when the host is held
KEEP = """
CREATE TABLE taken (host TEXT, turn REAL, held REAL);
CREATE TRIGGER keep AFTER INSERT ON hosts BEGIN INSERT INTO taken VALUES (NEW.host, NEW.last, NEW.held); END;
"""
# a turn is a sum of floats
LEAST = 1e-6


def keep_turns(data: Path) -> None:
    """Have a new data folder keep the turns that its crawls take."""
    data.mkdir(parents=True)
    with sqlite3.connect(data / NAME) as database:
        database.executescript(TABLE + ";" + KEEP)
    database.close()


def taken(data: Path, host: str) -> list[tuple[float, float]]:
    """The turns at a host in the order in which they were taken, each with the moment until which the host was held then."""
    with sqlite3.connect(data / NAME) as database:
        rows = database.execute("SELECT turn, held FROM taken WHERE host = ? ORDER BY rowid", (host,)).fetchall()
    database.close()
    # a host that is held keeps its last turn
    return [row for before, row in pairwise([(None, 0), *rows]) if row[0] != before[0]]


def assert_paced(data: Path, site: Site, kind: str, delay: float) -> None:
    """Each request at a site had a turn of its own and came no sooner, and two turns are a delay apart. robots.txt comes before its delay."""
    asked = [r["steady"] for r in site.asked if r["host"] == kind and r["path"] != "/robots.txt"]
    assert_turns(data, host_of(site, kind), asked, delay)


def assert_turns(data: Path, host: str, asked: list[float], delay: float) -> None:
    """Each moment of the steady clock at which a host was asked is behind a turn of its own, and two turns are a delay apart."""
    turns = [turn for turn, _ in taken(data, host)]
    assert len(turns) == len(asked) > 0
    assert all(later - earlier > delay - LEAST for earlier, later in pairwise(turns)), turns
    assert all(came > turn - LEAST for turn, came in zip(turns, sorted(asked), strict=True)), (turns, asked)


def host_of(site: Site, kind: str) -> str:
    """The name under which crawls know a site."""
    return urlsplit(site.options[f"{kind.upper()}_URL"]).netloc
