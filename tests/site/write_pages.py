"""`python -m tests.site.write_pages`: write `tests/pages` anew from the definitions of the papers."""

import json
import shutil
from pathlib import Path
from typing import Any

from tests.site import jats, page
from tests.site.answers import Asked
from tests.site.api import Api
from tests.site.catalogue import Catalogue
from tests.site.definitions import Document
from tests.site.europepmc import BASE, EuropePmc
from tests.site.expected import DOCUMENTS, expected
from tests.site.invented import holdings
from tests.site.loading import papers

PAGES = Path(__file__).parents[1] / "pages"
# papers that between them have everything: versions, collectives, a withdrawal, no text, every block, formulas, other scripts
CHOSEN = {
    "p01_monocytes": 2,
    "p02_fibroblasts": 1,
    "p03_admissions": 3,
    "p04_withdrawn": 2,
    "p05_pdf_only": 1,
    "p09_kidney": 2,
    "p11_wastewater": 2,
    "p13_sleep": 2,
    "p15_motors": 2,
}
RENDERERS = {
    "jats-site": (jats.site, "xml"),
    "jats-meca": (jats.meca, "xml"),
    "europepmc": (jats.europepmc, "xml"),
    "page": (page.full_text, "html"),
    "landing": (page.landing, "html"),
}


def documents(document: Document) -> list[str]:
    """Names of the documents that exist of a version."""
    without_text = ("jats-site", "landing")
    return [name for name in DOCUMENTS if document.has_text or name in without_text]


def files() -> dict[str, bytes]:
    """All files of `tests/pages` by path."""
    catalogue = Catalogue(holdings())
    api, europepmc = Api(catalogue), EuropePmc(catalogue)
    found = {}
    for paper in papers().values():
        if paper.slug not in CHOSEN:
            continue
        document = paper.document(CHOSEN[paper.slug])
        for name in documents(document):
            render, suffix = RENDERERS[name]
            found[f"{paper.slug}/{name}.{suffix}"] = render(document)
        found[f"{paper.slug}/record.json"] = api.answer(Asked(f"/details/{paper.server}/{paper.doi}/na/json", {})).body
        query = {"query": f'DOI:"{paper.doi}"', "format": "json", "resultType": "core"}
        found[f"{paper.slug}/results.json"] = europepmc.answer(Asked(f"{BASE}/search", query)).body
        found[f"{paper.slug}/expected.json"] = _json(expectations(document))
    return found


def expectations(document: Document) -> dict[str, Any]:
    """Expected fields by document: all of the first, and of the others what differs from it."""
    first, *others = documents(document)
    common = expected(document, first)
    found = {first: common}
    for name in others:
        found[name] = {k: v for k, v in expected(document, name).items() if k not in common or common[k] != v}
        found[name] |= {"not compared": sorted(set(common) - set(expected(document, name)))}
    return found


def _json(data: Any) -> bytes:
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


def main() -> None:
    """Write all files; what was there before is removed."""
    shutil.rmtree(PAGES, ignore_errors=True)
    for path, body in files().items():
        (PAGES / path).parent.mkdir(parents=True, exist_ok=True)
        (PAGES / path).write_bytes(body)


if __name__ == "__main__":
    main()
