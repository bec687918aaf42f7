"""Show what a run would fetch."""

import sys
from typing import Self

from scrapy.crawler import Crawler

from biorxivist import signals
from biorxivist.extensions.cost import cost, delay
from biorxivist.items import Paper
from biorxivist.quantities import duration, size
from biorxivist.text import clean_paper

SHOWN = 10


class Preview:
    """With `-a preview=yes`: how many papers there are, the first of them, and what they would cost, on standard output."""

    def __init__(self, crawler: Crawler):
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(crawler)
        crawler.signals.connect(extension.papers_found, signal=signals.papers_found)
        return extension

    def papers_found(
        self,
        total: int,
        wanted: int,
        fulltext: bool,
        site: int,
        api: int,
        first: list[Paper],
        exact: bool,
        preview: bool,
    ) -> None:
        if not preview:
            return
        settings = self.crawler.settings
        price = cost(settings, wanted, fulltext, site, api)
        pace = f", at one request in {delay(settings, 'BIORXIV_URL', 'MEDRXIV_URL'):g} s" if site else ""
        lines = [f"{'' if exact else 'At most '}{total:,} papers found, {wanted:,} wanted", ""]
        lines += [line(paper) for paper in first[: min(SHOWN, wanted)]]
        lines += ["  …"] * (wanted > len(first[:SHOWN]) > 0)
        lines += ["", f"To fetch them takes about {duration(price.seconds)}{pace},"]
        lines += [f"and about {size(price.feed)} for a JSON Lines feed and {size(price.archive)} for the archive."]
        sys.stdout.write("\n".join(lines) + "\n")


def line(paper: Paper) -> str:
    """A paper as a line: day, DOI, title."""
    paper = clean_paper(paper)
    return f"  {paper.posted or paper.first_posted:<10}  {paper!s:<28}  {paper.title[:90]}".rstrip()
