"""What counts as a challenge, and how long a `Retry-After` is. (The middlewares at work: test_politeness.py.)"""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from scrapy.http import HtmlResponse, TextResponse

from biorxivist.middlewares import is_challenge, is_robots_txt, retry_after


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("30", 30), (" 120 ", 120), ("0", 0), ("", None), ("soon", None), ("-5", None), ("9" * 40, None)],
)
def test_retry_after_in_seconds(value, seconds):
    assert retry_after(value) == seconds


def test_retry_after_as_a_date():
    soon = datetime.now(UTC) + timedelta(seconds=90)
    assert retry_after(format_datetime(soon, usegmt=True)) == pytest.approx(90, abs=2)
    assert retry_after("Wed, 21 Oct 2015 07:28:00 GMT") == 0


def page(body: bytes) -> HtmlResponse:
    return HtmlResponse("https://www.biorxiv.org/content/x", body=body)


def test_real_challenges_are_recognised(corpus):
    for name in (
        "cloudflare_challenge_www.biorxiv.org_2024-09__pantheon.html",
        "js_challenge_2020-05-27__cloudscraper.html",
    ):
        assert is_challenge(page((corpus / "html" / "errors" / name).read_bytes())), name


@pytest.mark.parametrize("kind", ["html/fulltext", "html/landing", "html/search", "jats/site", "jats/meca"])
def test_no_real_document_is_taken_for_a_challenge(corpus, kind):
    files = sorted((corpus / kind).iterdir())
    assert files
    assert not [f.name for f in files if is_challenge(page(f.read_bytes()))]


def test_the_bare_word_is_no_challenge():
    assert not is_challenge(page(b"<script src='/cdn-cgi/scripts/cloudflare-static/email-decode.min.js'></script>"))
    assert not is_challenge(TextResponse("https://www.biorxiv.org/", body=b"error code: 1015"))


@pytest.mark.parametrize(
    ("body", "holds"),
    [
        (b"", True),
        (b"#\n# only a remark\n\n", True),
        (b"\xef\xbb\xbf# marked\r\nUser-Agent : *\r\nDisallow:\r\n", True),
        (b"Sitemap: https://www.biorxiv.org/sitemap.xml\nuser-agent: *\n", True),
        (b"[]", False),
        (b"<!DOCTYPE html><html><body>User-agent: *</body></html>", False),
        (bytes(range(256)), False),
    ],
)
def test_what_is_a_robots_txt(body, holds):
    assert is_robots_txt(body) is holds


def test_the_servers_own_robots_txt_are_known_as_such(corpus):
    for path in sorted((corpus / "robots").iterdir()):
        assert is_robots_txt(path.read_bytes()), path.name
