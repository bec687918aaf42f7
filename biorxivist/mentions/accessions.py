"""Ids that their own form tells: a beginning that nothing else has, and digits."""

import re
from dataclasses import dataclass

HYPHENS = "-‐‑–−"
END = "(?![A-Za-z0-9])"
NCBI = "https://www.ncbi.nlm.nih.gov/"
ENA = "https://www.ebi.ac.uk/ena/browser/view/{}"
WHO = "https://trialsearch.who.int/Trial2.aspx?TrialID={}"


@dataclass(frozen=True, slots=True)
class Form:
    """How one kind of id is written."""

    kind: str
    pattern: re.Pattern[str]
    """From the beginning of the id."""
    id: str
    """Format of the match and its groups that gives the normal form: `NCT{1}`."""
    url: str
    """Format of the id."""
    needs: re.Pattern[str] | None = None
    """What the paper must say somewhere for the form to be trusted."""

    def normal(self, written: re.Match[str]) -> str:
        """The normal form of a match; `Match.expand` would parse its template each time."""
        return self.id.format(written[0], *written.groups(""))


def _forms(*rows: tuple[str, ...]) -> dict[str, list[Form]]:
    forms: dict[str, list[Form]] = {}
    for kind, beginnings, pattern, id, url, *needs in rows:
        compiled = re.compile(f"(?:{pattern.replace('~', f'[{HYPHENS}]')}){END}")
        form = Form(kind, compiled, re.sub(r"\\(\d)", r"{\1}", id), url, re.compile(needs[0]) if needs else None)
        for beginning in beginnings.split():
            forms.setdefault(beginning, []).append(form)
    return forms


# kind, how it begins, pattern (~ is any hyphen), id, address, what the paper must say
FORMS = _forms(
    ("geo", "GSE", r"GSE(?:(\d{4,6})|[ :](\d{5,6}))", r"GSE\1\2", NCBI + "geo/query/acc.cgi?acc={}"),
    ("geo", "GSE", r"GSE(\d{3})", r"GSE\1", NCBI + "geo/query/acc.cgi?acc={}", r"\bGEO\b|Gene Expression Omnibus"),
    ("geo", "GSM", r"GSM ?(\d{5,7})", r"GSM\1", NCBI + "geo/query/acc.cgi?acc={}"),
    ("geo", "GPL", r"GPL(\d{2,5})", r"GPL\1", NCBI + "geo/query/acc.cgi?acc={}", "GEO|Gene Expression Omnibus|GSE\\d|[Mm]icroarray"),
    ("geo", "GDS", r"GDS(\d{3,4})", r"GDS\1", NCBI + "sites/GDSbrowser?acc={}"),
    ("sra", "SRA SRP SRR SRS SRX SRZ", r"(SR[APRSXZ]\d{6,9})", r"\1", NCBI + "sra/{}"),
    ("ena", "ERA ERP ERR ERS ERX ERZ", r"(ER[APRSXZ]\d{6,9})", r"\1", ENA),
    ("dra", "DRA DRP DRR DRS DRX DRZ", r"(DR[APRSXZ]\d{6,9})", r"\1", ENA),
    ("bioproject", "PRJNA", r"PRJNA[ :]?(\d{2,7})", r"PRJNA\1", NCBI + "bioproject/{}"),
    ("bioproject", "PRJEB PRJDB PRJDA PRJEA", r"PRJ(EB|DB|DA|EA)[ :]?(\d{2,6})", r"PRJ\1\2", ENA),
    ("bioproject", "PRJCA", r"PRJCA(\d{6})", r"PRJCA\1", "https://ngdc.cncb.ac.cn/bioproject/browse/{}"),
    ("biosample", "SAMN SAMD SAMEA SAMEG", r"SAM(N|D|EA|EG)(\d{6,12})", r"SAM\1\2", NCBI + "biosample/{}"),
    ("gsa", "CRA0 HRA0", r"([CH]RA0\d{5})", r"\1", "https://ngdc.cncb.ac.cn/search/all?q={}", "Genome Sequence Archive|GSA|NGDC|CNCB|BIGD"),
    ("assembly", "GCA_ GCF_", r"(GC[AF]_\d{9}(?:\.\d{1,2})?)", r"\1", NCBI + "datasets/genome/{}/"),
    ("refseq", "NM_ NR_ NC_ NG_ NT_ NW_ XM_ XR_", r"((?:N[MRCGTW]|X[MR])_(?:\d{9}|\d{6})(?:\.\d{1,2})?)", r"\1", NCBI + "nuccore/{}"),
    ("refseq", "NZ_", r"(NZ_(?:[A-Z]{2}\d{6}|[A-Z]{4}\d{8}|[A-Z]{6}\d{9})(?:\.\d{1,2})?)", r"\1", NCBI + "nuccore/{}"),
    ("refseq", "NP_ XP_ WP_ YP_", r"((?:[NXY]P_(?:\d{9}|\d{6})|WP_\d{9})(?:\.\d{1,2})?)", r"\1", NCBI + "protein/{}"),
    ("arrayexpress", "E-MTAB E-MEXP E-GEOD E-TABM E-ERAD E-ENAD E-HCAD E-CURD E-PROT", r"E~([A-Z]{4})~ ?(\d{1,6})", r"E-\1-\2", "https://www.ebi.ac.uk/biostudies/arrayexpress/studies/{}"),
    ("biostudies", "S-BSST S-BIAD S-EPMC", r"S~(BSST|BIAD|EPMC)(\d{1,8})", r"S-\1\2", "https://www.ebi.ac.uk/biostudies/studies/{}"),
    ("proteomexchange", "PXD", r"PXD ?(\d{6})", r"PXD\1", "https://proteomecentral.proteomexchange.org/cgi/GetDataset?ID={}"),
    ("pride", "PRD0", r"(PRD0\d{5})", r"\1", "https://www.ebi.ac.uk/pride/archive/projects/{}"),
    ("jpost", "JPST", r"(JPST\d{6})", r"\1", "https://repository.jpostdb.org/entry/{}"),
    ("iprox", "IPX000", r"(IPX\d{10})", r"\1", "https://www.iprox.cn/page/project.html?id={}"),
    ("massive", "MSV000", r"(MSV\d{9})", r"\1", "https://massive.ucsd.edu/ProteoSAFe/QueryMSV?id={}"),
    ("metabolights", "MTBLS", r"(MTBLS\d{1,5})", r"\1", "https://www.ebi.ac.uk/metabolights/{}"),
    ("empiar", "EMPIAR", r"EMPIAR(?:~ ?|[: ])(\d{5})", r"EMPIAR-\1", "https://www.ebi.ac.uk/empiar/{}/"),
    ("emdb", "EMD", r"EMDB?(?:~ ?|: ?| )(?:EMD~)?(\d{4,5})", r"EMD-\1", "https://www.ebi.ac.uk/emdb/{}", "EMDB|[Cc]ryo|Electron Microscopy Data"),
    ("dbgap", "phs0", r"phs(0\d{5})(?:\.v\d{1,2})?(?:\.p\d{1,2})?(?:\.c\d{1,2})?", r"phs\1", NCBI + "projects/gap/cgi-bin/study.cgi?study_id={}"),
    ("ega", "EGAS0", r"(EGAS\d{11})", r"\1", "https://ega-archive.org/studies/{}"),
    ("ega", "EGAD0", r"(EGAD\d{11})", r"\1", "https://ega-archive.org/datasets/{}"),
    ("flowrepository", "FR-FCM", r"FR~FCM~([A-Z0-9]{4})", r"FR-FCM-\1", "http://flowrepository.org/id/{}"),
    ("rrid", "RRID", r"RRIDs?[ :]{0,3}((?:AB|SCR|BDSC|RGD|DGRC|CGC|Addgene)_\d{1,9}|CVCL_[A-Z0-9]{4}|MGI:\d{5,8}|MMRRC_\d{6}(?:-[A-Z]{2,5})?|[A-Z][A-Za-z-]{1,12}[_:](?:[A-Z]{2,6}[:_-]?)?[A-Z0-9]{0,8}\d(?:-\d{1,6}){0,2})", r"RRID:\1", "https://scicrunch.org/resolver/{}"),
    ("rrid", "AB_", r"(AB_\d{6,9})", r"RRID:\1", "https://scicrunch.org/resolver/{}", "RRID|[Aa]ntibod"),
    ("rrid", "SCR_ CVCL_", r"(SCR_\d{6}|CVCL_[A-Z0-9]{4})", r"RRID:\1", "https://scicrunch.org/resolver/{}"),
    ("nct", "NCT", r"NCT(?: ?~ ?|[ :#]{0,2})(\d{8})", r"NCT\1", "https://clinicaltrials.gov/study/{}"),
    ("isrctn", "ISRCTN", r"ISRCTN(?: ?~ ?|[ :#]{0,2})(\d{8})", r"ISRCTN\1", "https://www.isrctn.com/{}"),
    ("chictr", "ChiCTR", r"ChiCTR(?: |~)?(\d{10})", r"ChiCTR\1", WHO),
    ("chictr", "ChiCTR", r"ChiCTR~?([A-Z]{2,5})~?(\d{8})", r"ChiCTR-\1-\2", WHO),
    ("actrn", "ACTRN", r"ACTRN[ :]?(12\d{12})", r"ACTRN\1", "https://www.anzctr.org.au/{}.aspx"),
    ("ctri", "CTRI/", r"(CTRI/\d{4}/\d{2,3}/\d{6})", r"\1", WHO),
    ("drks", "DRKS", r"DRKS(?:~|[ :]{0,2}(?:ID:? )?)(000\d{5})", r"DRKS\1", "https://drks.de/search/en/trial/{}"),
    ("umin", "UMIN", r"UMIN(?:~CTR)?[ :]{0,2}(0000\d{5})", r"UMIN\1", "https://trialsearch.who.int/Trial2.aspx?TrialID=JPRN-{}"),
    ("jrct", "jRCT", r"jRCT(s?\d{9,10})", r"jRCT\1", "https://jrct.mhlw.go.jp/latest-detail/{}"),
    ("irct", "IRCT", r"IRCT ?(\d{11,15}N\d{1,3})", r"IRCT\1", WHO),
    ("pactr", "PACTR", r"PACTR ?(20\d{13})", r"PACTR\1", WHO),
    ("rebec", "RBR-", r"RBR~([0-9a-z]{6,8})", r"RBR-\1", "https://ensaiosclinicos.gov.br/rg/{}"),
    ("cris", "KCT0", r"(KCT000\d{4})", r"\1", WHO),
    ("tctr", "TCTR20", r"(TCTR20\d{9})", r"\1", WHO),
    ("slctr", "SLCTR/", r"(SLCTR/\d{4}/\d{3})", r"\1", WHO),
    ("ntr", "NTR", r"NTR[ :]?(\d{3,4})", r"NTR\1", WHO, "(?:Netherlands|Dutch|Nederlands) (?:National )?Trial"),
    ("prospero", "CRD42", r"(CRD42\d{6,9})", r"\1", "https://www.crd.york.ac.uk/PROSPERO/view/{}"),
)  # fmt: skip
