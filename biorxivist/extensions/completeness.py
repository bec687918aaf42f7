"""Account for every paper of a run."""

import logging
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Self

from scrapy import signals as scrapy_signals
from scrapy.crawler import Crawler

from biorxivist import signals
from biorxivist.extensions.cost import cost, delay
from biorxivist.items import AnnotatedPaper, Paper
from biorxivist.quantities import duration

logger = logging.getLogger(__name__)

LARGE = 20
COUNTED = ("server", "license", "category", "posted", "coverage")
COVERAGES = {
    "full_text": "full text from {}",
    "abstract": "abstract only, from {}",
    "metadata": "metadata only, from {}",
}
# why Scrapy closed a spider
ENDS = {"shutdown": "it was stopped"}
WAITS = {
    "Waited because a host asked for it": "biorxivist/retry_after/seconds",
    "Waited while other crawls had their turn": "biorxivist/pace/seconds",
}


class Completeness:
    """Know which papers a run should deliver; say how far it is, and at its end what came and what is missing and why."""

    def __init__(self, crawler: Crawler):
        self.crawler = crawler
        self.found = self.announced = 0
        self.open: dict[str, None] = {}
        self.missing: dict[str, tuple[str, str]] = {}
        self.unnamed: dict[str, int] = {}
        """The entry of `missing` for papers whose names never came, with their number."""
        self.delivered: set[str] = set()
        self.dois: set[str] = set()
        self.kinds: Counter[tuple[str, str]] = Counter()
        self.counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.withdrawn: list[str] = []
        self.annotations: Counter[str] = Counter()
        self.unchanged = 0
        self.preview = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(crawler)
        for handler, signal in (
            (extension.papers_found, signals.papers_found),
            (extension.paper_wanted, signals.paper_wanted),
            (extension.paper_unchanged, signals.paper_unchanged),
            (extension.paper_missing, signals.paper_missing),
            (extension.item_scraped, scrapy_signals.item_scraped),
            (extension.item_dropped, scrapy_signals.item_dropped),
            (extension.item_error, scrapy_signals.item_error),
            (extension.spider_closed, scrapy_signals.spider_closed),
        ):
            crawler.signals.connect(handler, signal=signal)
        return extension

    def papers_found(self, total: int, wanted: int, fulltext: bool, site: int, api: int, preview: bool) -> None:
        self.preview = preview
        if preview:
            return
        self.found, self.announced = total, wanted
        settings = self.crawler.settings
        seconds = cost(settings, wanted, fulltext, site, api).seconds if site and wanted >= LARGE else 0
        pace = f"one request in {delay(settings, 'BIORXIV_URL', 'MEDRXIV_URL'):g} s"
        price = f", about {duration(seconds)} at {pace}" if seconds else ""
        logger.info("%s papers found, %s wanted%s", f"{total:,}", f"{wanted:,}", price)

    def paper_wanted(self, doi: str) -> None:
        self.open[doi] = None

    def paper_unchanged(self, doi: str) -> None:
        self.open.pop(doi, None)
        self.unchanged += 1

    def paper_missing(self, doi: str, reason: str, detail: str) -> None:
        self.missing[doi] = (reason, detail)

    def item_scraped(self, item: Paper | AnnotatedPaper) -> None:
        self.settle(item)
        self.delivered.add(str(item))
        self.dois.add(item.doi)
        told = self.annotated(item) if isinstance(item, AnnotatedPaper) else self.paper(item)
        logger.info("%d of %d: %s, %s", len(self.delivered), self.wanted, item, told)

    def annotated(self, item: AnnotatedPaper) -> str:
        """Count a paper's annotations, and say what they are."""
        placed = sum(1 for annotation in item.annotations if annotation.place)
        self.annotations += Counter(found=len(item.annotations), placed=placed, unknown=not item.id)
        if not item.id:
            return "not at Europe PMC (yet)"
        return f"{len(item.annotations):,} annotations, {placed:,} placed in its text"

    def paper(self, item: Paper) -> str:
        """Count a paper, and say what came of it."""
        self.kinds[item.coverage, item.source] += 1
        for name in COUNTED:
            self.counts[name][getattr(item, name)] += 1
        if item.coverage == "full_text":
            self.counts["text"][item.source] += 1
        what = f"full text from {item.source}" if item.coverage == "full_text" else item.coverage
        if item.withdrawn:
            self.withdrawn.append(str(item))
            what += ", withdrawn"
        return what

    @property
    def wanted(self) -> int:
        """Number of papers that the run should deliver, as far as is known."""
        return max(self.announced, len(self.delivered) + self.unchanged + len(self.open))

    @property
    def settled(self) -> int:
        """Number of papers that nothing more is asked for."""
        return len(self.delivered) + self.unchanged + sum(doi in self.open for doi in self.missing)

    @property
    def unlisted(self) -> int:
        """Number of papers that a search has counted and not named yet."""
        lost = sum(paper not in self.open and not self.came(paper) for paper in self.missing)
        return self.announced - len(self.dois) - self.unchanged - len(self.open) - lost

    def item_dropped(self, item: Paper, exception: Exception) -> None:
        self.settle(item)
        if str(item) not in self.delivered:
            self.missing[str(item)] = ("dropped", str(exception))

    def item_error(self, item: Paper) -> None:
        self.settle(item)
        self.missing[str(item)] = ("error", "a pipeline failed: see the log")

    def settle(self, item: Paper | AnnotatedPaper) -> None:
        """A paper is wanted by its DOI alone, or by DOI and version."""
        self.open.pop(item.doi, None)
        self.open.pop(str(item), None)

    def came(self, label: str) -> bool:
        """Whether a paper is in the feed, if without its text."""
        return label in self.delivered or label in self.dois

    def number(self, missing: Iterable[str]) -> int:
        """How many papers entries of `missing` stand for."""
        return sum(self.unnamed.get(paper, 1) for paper in missing)

    def spider_closed(self, reason: str) -> None:
        unlisted = 0 if reason == "finished" else self.unlisted
        why = ENDS.get(reason, reason.replace("_", " "))
        for doi in self.open:
            self.missing.setdefault(doi, ("not asked", f"the run ended before: {why}"))
        if unlisted > 0:
            self.unnamed = {f"{unlisted:,} more": unlisted}
            self.missing |= dict.fromkeys(self.unnamed, ("not asked", f"the run ended before their names came: {why}"))
        stats = self.crawler.stats
        stats.set_value("biorxivist/papers/delivered", len(self.delivered))
        stats.set_value("biorxivist/papers/missing", self.number(self.missing))
        for paper, (why, _) in self.missing.items():
            stats.inc_value(f"biorxivist/papers/missing/{why.replace(' ', '_')}", self.number([paper]))
        if not self.preview:
            logger.info("%s", "\n".join(self.table()))

    def table(self) -> list[str]:
        """What came and what is missing, as lines."""
        stats = self.crawler.stats
        lines = ["", f"{'Papers delivered':<28}{len(self.delivered):>8,}"]
        for (coverage, source), count in sorted(self.kinds.items()):
            lines.append(f"  {COVERAGES[coverage].format(source):<26}{count:>8,}")
        for what, count in (
            ("not at Europe PMC (yet)", self.annotations["unknown"]),
            ("annotations", self.annotations["found"]),
            ("of them placed in a text", self.annotations["placed"]),
        ):
            if count:
                lines.append(f"  {what:<26}{count:>8,}")
        if self.withdrawn:
            lines.append(line("of them withdrawn", self.withdrawn, len(self.withdrawn)))
        if in_feed := stats.get_value("biorxivist/feed/unchanged", 0):
            lines.append(f"{'  of them in the feed before':<28}{in_feed:>8,}")
        if self.unchanged:
            lines.append(f"{'Still without full text':<28}{self.unchanged:>8,}")
        lines.append(f"{'Papers or texts missing':<28}{self.number(self.missing):>8,}")
        reasons: dict[str, list[str]] = {}
        for doi, (why, _) in self.missing.items():
            reasons.setdefault(why, []).append(doi)
        for why, dois in sorted(reasons.items()):
            lines.append(line(why.replace("_", " "), dois, self.number(dois)))
        for why, stat in WAITS.items():
            if seconds := stats.get_value(stat, 0):
                lines.append(f"{why}: {duration(seconds)}")
        return lines


def line(what: str, papers: list[str], number: int) -> str:
    """A line of the table that names the first of its papers."""
    return f"  {what:<26}{number:>8,}  {', '.join(papers[:5])}{', …' if len(papers) > 5 else ''}"
