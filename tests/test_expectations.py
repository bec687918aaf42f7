"""Recorded documents read by a person: what stands in their mark-up, looked up there and not in what our readers made of it."""

import functools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from biorxivist.items import Paper, Section
from biorxivist.readers.jats import read_jats
from biorxivist.readers.page import read_landing, read_page
from biorxivist.text import clean_paper

# header: doi, version, server, posted, received, category, article type, licence
# counts: figures, tables, formulas, references, supplements
# cited: text of an in-text citation and the references that it names
# sections: those with a heading, acknowledgements and appendices among them
# shows, lacks: what the text has, and what a lost or doubled mark would look like
# reference: place in the list, then fields
DOCUMENTS: dict[str, dict[str, Any]] = {
    "jats/site/053199v3.xml": {
        "header": ("10.1101/053199", 3, "biorxiv", "2016-07-29", "2016-05-12", "physiology", "new results", "CC-BY-NC-ND-4.0"),
        "first_posted": "2016-05-13",
        "surnames": "Sugimoto Oka Sato Adachi Baker Katsu",
        "corresponding": "Baker Katsu",
        "countries": "Japan Japan USA Japan",
        "affiliations of": {"Katsu": ["Graduate School of Life Science", "Department of Biological Sciences"], "Baker": ["Department of Medicine"]},
        "counts": (7, 1, 0, 67, 0),
        "sections": 17,
        "kinds": ["introduction", "methods", "results", "discussion"],
        "cited": [("1-5", "c1 c2 c3 c4 c5"), ("5-7", "c5 c6 c7")],
        "shows": ["10⁻⁸ M", "(10⁻¹³ to 10⁻⁶M)", "5α-dihydro", "11β-HSD2", "[1-5]"],
        "lacks": ["10-8 M", "10−8", "^{−8}"],
        "references": {66: {"year": "2014", "volume": "143", "pages": "334-342", "source": "J Steroid Biochem Mol Biol", "authors": ["Faresse N"]}},
        "mentions": ["genbank LC149818", "genbank LC149819", "refseq NM_001100403", "refseq NM_000901"],
    },
    "jats/site/245852v1.xml": {
        "header": ("10.1101/245852", 1, "biorxiv", "2018-01-17", "2018-01-17", "biochemistry", "new results", "CC-BY-NC-ND-4.0"),
        "surnames": "Brust Shang Fuhrmann Bass Cano Heidari Chrisman Blayo Griffin Kamenecka Hughes Kojetin",
        "orcids": {"Hughes": "0000-0002-5764-5884", "Kojetin": "0000-0001-8058-6168"},
        "corresponding": "Kojetin",
        "affiliations of": {"Cano": ["Department of Integrative Structural", "TSRI High School"], "Heidari": ["Center for Biomolecular", "Department of Biomedical"]},
        "counts": (9, 1, 0, 56, 0),
        "sections": 19,
        "statements": [],
        "cited": [("²⁻⁵", "c2 c3 c4 c5"), ("⁹⁻¹¹", "c9 c10 c11")],
        "shows": ["[¹H,¹⁵N]-TROSY-HSQC", "PPARγ", "2.26 Å"],
        "lacks": ["[1H,15N]", "PPARg "],
        "references": {0: {"year": "2014", "volume": "20", "pages": "573-91", "source": "Cell Metab", "authors": ["Soccio RE", "Chen ER", "Lazar MA"]}},
        "mentions": ["pdb 3B0R", "pdb 4R2U", "pdb 6C1I", "pdb 2PRG", "pdb 1PRG"],
    },
    "jats/site/171827v3.xml": {
        "header": ("10.1101/171827", 3, "biorxiv", "2017-12-24", "2017-08-04", "genetics", "new results", "CC-BY-NC-ND-4.0"),
        "first_posted": "2017-08-06",
        "surnames": "Jain,Rhyan Puno,Meydan,Lailler,Mason,Lima,Anderson,Keeney",
        "orcids": {"Jain": "0000-0002-5027-0549", "Anderson": "0000-0003-1657-2161", "Keeney": "0000-0002-1283-6417"},
        "corresponding": "Keeney",
        "keywords": ["Meiosis", "spermatogonia", "MEIOC", "Bgcn", "Bam", "RNA binding proteins", "gametogenesis", "N⁶-methyladenosine", "m⁶A"],
        "counts": (11, 0, 0, 126, 0),
        "sections": 33,
        "heading": "YTHDC2 is a 3′↑5′ RNA helicase",
        "shows": ["Ythdc2ᵏᵉᵗᵘ causes", "N⁶-methyladenosine", "m⁶A"],
        "lacks": ["Ythdc2ketu", "N 6-methyl", "m 6A"],
        "references": {125: {"year": "2015", "volume": "7", "pages": "a016626", "authors": ["Zickler D", "Kleckner N"]}},
        "mentions": ["pdb 2YU6", "pdb 4R3I", "pdb 5H8A", "pdb 5DNO", "geo GSE108044", "genbank AAH65278.1"],
    },
    "jats/site/337543v4.xml": {
        "header": ("10.1101/337543", 4, "biorxiv", "2021-02-15", "2018-06-02", "evolutionary biology", "new results", "CC-BY-NC-ND-4.0"),
        "first_posted": "2018-06-03",
        "orcids": {"Machado": "0000-0002-1523-3937", "González": "0000-0001-9824-027X", "Petrov": "0000-0002-3664-9130"},
        "how many orcids": 20,
        "corresponding": "Machado Bergland Schmidt Petrov",
        "affiliations": 17,
        "counts": (11, 0, 4, 98, 1),
        "sections": 19,
        "statements": ["competing-interests"],
        "shows": ["3*10⁻¹⁵, R²= 0.84", "4*10⁻³", "log₂ odds ratio"],
        "lacks": ["10-15", "log2 odds"],
        "references": {97: {"year": "2012", "source": "PloS One", "authors": ["Zhu Y", "Bergland AO", "González J", "Petrov DA"]}},
        "mentions": ["bioproject PRJNA308584", "github machadoheather/dmel_seasonal_rtec", "dryad 10.5061/dryad.4r7b826"],
    },
    "jats/meca/2022.01.26.477944v2.xml": {
        "header": ("10.1101/2022.01.26.477944", 2, "biorxiv", "", "2022-01-26", "biophysics", "new results", "CC-BY-NC-ND-4.0"),
        "surnames": "Weng Zheng Zhou Lu Wu Xu Li Liang Liu",
        "orcids": {"Weng": "0000-0002-7079-0293", "Xu": "0000-0001-5711-2618", "Liang": "0000-0002-1803-3121", "Liu": "0000-0002-1835-0397"},
        "corresponding": "Li Liang Liu",
        "affiliations of": {"Liu": ["School of Medicine, Shenzhen", "Department of Colorectal Surgery"]},
        "counts": (6, 2, 0, 54, 0),
        "sections": 25,
        "statements": ["competing-interests", "other"],
        "shows": ["R220_{gMCM9} and Q248_{gMCM9}", "D228_{gMCM8}", "MCM8/9’s"],
        "lacks": ["R220gMCM9", "R220 gMCM9"],
        "references": {0: {"label": "1.", "year": "2020", "volume": "11", "title": "History of DNA Helicases"}},
        "mentions": ["emdb EMD-32346", "emdb EMD-33989", "pdb 7W7P", "pdb 7YOX", "pdb 7DP3", "pdb 7DPD", "pdb 1LTL"],
    },
    "jats/meca/2020.11.30.20241000v1.xml": {
        "header": ("10.1101/2020.11.30.20241000", 1, "medrxiv", "", "2020-11-30", "genetic and genomic medicine", "", "CC-BY-NC-ND-4.0"),
        "orcids": {"Rahman": "0000-0003-4068-6775"},
        "corresponding": "Williams",
        "collective": "HUNT All-In Pain",
        "keywords": ["Chronic widespread pain", "fibromyalgia", "genome-wide association study", "twin", "RNF123"],
        "affiliations of": {"Børte": ["K. G. Jebsen Center", "Research and Communication Unit", "Institute of Clinical Medicine"]},
        "counts": (6, 1, 0, 72, 1),
        "sections": 23,
        "statements": ["competing-interests", "funding", "ethics"],
        "cited": [("48-50", "c48 c49 c50"), ("58-60", "c58 c59 c60")],
        "shows": ["Strength of LD (r²)", "α2δ calcium channel"],
        "lacks": ["(r2)"],
        "references": {71: {"label": "72.", "year": "2017", "source": "Pain Rep", "authors": ["Häuser W", "Perrot S", "Sommer C", "Shir Y", "Fitzcharles MA"]}},
        "mentions": ["zenodo 10.5281/zenodo.4298764"],
    },
    "jats/meca/2023.02.13.528273v1.xml": {
        "header": ("10.1101/2023.02.13.528273", 1, "biorxiv", "", "2023-02-13", "bioengineering", "new results", "CC-BY-NC-ND-4.0"),
        "surnames": "Stauber,Moschini,Hussien,Jaeger,De Bock,Snedeker",
        "how many orcids": 5,
        "corresponding": "Snedeker",
        "affiliations": 2,
        "keywords": ["tendon", "interleukin-6", "progenitors", "assembloid"],
        "counts": (14, 6, 0, 80, 0),
        "sections": 23,
        "statements": ["competing-interests"],
        "shows": ["Scx⁺", "CD146⁺", "B6.129S2-Il6ᵗᵐ¹ᴷᵒᵖᶠ/J"],
        "lacks": ["Scx^{+}", "snedeker@"],
        "references": {0: {"label": "[1]", "year": "1997", "volume": "7", "pages": "62", "authors": ["Kirkendall DT", "Garrett WE"]}, 79: {"source": "Nucleic Acids Res", "pages": "207"}},
        "mentions": ["geo GSE26051", "geo GSE214015", "geo GSM639775", "bioproject PRJNA399554"],
    },
    "jats/meca/2021.10.21.21265133v1.xml": {
        "header": ("10.1101/2021.10.21.21265133", 1, "medrxiv", "", "2021-10-21", "epidemiology", "", "CC-BY-NC-ND-4.0"),
        "how many authors": 32,
        "how many orcids": 7,
        "orcids": {"Treskova-Schwarzbach": "0000-0002-3641-7225", "Scholz": "0000-0002-8421-8829"},
        "corresponding": "Roessler",
        "affiliations": 10,
        "counts": (2, 7, 0, 28, 2),
        "sections": 29,
        "statements": ["competing-interests", "funding", "ethics"],
        "references": {0: {"doi": "10.1016/j.socscimed.2020.113426", "year": "2021", "volume": "268", "pages": "113426", "authors": ["Callard F", "Perego E"]}},
        "mentions": ["nct NCT05074953"],
    },
    "html/fulltext/075960v1.html": {
        "header": ("10.1101/075960", 1, "biorxiv", "2016-09-19", "", "genetics", "new results", "CC-BY-NC-4.0"),
        "how many authors": 6,
        "first author": ("Kathryn S.", "Evans"),
        "counts": (5, 1, 0, 23, None),
        "kinds": ["introduction", "results", "discussion", "methods"],
        "shows": ["(LD r² = 0.999, Figure S1)", "weather traits ᵃ"],
        "lacks": ["r2 = 0.999", "Download figure"],
        "references": {0: {"doi": "10.1038/ng.1050", "pmid": "22286215"}, 1: {"doi": "10.1007/s00360-016-0980-6", "pmid": ""}},
        "mentions": ["bioproject PRJNA318647", "github andersenlab/cegwas"],
    },
    "html/fulltext/2020.02.12.939041v1.html": {
        "header": ("10.1101/2020.02.12.939041", 1, "biorxiv", "2020-02-13", "", "evolutionary biology", "new results", "CC-BY-NC-ND-4.0"),
        "how many authors": 19,
        "how many orcids": 18,
        "first author": ("Noah H.", "Rose"),
        "counts": (13, 2, 0, 49, None),
        "kinds": ["discussion", "methods", "data-availability", "funding", "author-contributions", "competing-interests", "acknowledgements"],
        "shows": ["P<2.2×10⁻¹⁶", "P=1.5×10⁻⁵", "P=1.2×10⁻⁸"],
        "lacks": ["10−16", "↵"],
        "mentions": ["bioproject PRJNA602495", "github noahrose"],
    },
    "html/fulltext-reindented/2020.11.01.361691v4.html": {
        "header": ("10.1101/2020.11.01.361691", 4, "biorxiv", "2022-12-18", "", "bioinformatics", "new results", "CC-BY-NC-ND-4.0"),
        "surnames": "Yu Fogarty Eren",
        "orcids": {"Yu": "0000-0002-9560-2017", "Fogarty": "0000-0002-8957-9922", "Eren": "0000-0001-9013-4827"},
        "counts": (21, 1, 11, 163, None),
        "kinds": ["results", "discussion", "methods", "data-availability", "funding", "acknowledgements"],
        "shows": ["UMAP dimensionality reduction method ⁷³.", "Redondo-Salvo et al. ⁸¹."],
        "lacks": ["method 73", "↵", " ."],
        "references": {0: {"doi": "10.1038/nrmicro1235", "pmid": "16138100", "year": "2005", "volume": "3", "pages": "722-732", "authors": ["Frost LS", "Leplae R", "Summers AO", "Toussaint A"]}, 1: {"year": "2021", "source": "PLoS Genet", "doi": ""}},
        "mentions": ["github michaelkyu/plasx", "zenodo 10.5281/zenodo.5732024", "figshare 10.6084/m9.figshare.6380015"],
    },
    "html/landing/2026.07.01.735904v1.html": {
        "header": ("10.64898/2026.07.01.735904", 1, "biorxiv", "2026-07-02", "", "neuroscience", "new results", "CC-BY-NC-ND-4.0"),
        "how many authors": 6,
        "how many orcids": 6,
        "first author": ("Bryan M", "Krause"),
        "awards": ["R01-DC004290", "R01-GM109086", ""],
        "copyright": "© 2026, Posted by openRxiv",
    },
    "html/landing/19007005v2.html": {
        "header": ("10.1101/19007005", 2, "medrxiv", "2020-01-02", "", "epidemiology", "", "CC-BY-4.0"),
        "how many authors": 5,
        "how many orcids": 2,
        "first author": ("Jasmine N", "Khouja"),
        "abstract parts": ["Objective", "Data sources", "Study selection", "Data Extraction", "Data synthesis", "Conclusions"],
        "statements": ["competing-interests", "funding", "ethics", "data-availability"],
    },
    "html/landing/2021.10.21.21265133v1.html": {
        "header": ("10.1101/2021.10.21.21265133", 1, "medrxiv", "2021-10-22", "", "epidemiology", "", "CC-BY-NC-ND-4.0"),
        "how many authors": 32,
        "how many orcids": 7,
        "abstract parts": ["Background", "Methods", "Results", "Conclusions"],
        "statements": ["competing-interests", "funding", "ethics", "data-availability"],
    },
}  # fmt: skip


@functools.cache
def read(path: Path) -> Paper:
    body = path.read_bytes()
    reader = read_jats if path.suffix == ".xml" else read_landing if path.parent.name == "landing" else read_page
    return clean_paper(reader(body))


def flat(sections: list[Section]) -> Iterator[Section]:
    for section in sections:
        yield section
        yield from flat(section.sections)


def of(wanted: str) -> list[str]:
    return wanted.split("," if "," in wanted else None)


def check(paper: Paper, fact: str, wanted: Any) -> None:
    """Hold a paper to one fact."""
    blocks = [block for section in flat(paper.sections) for block in section.blocks]
    texts = {a.id: a for a in paper.affiliations}
    if fact == "header":
        assert (
            paper.doi,
            paper.version,
            paper.server,
            paper.posted,
            paper.received,
            paper.category,
            paper.article_type,
            paper.license,
        ) == wanted
    elif fact in ("first_posted", "keywords", "copyright"):
        assert getattr(paper, fact) == wanted
    elif fact == "surnames":
        assert [a.surname for a in paper.authors] == of(wanted)
    elif fact == "first author":
        assert (paper.authors[0].given, paper.authors[0].surname) == wanted
    elif fact == "how many authors":
        assert len(paper.authors) == wanted
    elif fact == "how many orcids":
        assert sum(bool(a.orcid) for a in paper.authors) == wanted
    elif fact == "orcids":
        assert wanted.items() <= {a.surname: a.orcid for a in paper.authors}.items()
    elif fact == "corresponding":
        assert [a.surname for a in paper.authors if a.corresponding] == of(wanted)
    elif fact == "collective":
        assert [a.group for a in paper.authors if a.group and not a.surname] == [wanted]
    elif fact == "countries":
        assert [a.country for a in paper.affiliations] == of(wanted)
    elif fact == "affiliations":
        assert len(paper.affiliations) == wanted
    elif fact == "affiliations of":
        for surname, beginnings in wanted.items():
            (author,) = [a for a in paper.authors if a.surname == surname]
            assert len(author.affiliations) == len(beginnings)
            assert all(texts[id].text.startswith(b) for id, b in zip(author.affiliations, beginnings, strict=True))
    elif fact == "counts":
        lists = (paper.figures, paper.tables, paper.formulas, paper.references, paper.supplements)
        assert [len(found) for found, n in zip(lists, wanted, strict=True) if n is not None] == [
            n for n in wanted if n is not None
        ]
    elif fact == "sections":
        assert sum(bool(s.title) for s in flat(paper.sections)) == wanted
    elif fact == "heading":
        assert wanted in [s.title for s in flat(paper.sections)]
    elif fact == "kinds":
        kinds = [s.kind for s in paper.sections if s.kind in wanted]
        assert list(dict.fromkeys(kinds)) == wanted
    elif fact == "statements":
        assert [s.kind for s in paper.statements] == wanted
    elif fact == "cited":
        found = [(b.text[c.start : c.end], " ".join(c.references)) for b in blocks for c in b.citations]
        assert [pair for pair in wanted if pair not in found] == []
    elif fact == "references":
        for place, fields in wanted.items():
            assert {name: getattr(paper.references[place], name) for name in fields} == fields
    elif fact == "awards":
        assert [a.award for a in paper.awards] == wanted
    elif fact == "abstract parts":
        assert [part for part in paper.abstract.split("\n\n") if part in wanted] == wanted
    elif fact == "mentions":
        assert [m for m in wanted if m not in {f"{m.kind} {m.id}" for m in paper.mentions}] == []
    elif fact == "shows":
        assert [piece for piece in wanted if piece not in paper.text] == []
    elif fact == "lacks":
        assert [piece for piece in wanted if piece in paper.text] == []
    else:
        raise AssertionError(f"no check of {fact}")


@pytest.mark.parametrize(("name", "fact"), [(name, fact) for name, facts in DOCUMENTS.items() for fact in facts])
def test_fact(corpus: Path, name: str, fact: str):
    check(read(corpus / name), fact, DOCUMENTS[name][fact])
