"""Documents that reach for something else, or are larger than any: nothing is fetched, opened or borne."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from biorxivist.readers.jats import read_jats
from biorxivist.readers.page import has_full_text, read_landing, read_page
from biorxivist.readers.search_page import read_search_page
from biorxivist.readers.strict import LARGEST_ANSWER, MOST_TAGS, MalformedDocument, json_object
from biorxivist.text import clean_paper
from tests.invented_pages import ABSTRACT, page


@pytest.fixture
def asked() -> Iterator[tuple[str, list[str]]]:
    """Address of a server, and what was asked of it."""
    paths: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<!ENTITY secret 'fetched'>")

        def log_message(self, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", paths
    server.shutdown()
    server.server_close()


ARTICLE = "<article xmlns:xi='http://www.w3.org/2001/XInclude'><front><article-meta/></front><body><p>[%s]</p></body></article>"
REACHING = {
    "entity of a file": "<!DOCTYPE article [<!ENTITY secret SYSTEM '{file}'>]>" + ARTICLE % "&secret;",
    "entity of an address": "<!DOCTYPE article [<!ENTITY secret SYSTEM '{url}/e'>]>" + ARTICLE % "&secret;",
    "DTD of an address": "<!DOCTYPE article SYSTEM '{url}/jats.dtd'>" + ARTICLE % "&secret;",
    "public DTD": "<!DOCTYPE article PUBLIC '-//NLM//DTD JATS' '{url}/jats.dtd'>" + ARTICLE % "&secret;",
    "parameter entity": "<!DOCTYPE article [<!ENTITY % more SYSTEM '{url}/p'> %more;]>" + ARTICLE % "&secret;",
    "behind a comment": "<!-- > --><!DOCTYPE article [<!ENTITY secret SYSTEM '{file}'><!-- ]> -->]>" + ARTICLE % "&secret;",
    "inclusion": ARTICLE % "<xi:include href='{file}' parse='text'/>",
    "schema": ARTICLE.replace("<article ", "<article xmlns:x='http://www.w3.org/2001/XMLSchema-instance' x:schemaLocation='a {url}/a.xsd' ") % "",
}  # fmt: skip


@pytest.mark.parametrize("case", REACHING)
def test_jats_that_reaches_out_gets_nothing(case, asked, tmp_path):
    url, paths = asked
    (tmp_path / "secret").write_text("opened")
    document = REACHING[case].replace("{file}", (tmp_path / "secret").as_uri()).replace("{url}", url)
    try:
        paper = clean_paper(read_jats(document.encode()))
    except MalformedDocument:
        paper = None
    assert paths == []
    assert paper is None or not {"opened", "fetched"} & set(paper.text.strip("[]").split())


def test_a_page_that_reaches_out_gets_nothing(asked):
    url, paths = asked
    head = f'<base href="{url}/"><link rel="stylesheet" href="{url}/a.css"><script src="{url}/a.js"></script>'
    body = page(ABSTRACT + f'<iframe src="{url}/f"></iframe><img src="{url}/i.png">', head=head)
    for document in (body, body.replace(b"<!DOCTYPE html>", f'<!DOCTYPE html SYSTEM "{url}/x.dtd">'.encode())):
        for reader in (read_page, read_landing, has_full_text):
            reader(document)
    assert paths == []


@pytest.mark.parametrize("reader", [read_jats, read_page, read_landing, has_full_text, read_search_page, json_object])
def test_a_document_larger_than_any_is_refused(reader):
    with pytest.raises(MalformedDocument, match="more than the"):
        reader(b" " * (LARGEST_ANSWER + 1))


@pytest.mark.parametrize("reader", [read_jats, read_page, read_landing, has_full_text, read_search_page])
def test_a_document_with_more_tags_than_any_is_refused(reader):
    with pytest.raises(MalformedDocument, match="150,001 tags, more than the 150,000"):
        reader(b"<p>" * (MOST_TAGS + 1))
