"""Front matter of the invented papers as JATS."""

from tests.site.definitions import NAMES, Author, Document
from tests.site.jats_text import JatsText

CC = "http://creativecommons.org/licenses/{}/4.0/"
LICENSES = {
    "cc_by": ("by", "Attribution 4.0 International", "CC BY 4.0"),
    "cc_by_nc": ("by-nc", "Attribution-NonCommercial 4.0 International", "CC BY-NC 4.0"),
    "cc_by_nd": ("by-nd", "Attribution-NoDerivs 4.0 International", "CC BY-ND 4.0"),
    "cc_by_nc_nd": ("by-nc-nd", "Attribution-NonCommercial-NoDerivs 4.0 International", "CC BY-NC-ND 4.0"),
}
ZERO = "https://creativecommons.org/publicdomain/zero/1.0/"
TITLES = {
    "competing-interest-statement": "Competing Interest Statement",
    "clinical-trial-statement": "Clinical Trial",
    "clinical-protocols-statement": "Clinical Protocols",
    "financial-disclosure": "Funding Statement",
    "disclosures": "Author Declarations",
}


def license_address(code: str) -> str:
    """The address of a licence, empty for one that has none."""
    if code in LICENSES:
        return CC.format(LICENSES[code][0])
    return ZERO if code.startswith("cc0") else ""


def license_sentence(code: str) -> str:
    """What the site says about a licence."""
    if code in LICENSES:
        return (
            f"This pre-print is available under a Creative Commons License ({LICENSES[code][1]}), "
            f"{LICENSES[code][2]}, as described at {license_address(code)}"
        )
    if code == "cc0_ng":
        return "This article was written by employees of the US Government and is made available for use under a CC0 license"
    if code == "cc0":
        return "This pre-print is made available under a CC0 license"
    return "The copyright holder has placed this preprint in no license: all rights reserved. No reuse allowed without permission."


class JatsFront(JatsText):
    """Adds the front matter; `site` decides between the two dialects of the servers."""

    site = False

    def contributors(self) -> str:
        """Authors, collectives, members, affiliations."""
        paper = self.document.paper
        byline = [self._author(a) for a in paper.authors if not a.group]
        groups = [f'<contrib contrib-type="author"><collab>{name}</collab></contrib>' for name in paper.collectives]
        members = [self._author(a) for a in paper.authors if a.group]
        return f"<contrib-group>{''.join([*byline, *groups, *members])}{self.affiliations()}</contrib-group>"

    def _author(self, author: Author) -> str:
        kind = "author non-byline" if author.group else "author"
        corresponding = ' corresp="yes"' if author.corresponding else ""
        orcid = ""
        if author.orcid:
            orcid = f'<contrib-id contrib-id-type="orcid">http://orcid.org/{author.orcid}</contrib-id>'
        name = f"<name><surname>{author.surname}</surname><given-names>{author.given}</given-names></name>"
        where = "".join(f'<xref ref-type="aff" rid="a{n}">{n}</xref>' for n in author.affiliations)
        star = '<xref ref-type="corresp" rid="cor1">*</xref>' if author.corresponding else ""
        return f'<contrib contrib-type="{kind}"{corresponding}>{orcid}{name}{where}{star}</contrib>'

    def affiliations(self) -> str:
        """The affiliations, with marked institution and country."""
        return "".join(
            f'<aff id="a{n}"><label>{n}</label><institution>{name}</institution>, {city}, <country>{country}</country></aff>'
            for n, (name, city, country) in enumerate(self.document.paper.affiliations, 1)
        )

    def correspondence(self) -> str:
        """The note that tells whom to write to."""
        if not any(a.corresponding for a in self.document.paper.authors):
            return ""
        address = "<email>someone@example.org</email>"
        return (
            f'<author-notes><corresp id="cor1"><label>*</label>Corresponding author: {address}</corresp></author-notes>'
        )

    def categories(self) -> str:
        """Article type and subject."""
        paper = self.document.paper
        heading = self.document.article_type
        groups = [("author-type", "Regular Article")] if paper.server == "biorxiv" else []
        groups += [("heading", heading)] if heading else []
        groups += [("hwp-journal-coll", paper.category)]
        return (
            "<article-categories>"
            + "".join(
                f'<subj-group subj-group-type="{kind}"><subject>{text}</subject></subj-group>' for kind, text in groups
            )
            + "</article-categories>"
        )

    def title(self) -> str:
        """The title group."""
        return f"<title-group><article-title>{self.write(self.document.title)}</article-title></title-group>"

    def history(self) -> str:
        """Dates of the manuscript."""
        received = self.document.paper.received
        dates = [("received", received), ("rev-recd", self.document.posting.posted)]
        inner = "".join(f'<date date-type="{kind}">{day_parts(day)}</date>' for kind, day in dates)
        return f"<history>{inner}</history>"

    def permissions(self) -> str:
        """Copyright and licence."""
        code = self.document.license
        year = self.document.posting.posted[:4]
        owner = "openRxiv" if year >= "2026" else "Cold Spring Harbor Laboratory"
        address = license_address(code)
        sentence = license_sentence(code)
        if code in LICENSES:
            sentence = sentence.replace(address, self.link(address))
        kind = f'license-type="creative-commons" xlink:href="{address}"' if address else 'license-type="no-license"'
        return (
            f"<permissions><copyright-statement>© {year}, Posted by {owner}</copyright-statement>"
            f"<copyright-year>{year}</copyright-year>"
            + (f"<license {kind}><license-p>{sentence}</license-p></license>" if code else "")
            + "</permissions>"
        )

    def abstract(self) -> str:
        """The abstract, structured or not."""
        parts = [
            f"<sec><title>{heading}</title><p>{self.write(text)}</p></sec>" if heading else f"<p>{self.write(text)}</p>"
            for heading, text in self.document.abstract
        ]
        return f"<abstract><title>Abstract</title>{''.join(parts)}</abstract>"

    def keywords(self) -> str:
        """The authors' keywords."""
        words = "".join(f"<kwd>{word}</kwd>" for word in self.document.paper.keywords)
        return f'<kwd-group kwd-group-type="author"><title>Keywords</title>{words}</kwd-group>' if words else ""

    def notes(self) -> str:
        """Statements, and the note on a revision."""
        parts = []
        for kind, *texts in self.document.paper.statements:
            inner = "".join(f"<p>{self.write(text)}</p>" for text in texts)
            parts.append(f'<notes notes-type="{kind}"><title>{TITLES[kind]}</title>{inner}</notes>')
        if note := self.document.posting.note:
            parts.append(
                '<fn-group content-type="summary-of-updates"><title>Summary of Updates:</title>'
                f'<fn fn-type="update"><p>{self.write(note)}</p></fn></fn-group>'
            )
        return f"<notes>{''.join(parts)}</notes>" if parts else ""

    def awards(self) -> str:
        """Grants, which only Europe PMC marks up."""
        groups = "".join(
            f"<award-group><funding-source><institution-wrap><institution>{name}</institution>"
            + (f'<institution-id institution-id-type="ror">{ror}</institution-id>' if ror else "")
            + f"</institution-wrap></funding-source><award-id>{award}</award-id></award-group>"
            for name, ror, award in self.document.paper.funders
        )
        return f"<funding-group>{groups}</funding-group>" if groups else ""


def day_parts(day: str) -> str:
    """A date as JATS writes it."""
    year, month, of_month = day.split("-")
    return f"<day>{int(of_month)}</day><month>{int(month)}</month><year>{year}</year>"


def journal(document: Document) -> tuple[str, str]:
    """Name of the server, and the same in capitals."""
    name = NAMES[document.paper.server]
    return name, name.upper()
