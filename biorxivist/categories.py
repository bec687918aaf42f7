"""Subject categories of the two servers, as the API spells and filters them (no endpoint lists them; as of 2026-09)."""

import re

CATEGORIES = {
    "biorxiv": frozenset({
        "animal behavior and cognition", "biochemistry", "bioengineering", "bioinformatics", "biophysics", "cancer biology",
        "cell biology", "developmental biology", "ecology", "evolutionary biology", "genetics", "genomics", "immunology",
        "microbiology", "molecular biology", "neuroscience", "paleontology", "pathology", "pharmacology and toxicology",
        "physiology", "plant biology", "scientific communication and education", "synthetic biology", "systems biology",
        "zoology",
    }),
    "medrxiv": frozenset({
        "addiction medicine", "allergy and immunology", "anesthesia", "cardiovascular medicine", "dentistry and oral medicine",
        "dermatology", "emergency medicine", "endocrinology", "epidemiology", "forensic medicine", "gastroenterology",
        "genetic and genomic medicine", "geriatric medicine", "health economics", "health informatics", "health policy",
        "health systems and quality improvement", "hematology", "hiv aids", "infectious diseases",
        "intensive care and critical care medicine", "medical education", "medical ethics", "nephrology", "neurology", "nursing",
        "nutrition", "obstetrics and gynecology", "occupational and environmental health", "oncology", "ophthalmology",
        "orthopedics", "otolaryngology", "pain medicine", "palliative medicine", "pathology", "pediatrics",
        "pharmacology and therapeutics", "primary care research", "psychiatry and clinical psychology",
        "public and global health", "radiology and imaging", "rehabilitation medicine and physical therapy",
        "respiratory medicine", "rheumatology", "sexual and reproductive health", "sports medicine", "surgery", "toxicology",
        "transplantation", "urology",
    }),
}  # fmt: skip
CLOSED = {
    "biorxiv": frozenset({"clinical trials", "epidemiology"}),
    "medrxiv": frozenset({"vascular medicine"}),
}
"""Categories of old records that the API takes no filter for: it answers with the whole server."""


def category_name(text: str) -> str:
    """A category as the API spells it, from the spelling of a website, an address or a shell: `HIV/AIDS` is `hiv aids`."""
    # "Infectious Diseases (except HIV/AIDS)"
    bare = re.sub(r"\([^()]*\)", "", text.lower()).replace("&", " and ")
    return " ".join(re.sub(r"[/_+-]|%20", " ", bare).split())
