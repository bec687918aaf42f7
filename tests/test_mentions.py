"""What papers name by an id: invented sentences in the shapes of real ones, and what only looks like an id."""

import pytest

from biorxivist.items import Block, Figure, Mention, Paper, Section
from biorxivist.mentions import LINK, find_mentions
from biorxivist.mentions.addresses import ADDRESSES, KNOWN
from biorxivist.readers.jats import read_jats
from biorxivist.readers.page import read_landing, read_page
from biorxivist.text import clean_paper
from tests.cost import cpu_seconds
from tests.invented_pages import ABSTRACT, page, references
from tests.invented_pages import section as invented_section


def named(text: str) -> list[tuple[str, str]]:
    return [(m.kind, m.id) for m in find_mentions(Paper(abstract=text))]


# kind, the ids in their order, a sentence
NAMED = [
    ("geo", "GSE190001", "Reads are in the Gene Expression Omnibus under accession GSE190001."),
    ("geo", "GSE19000 GSE19001", "We reused GSE19000 (kettles) and GSE19001(lids)."),
    ("geo", "GSE190001", "See https://www.ncbi.nlm.nih.gov/geo/query/acc.cgi?acc=GSE190001."),
    ("geo", "GSE190001", "GEO: GSE 190001, to be released."),
    ("geo", "GSM5500001 GSM5500009", "samples GSM5500001–GSM5500009 of one pot"),
    ("geo", "GPL17021", "The GEO platform was GPL17021."),
    ("sra", "SRP400001", "The raw data (SRA: SRP400001) will follow."),
    ("sra", "SRR12345678 SRR12345690", "Runs SRR12345678-SRR12345690 were mapped."),
    ("ena", "ERP120001", "European Nucleotide Archive, study ERP120001."),
    ("dra", "DRA009001", "The reads are at DDBJ (DRA009001)."),
    ("bioproject", "PRJNA800001", "BioProject #PRJNA800001"),
    ("bioproject", "PRJEB40001", "ENA project PRJEB40001, samples below"),
    ("biosample", "SAMN30000001", "The BioSample is SAMN30000001."),
    ("assembly", "GCF_009000001.2", "mapped to GCF_009000001.2_KETTLE1.0"),
    ("refseq", "NM_001234567.3", "the transcript NM_001234567.3:c.80A>G"),
    ("arrayexpress", "E-MTAB-9001", "ArrayExpress, accession E-MTAB-9001"),
    ("arrayexpress", "E-MTAB-9001", "ArrayExpress, accession E‐MTAB‐9001"),
    ("biostudies", "S-BSST901", "deposited in BioStudies (S-BSST901)"),
    ("proteomexchange", "PXD040001", "via PRIDE with the dataset identifier <PXD040001>."),
    ("proteomexchange", "PXD040001", "ProteomeXchange accession: PXD 040001"),
    ("massive", "MSV000090001", "ftp://massive.ucsd.edu/MSV000090001"),
    ("metabolights", "MTBLS901", "MetaboLights study MTBLS901"),
    ("emdb", "EMD-30001 EMD-30002", "Maps are in the EMDB: EMD-30001 and EMD-30002."),
    ("emdb", "EMD-30001", "cryo-EM density, EMDB 30001, at 3 Å"),
    ("empiar", "EMPIAR-10901", "Movies: EMPIAR-10901."),
    ("dbgap", "phs000901", "dbGaP accession phs000901.v2.p1"),
    ("ega", "EGAS00001000901", "The European Genome-phenome Archive (EGAS00001000901)"),
    ("ega", "EGAD00001000902", "dataset EGAD00001000902 on request"),
    ("rrid", "RRID:AB_2300001", "anti-kettle (1:400; RRID: AB_2300001)"),
    ("rrid", "RRID:AB_2300001 RRID:AB_2300002", "antibodies RRID:AB_2300001, AB_2300002"),
    ("rrid", "RRID:SCR_002901", "ImageJ (RRID:SCR_002901)"),
    ("rrid", "RRID:CVCL_0901", "cells (RRID:CVCL_0901)"),
    ("rrid", "RRID:IMSR_JAX:000901", "mice (RRID:IMSR_JAX:000901, heterozygous)"),
    ("nct", "NCT04900001", "ClinicalTrials.gov Identifier: NCT04900001."),
    ("nct", "NCT04900001", "registered (NCT 04900001)"),
    ("isrctn", "ISRCTN90000001", "the ISRCTN registry (ISRCTN90000001)"),
    ("chictr", "ChiCTR2000090001", "Chinese registry: ChiCTR2000090001"),
    ("chictr", "ChiCTR-IPR-90000001", "Chinese registry: ChiCTR-IPR-90000001"),
    ("drks", "DRKS00009001", "German registry DRKS00009001"),
    ("actrn", "ACTRN12619000900001", "registered as ACTRN12619000900001"),
    ("ctri", "CTRI/2020/09/090001", "registered: CTRI/2020/09/090001"),
    ("ntr", "NTR9001", "Netherlands Trial Register, NTR9001"),
    ("prospero", "CRD42020900001", "PROSPERO 2020 CRD42020900001"),
    ("pdb", "6KTL", "the structure of the spout (PDB ID: 6KTL, grey)"),
    ("pdb", "6KTL", "the structure of the spout (PDB 6ktl)"),
    ("pdb", "6KTL", "the spout (PDB|6KTL)"),
    ("pdb", "6KTL 5LID", "deposited in the Protein Data Bank under accession codes 6KTL and 5LID, respectively"),
    ("pdb", "6KTL 5LID 4POT", "Protein Data Bank (PDB) entries: 6KTL (human spout, apo form), 5LID (with tea), and 4POT"),
    ("pdb", "6KTL 5LID", "PDB IDs used: Spout|closed (6ktl), Lid|open (5lid)"),
    ("pdb", "6KTL", "chain A of PDB 6ktlA was kept"),
    ("pdb", "6KTL", "modelled on pdb: 6ktl.1.A; residues 1 to 90"),
    ("pdb", "6KTL", "mapped to the PDB structure 6KTL to estimate areas"),
    ("pdb", "6KTL", "the coordinates 6KTL (PDB) were refined"),
    ("pdb", "101M", "myoglobin, PDB code 101M"),
    ("pdb", "6KTL", "https://www.rcsb.org/structure/6KTL"),
    ("pdb", "6KTL", "https://doi.org/10.2210/pdb6ktl/pdb"),
    ("uniprot", "P90001", "the sequence (UniProt accession P90001)"),
    ("uniprot", "Q9ABC1 P90001", "UniProt accessions used: Q9ABC1 (spout), P90001 (lid)."),
    ("uniprot", "A0A0B4J2F0", "UniProtKB: A0A0B4J2F0"),
    ("uniprot", "P90001", "https://www.uniprot.org/uniprot/P90001.fasta"),
    ("genbank", "MN900001.3", "the complete genome, GenBank MN900001.3"),
    ("genbank", "KX900001 KX900009", "Genbank accession numbers KX900001-KX900009"),
    ("genbank", "KX900001 KX900002", "GenBank accession numbers are: KX900001 for spout; KX900002 for lid"),
    ("genbank", "KX900001", "The GenBank accession number for this kettle is KX900001."),
    ("github", "pot-lab/kettle", "Code: https://github.com/Pot-Lab/Kettle."),
    ("github", "pot-lab/kettle.py", "(github.com/pot-lab/kettle.py)"),
    ("github", "pot-lab/kettle", "https://github.com/pot-lab/kettle.git, version 2"),
    ("github", "pot-lab/kettle", "https://github.com/pot-lab/kettle/tree/main/spout"),
    ("github", "pot-lab/kettle", "https://github.com/ pot-lab/kettle"),
    ("github", "pot-lab", "scripts are available at github.com/pot-lab."),
    ("github", "pot-lab.github.io/kettle", "documentation: http://pot-lab.github.io/kettle/"),
    ("github", "gist:pot-lab/0123456789abcdef0123456789abcdef", "https://gist.github.com/pot-lab/0123456789abcdef0123456789abcdef"),
    ("gitlab", "pot-lab/kettle", "https://gitlab.com/pot-lab/kettle"),
    ("gitlab", "git.pots.ac.uk/ab12/kettle", "Code is at https://git.pots.ac.uk/ab12/kettle."),
    ("bitbucket", "potlab/kettle", "https://bitbucket.org/potlab/kettle/src"),
    ("sourceforge", "kettle", "http://kettle.sourceforge.net/"),
    ("sourceforge", "kettle", "the toolkit at http://kettle.sourceforge.net."),
    ("zenodo", "10.5281/zenodo.9000001", "archived (doi:10.5281/zenodo.9000001)"),
    ("zenodo", "10.5281/zenodo.9000001", "https://zenodo.org/record/9000001#.Xabc"),
    ("figshare", "10.6084/m9.figshare.9000001", "https://doi.org/10.6084/m9.figshare.9000001.v2"),
    ("figshare", "10.6084/m9.figshare.9000001", "https://figshare.com/articles/dataset/All_pots/9000001"),
    ("dryad", "10.5061/dryad.ab12c", "Dryad: doi:10.5061/dryad.ab12c."),
    ("dryad", "10.5061/dryad.ab12c", "https://datadryad.org/stash/dataset/doi:10.5061/dryad.ab12c"),
    ("osf", "ab1c2", "preregistered (https://osf.io/ab1c2/?view_only=0123)"),
    ("osf", "ab1c2", "DOI 10.17605/OSF.IO/AB1C2"),
    ("mendeley-data", "10.17632/abcdefgh12", "Mendeley Data, 10.17632/abcdefgh12.1"),
    ("dataverse", "10.7910/DVN/AB12CD", "https://doi.org/10.7910/DVN/AB12CD"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "ids", "text"), NAMED, ids=lambda v: v[:50])
def test_what_a_sentence_names(kind, ids, text):
    assert named(text) == [(kind, id) for id in ids.split()]


@pytest.mark.parametrize(
    "text",
    [
        "Grape seed extract (GSE) at 100 mg, GSE100 and GSE-100",
        "under a GSM 900 network with GPL3 software",
        "licensed as GPLv3 or GPL20",
        "The error ERR12 of SRS2000 and the DRS score",
        "primer SRP9, exon SRX1, gene SRR1",
        "PRJNA without a number, BioProject PRJNAXXXXXX",
        "accession GSEXXXXX will be given, SRPxxxxxx too",
        "LGSE123456 is a longer word, and so is GSE123456A",
        "E-MTAB alone; CE-MTAB-99; the E-value 1000",
        "a PXD of 12 and PXD12345",
        "compound EMD-57033 opens the channel",
        "NCT1234567 has too few digits, NCT123456789 too many",
        "AB_1234567 is our own label of a strain",
        "RRID (research resource identifier) numbers are given in Table 1",
        "the PDB was searched in 2019 (PDB 2019)",
        "structures of the PDB (2020, 1000 entries)",
        "PDB structures solved below 2.5A, 50mM of salt, 100k particles",
        "the PDB 25th anniversary",
        "PDB files were 10kb, PDB 3 and PDB-like",
        "crystal structure 6KTL without its database",
        "a spout (PDB ID: 4 letters), the lid",
        "PDBe, PDBsum and pdbfixer 1ABC",
        "UniProt release 2016_02 (4,314 entries) and H1N1",
        "UniProt(99) IDs, UniProt (downloaded June 14, 2017)",
        "the vector P10001 and the strain Q9ABC1",
        "GenBank as of April 17, 2014, GenBank Blast with AB",
        "GenBank under the accession codes XXXXXX to XXXXXXX",
        "grant R01GM109086, award U54CA209971 and AB123456",
        "https://github.com/ and GitHub, Inc.; github.com",
        "https://github.com/features and https://github.com/about",
        "our homepage https://pot-lab.github.io",
        "https://zenodo.org/ and figshare.com",
        "https://osf.io/ and https://osf.io/preprints",
        "either/or, and/or, 10.5/20, w/o, 10.1101/2020.01.01.123456",
        "a fold change of 10.5281/zen",
        "Dutch trial with NTR 12; neurotrophin receptor NTR123",
        "CRA001234 and HRA000123 are our samples",
        "phs of 12 and phs0",
        "EGAS1 expression, EGAD antibodies",
        "",
    ],
)
def test_what_only_looks_like_an_id(text):
    assert named(text) == []


# --- a paper ----------------------------------------------------------------------------------------------------------


def section(title: str, *texts: str, kind: str = "other", sections: tuple = ()) -> Section:
    return Section(title=title, kind=kind, blocks=[Block("paragraph", t) for t in texts], sections=list(sections))


def test_a_mention_has_the_section_in_which_it_stands_first():
    deep = section("", "again GSE190001, and GSE190004")
    methods = section("Methods", "GSE190002", sections=[section("Kettles", "GSE190003", sections=[deep])])
    methods.blocks.append(Block("figure", id="F1"))
    paper = Paper(
        abstract="GSE190001",
        sections=[methods],
        figures=[Figure("F1", "Figure 1", "A pot.", "Drawn from GSE190005.")],
        footnotes=["https://osf.io/ab1c2/"],
        statements=[section("", "GSE190006", kind="data-availability"), section("Trial", "NCT04900001")],
    )
    assert [(m.id, m.section) for m in find_mentions(paper)] == [
        ("GSE190001", "Abstract"),
        ("GSE190002", "Methods"),
        ("GSE190005", "Methods"),
        ("GSE190003", "Kettles"),
        ("GSE190004", "Kettles"),
        ("GSE190006", "Data availability"),
        ("NCT04900001", "Trial"),
        ("ab1c2", "Footnotes"),
    ]


def test_links_are_looked_at_in_their_section_and_the_others_dropped():
    links = [
        Mention(LINK, "", "https://github.com/Pot-Lab/Kettle", "Results"),
        Mention(LINK, "", "https://www.example.org/", "Results"),
        Mention(LINK, "", "https://osf.io/ab1c2", "Gone"),
    ]
    paper = Paper(sections=[section("Results", "Code is here."), section("Notes", "GSE190001")], mentions=links)
    assert clean_paper(paper).mentions == [
        Mention("github", "pot-lab/kettle", "https://github.com/Pot-Lab/Kettle", "Results"),
        Mention("geo", "GSE190001", "https://www.ncbi.nlm.nih.gov/geo/query/acc.cgi?acc=GSE190001", "Notes"),
        Mention("osf", "ab1c2", "https://osf.io/ab1c2/", "Gone"),
    ]


def test_a_cleaned_paper_keeps_its_mentions():
    once = clean_paper(Paper(mentions=[Mention(LINK, "", "https://osf.io/ab1c2", "Data")], abstract="GSE190001"))
    assert clean_paper(once).mentions == once.mentions


def test_what_a_paper_says_elsewhere_makes_a_form_trusted():
    paper = Paper(abstract="AB_2300001 was used.", sections=[section("Methods", "The antibody was kept cold.")])
    assert [m.id for m in find_mentions(paper)] == ["RRID:AB_2300001"]


@pytest.mark.parametrize(
    "text",
    ["PDB " * 50_000, "PDB ID: 1ABC, " * 20_000, "GSE" * 100_000, "a.com/" * 50_000, "10.5281/" * 40_000, "RRID:" + "A" * 300_000,
     "PDB" + " (" * 100_000, "github.com/" + "a-" * 100_000, "UniProt for " + "x " * 100_000, ".org/" + "-" * 200_000],
)  # fmt: skip
def test_costly_texts_are_read_in_time(text):
    assert cpu_seconds(lambda: named(text), 1) < 1


# --- from documents ---------------------------------------------------------------------------------------------------

JATS = """<article xmlns:xlink="http://www.w3.org/1999/xlink"><front><article-meta/></front><body><sec><title>Code of H<sub>2</sub>O</title>
<p>It is <ext-link ext-link-type="uri" xlink:href="https://github.com/Pot-Lab/Kettle">here</ext-link>, see
<ext-link xlink:href="https://osf.io/ab1c2">https://osf.io/ab1c2</ext-link>.</p></sec></body><back><ref-list><ref id="r1"><mixed-citation>
<ext-link xlink:href="https://github.com/other/cited">code</ext-link></mixed-citation></ref></ref-list></back></article>"""


def test_jats_hands_its_links_over():
    paper = read_jats(JATS.encode())
    assert [(m.kind, m.url) for m in paper.mentions] == [(LINK, "https://github.com/Pot-Lab/Kettle")]
    found = [(m.kind, m.id) for m in clean_paper(paper).mentions]
    assert found == [("osf", "ab1c2"), ("github", "pot-lab/kettle")]


def test_a_page_hands_its_links_over():
    content = '<p>It is <a href="https://github.com/Pot-Lab/Kettle">here</a>, not <a href="https://www.biorxiv.org/x">there</a>.</p>'
    body = page(ABSTRACT + invented_section("Code", content) + references('<a href="https://osf.io/ab1c2">x</a>'))
    github = Mention("github", "pot-lab/kettle", "https://github.com/Pot-Lab/Kettle", "Code")
    assert clean_paper(read_page(body)).mentions == [github]
    assert [m.url for m in read_landing(page(ABSTRACT + content, kind="abstract-view")).mentions] == [github.url]


def test_no_archive_is_passed_over_at_a_glance():
    unknown = [pattern.pattern for _, pattern, _, _ in ADDRESSES if not KNOWN.search(pattern.pattern.replace("\\", ""))]
    assert unknown == []


@pytest.mark.parametrize("hyphen", "-‐‑–−")
def test_every_hyphen_is_one(hyphen):
    text = f"See Swiss{hyphen}Prot entry P04637 and E{hyphen}MTAB{hyphen}1234."
    found = clean_paper(Paper(abstract=text)).mentions
    assert [(m.kind, m.id) for m in found] == [("uniprot", "P04637"), ("arrayexpress", "E-MTAB-1234")]
