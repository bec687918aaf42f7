"""Europe PMC's annotations service: what its text mining would find in the invented papers."""

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from tests.site.answers import Answer, Asked, json_answer
from tests.site.catalogue import Catalogue, Holding

PATH = "/europepmc/annotations_api"
ARTICLES = 8
CONTEXT = 20
PROVIDER = "Europe PMC"
# words, type, name and address in a vocabulary
TERMS = [
    (r"TGF-β|Transforming growth factor β", "Gene_Proteins", "TGFB1", "http://purl.uniprot.org/uniprot/P01137"),
    (r"IRF4", "Gene_Proteins", "IRF4", "http://purl.uniprot.org/uniprot/Q15306"),
    (r"CD14", "Gene_Proteins", "CD14", "http://purl.uniprot.org/uniprot/P08571"),
    (r"fibrosis", "Diseases", "fibrosis", "http://linkedlifedata.com/resource/umls-concept/C0016059"),
    (r"Ca2\+|calcium", "Chemicals", "calcium(2+)", "http://purl.obolibrary.org/obo/CHEBI_29108"),
    (r"humans?", "Organisms", "Homo sapiens", "http://identifiers.org/taxonomy/9606"),
    (r"zebrafish", "Organisms", "Danio rerio", "http://identifiers.org/taxonomy/7955"),
    (r"cell differentiation|signalling", "Gene Ontology", "signaling", "http://purl.obolibrary.org/obo/GO_0023052"),
    (r"GSE\d+", "Accession Numbers", "", "http://identifiers.org/geo/"),
    # a type that names no thing
    (r"regulatory state", "Gene Function", "state", "http://example.org/state"),
]
PARTS = {"Title": "Title", "Abstract": "Abstract (http://purl.org/dc/terms/abstract)", "Body": "Introduction"}


class Annotations:
    """The routes of the service."""

    def __init__(self, catalogue: Catalogue):
        self.catalogue = catalogue

    def answer(self, asked: Asked) -> Answer:
        """The answer to a request."""
        if asked.path != f"{PATH}/annotationsByArticleIds":
            return Answer(b"<html><body>404</body></html>", 404)
        ids = [id for id in asked.query.get("articleIds", "").split(",") if id]
        if not ids or len(ids) > ARTICLES or not all(re.fullmatch(r"[A-Z]+:\w+", id) for id in ids):
            answer = json_answer({"status": 400, "error": "Bad Request", "message": "articleIds"}, "annotations")
            answer.status = 400
            return answer
        found = [self.catalogue.ppr(id.partition(":")[2]) for id in ids if id.startswith("PPR:")]
        return json_answer([row for h in found if h and (row := article(h))["annotations"]], "annotations")


def article(holding: Holding) -> dict[str, Any]:
    """The entry of an article."""
    rows = []
    for part, text in texts(holding):
        for words, type_, name, uri in TERMS:
            for match in re.finditer(rf"(?<!\w)(?:{words})(?!\w)", text):
                rows.append(_row(holding, len(rows), part, text, match, type_, name, uri))
    return {"source": "PPR", "extId": holding.ppr, "fullTextIdList": [], "annotations": rows}


def _row(
    holding: Holding, number: int, part: str, text: str, match: re.Match[str], type_: str, name: str, uri: str
) -> dict[str, Any]:
    start, end = match.span()
    row = {
        "prefix": text[max(0, start - CONTEXT) : start],
        "exact": match[0],
        "postfix": text[end : end + CONTEXT],
        "tags": [{"name": name or match[0], "uri": uri if name else f"{uri}{match[0]}"}],
        "id": f"http://europepmc.org/abstract/PPR/{holding.ppr}#europepmc-{number}",
        "type": type_,
        "section": PARTS[part],
        "provider": PROVIDER,
    }
    if match[0] == "IRF4":
        # a miner that could not decide
        row["tags"].append({"name": "IRF4 homolog", "uri": "http://purl.uniprot.org/uniprot/Q64287"})
    return row


def texts(holding: Holding) -> Iterator[tuple[str, str]]:
    """What is mined: title and abstract, and the paragraphs of a full text."""
    yield "Title", holding.title
    yield "Abstract", holding.abstract
    if holding.europepmc:
        for paragraph in etree.fromstring(holding.europepmc()).iterfind(".//body//p"):
            yield "Body", " ".join("".join(paragraph.itertext()).split())
