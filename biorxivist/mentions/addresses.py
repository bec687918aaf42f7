"""Ids in addresses and DOIs: code hosts, archives of data, pages of a record."""

import re

DOI = "https://doi.org/{}"
# the slash before or behind a host, or behind the prefix of a DOI; a search for one character is quick
HOSTS = ("com", "org", "io", "net", "gov", "edu", "uk", "de", "eu", "ch", "fr")
SIGN = re.compile("/(?:(?<=://)|" + "|".join(rf"(?<=\.{end}/)" for end in HOSTS) + r"|(?<=10\.\d{4}/)|(?<=10\.\d{5}/))")
BEFORE, BEHIND = 80, 200
HEAD = re.compile(r"[^\s<>()\[\]{}\"“”',;|]*\Z")
TAIL = re.compile(r"[^\s<>()\[\]{}\"“”',;|]*")
OWNER = r"([A-Za-z0-9](?:[A-Za-z0-9-]{0,37}[A-Za-z0-9])?)"
REPO = r"([A-Za-z0-9_.-]{0,99}[A-Za-z0-9_-])"


def _patterns(*rows: tuple[str, str, str, str]) -> list[tuple[str, re.Pattern[str], str, str]]:
    # templates as formats, since `Match.expand` parses its template each time
    return [
        (kind, re.compile(f"(?i:{pattern})"), re.sub(r"\\(\d)", r"{\1}", id), url) for kind, pattern, id, url in rows
    ]


# kind, pattern, id as a template of the match, address as a format of the id; the first that is found counts
ADDRESSES = _patterns(
    ("github", rf"\bgist\.github\.com/{OWNER}/([0-9a-f]{{8,40}})\b", r"gist:\1/\2", ""),
    ("github", rf"\braw\.githubusercontent\.com/{OWNER}/{REPO}", r"\1/\2", "https://github.com/{}"),
    ("github", rf"\b(?!www\.){OWNER}\.github\.(?:io|com)/{REPO}", r"\1.github.io/\2", "https://{}"),
    ("github", rf"\bgithub\.(?:com|org|io)/+(?!(?:about|features|pricing|topics|search|login|join|explore|marketplace|orgs|apps|site|contact|settings)\b){OWNER}(?:/+{REPO})?", r"\1/\2", "https://github.com/{}"),
    ("gitlab", rf"\bgitlab\.com/(?!(?:users|explore|help|about)\b){REPO}(?:/{REPO})?", r"\1/\2", "https://gitlab.com/{}"),
    ("gitlab", rf"\b(git(?:lab)?\.[a-z0-9.-]{{3,60}})/{REPO}(?:/{REPO})?", r"\1/\2/\3", "https://{}"),
    ("bitbucket", rf"\bbitbucket\.(?:org|com)/{REPO}(?:/{REPO})?", r"\1/\2", "https://bitbucket.org/{}"),
    ("sourceforge", rf"\bsourceforge\.(?:net|io)/(?:projects|p)/{REPO}", r"\1", "https://sourceforge.net/projects/{}/"),
    ("sourceforge", r"\b(?!(?:www|users)\.)([a-z0-9-]+)\.(?:sourceforge|sf)\.(?:net|io)", r"\1", "https://sourceforge.net/projects/{}/"),
    ("codeberg", rf"\bcodeberg\.org/{REPO}/{REPO}", r"\1/\2", "https://codeberg.org/{}"),
    ("googlecode", rf"\bcode\.google\.com/(?:p|archive/p)/{REPO}", r"\1", "https://code.google.com/archive/p/{}/"),
    ("zenodo", r"\b10\.5281/zenodo\.(\d{3,10})\b", r"10.5281/zenodo.\1", DOI),
    ("zenodo", r"\bzenodo\.org/(?:records?|deposit)/(\d{3,10})\b", r"10.5281/zenodo.\1", DOI),
    ("figshare", r"\b10\.6084/m9\.figshare\.((?:c\.)?\d{4,10})\b", r"10.6084/m9.figshare.\1", DOI),
    ("figshare", r"\b(10\.\d{4,5}/[a-z0-9.]{0,20}figshare\.(?:plus\.)?(?:c\.)?\d{4,10})\b", r"\1", DOI),
    ("figshare", r"\bfigshare\.com/(?:articles|collections)/(?:[\w%.-]{1,160}/){0,2}(\d{5,10})\b", r"10.6084/m9.figshare.\1", DOI),
    ("figshare", r"\bfigshare\.com/s/([0-9a-f]{12,40})\b", r"s/\1", "https://figshare.com/{}"),
    ("dryad", r"\b10\.5061/dryad\.([a-z0-9]{2,12})\b", r"10.5061/dryad.\1", DOI),
    ("dryad", r"\bdatadryad\.org/.{0,40}?(10\.\d{4,5}/[A-Z0-9.]{4,20}[A-Z0-9])", r"\1", DOI),
    ("osf", r"\b10\.(?:17605|31219)/OSF\.IO/([a-z0-9]{5})\b", r"\1", "https://osf.io/{}/"),
    ("osf", r"\bosf\.io/(?:preprints/[a-z]+/|registries/)?([a-z0-9]{5})\b", r"\1", "https://osf.io/{}/"),
    ("mendeley-data", r"\b(10\.17632/[a-z0-9]{10})(?:\.\d+)?\b", r"\1", DOI),
    ("mendeley-data", r"\bdata\.mendeley\.com/(?:public-files/)?datasets/([a-z0-9]{10})\b", r"10.17632/\1", DOI),
    ("dataverse", r"\b(10\.7910/DVN/[A-Z0-9]{5,8})\b", r"\1", DOI),
    ("pangaea", r"\b(10\.1594/PANGAEA\.\d{4,8})\b", r"\1", DOI),
    ("gigadb", r"\b(10\.5524/\d{6})\b", r"\1", DOI),
    ("protocols.io", r"\b(10\.17504/protocols\.io\.[a-z0-9]{5,16})\b", r"\1", DOI),
    ("openneuro", r"\bopenneuro\.org/datasets/(ds\d{6})\b", r"\1", "https://openneuro.org/datasets/{}"),
    ("openneuro", r"\b10\.18112/openneuro\.(ds\d{6})\b", r"\1", "https://openneuro.org/datasets/{}"),
    ("pdb", r"\b10\.2210/pdb([1-9][a-z0-9]{3})/pdb\b", r"\1", "https://www.rcsb.org/structure/{}"),
    ("pdb", r"\b(?:rcsb\.org/(?:structure|pdb/explore/?(?:explore\.do)?\?structureId=|3d-view)/?|pdbe?/entry/(?:pdb/)?|pdbj\.org/(?:mine/summary|pdb)/|wwpdb\.org/pdb\?id=(?:pdb_0000)?)([1-9][a-z0-9]{3})\b", r"\1", "https://www.rcsb.org/structure/{}"),
    ("uniprot", r"\buniprot\.org/uniprot(?:kb)?/([OPQ]\d[A-Z0-9]{3}\d|[A-NR-Z]\d(?:[A-Z][A-Z0-9]{2}\d){1,2})\b", r"\1", "https://www.uniprot.org/uniprotkb/{}"),
    ("genbank", r"\bncbi\.nlm\.nih\.gov/(?:nuccore|nucleotide|protein)/([A-Z]{1,4}\d{5,10}(?:\.\d{1,2})?)\b", r"\1", "https://www.ncbi.nlm.nih.gov/nuccore/{}"),
)  # fmt: skip
# an address without any of these is none of them
KNOWN = re.compile(
    r"(?i:git|bitbucket|sourceforge|\.sf\.|codeberg|code\.google|figshare|zenodo|dryad|osf\.io|mendeley|openneuro|rcsb|pdb|uniprot|ncbi|10\.)"
)
UPPER = {"pdb", "uniprot", "genbank", "dataverse", "pangaea"}
# hosts that find a repository in any case but show its own
CODE_HOSTS = {"github", "gitlab", "bitbucket", "codeberg", "sourceforge", "googlecode"}


def address_around(text: str, slash: int, start: int = 0) -> tuple[str, int]:
    """The address or DOI in which a slash stands, looked for from `start`, and where it ends."""
    start = max(start, slash - BEFORE)
    start += HEAD.search(text[start:slash]).start()
    end = TAIL.match(text, slash, slash + BEHIND).end()
    address = text[start:end]
    # some documents break an address behind the host
    if address.endswith(".com/") and text[end : end + 1] == " ":
        after = TAIL.match(text, end + 1, end + BEHIND)
        address += after[0] if "/" in after[0] else ""
    return address, end


def named_by(address: str) -> tuple[str, str, str] | None:
    """Kind, id and URL of what an address or DOI names; None if it is not known."""
    if not KNOWN.search(address):
        return None
    for kind, pattern, template, url in ADDRESSES:
        if match := pattern.search(address):
            printed = template.format(match[0], *match.groups("")).strip("/").removesuffix(".git")
            id = printed.upper() if kind in UPPER else printed.lower()
            return kind, id, url.format(printed if kind in CODE_HOSTS else id) or f"https://{match[0]}"
    return None
