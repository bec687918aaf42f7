"""Whether the sources answer: one polite request to each, by a crawl with all that crawls go through."""

from collections.abc import Iterator

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import BaseSettings

from biorxivist.doctor import Finding
from biorxivist.items import Attempt

ADVICE = {
    "refused": "it does not want to be asked by programs now; crawls note that and ask the next source, try again later",
    "throttled": "it wants to be left alone for a while; crawls wait for it",
    "unavailable": "look at your network, or try again later",
    "disallowed": "crawls do not ask there while that is so",
    "malformed": "try again later; if it stays so, BioRxivist has to learn a new answer: tell its makers",
    "off_host": "it has moved; if it stays so, tell the makers of BioRxivist",
}


def sources(settings: BaseSettings) -> Iterator[tuple[str, Finding]]:
    """What each source answered. The reactor runs once a process, so this is asked once."""
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler("sources")
    process.crawl(crawler)
    process.start()
    attempts: dict[str, Attempt] = crawler.spider.attempts if crawler.spider else {}
    if not attempts:
        yield "sources", Finding("wrong", "could not be asked: scrapy doctor --online -s LOG_ENABLED=True says why")
    for name, attempt in attempts.items():
        yield name, finding(attempt)


def finding(attempt: Attempt) -> Finding:
    """What an answer means."""
    if attempt.outcome in ("ok", "not_found"):
        return Finding("ok", f"answers (HTTP status {attempt.status})")
    advice = ADVICE.get(attempt.outcome)
    return Finding("wrong", f"{attempt.outcome}: {attempt.detail}" + (f"; {advice}" if advice else ""))
