"""Leftovers of typesetting in the titles and abstracts of the API and of Europe PMC, turned into the text they stand for."""

import html
import re
from collections.abc import Callable
from html.entities import html5

from biorxivist.readers.headings import split_headings
from biorxivist.readers.tex import NO_FORMULA
from biorxivist.text import LINE, PARAGRAPH, subscript, superscript

GREEK = re.compile(
    "(?i:alpha|beta|gamma|delta|epsilon|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|omicron|pi|rho|sigma|tau|upsilon|phi|chi"
    "|psi|omega)|var(?:epsilon|theta|pi|rho|sigma|phi)"
)
# names that mean the same in HTML
NAMED = re.compile(
    "approx|asymp|bull|cap|cong|cup|[dD]agger|deg|divide|[dhlru]arr|(?:down|left|leftright|right|up)arrow|ell|equiv"
    "|euro|exist|forall|geq?|gt|gtrsim|hbar|infin|int|isin|[lL]eftarrow|leq?|lesssim|lt|micro|middot|minus|nabla|ne|notin"
    "|oplus|[oO]slash|[aA]ring|otimes|para|permil|perp|plusmn|pm|pound|prime|prop|propto|radic|Rightarrow|sect|sime?q?"
    "|square|sube|subseteq|sum|supe|supseteq|times"
)
SYMBOLS = {name[:-1]: c for name, c in html5.items() if NAMED.fullmatch(name[:-1])} | {
    "+/-": "±", "-/+": "∓", "+-": "±", "degrees": "°", "degree": "°", "middle dot": "·", "infty": "∞", "o": "°", "cdot": "·",
    "per thousand": "‰", "angstrom": "Å", "triangleup": "Δ", "whitebullet": "◦", "inverted exclamation": "¡",
    "paragraph": "¶", "~": "∼", "~=": "≃", "->": "→", "<-": "←", ">=": "≥", "<=": "≤", "tpltrtarr": "➢", "sqrt": "√",
    "partial": "∂", "neq": "≠", "bullet": "•",
}  # fmt: skip
LETTERS = {name[:-1]: c for name, c in html5.items() if GREEK.fullmatch(name[:-1])}
# HTML calls the other form of these two the variant; Europe PMC shows the same records with LaTeX's
LETTERS |= {"epsilon": "ϵ", "varepsilon": "ε", "phi": "ϕ", "varphi": "φ"}
BRACED = SYMBOLS | LETTERS | {f"superscript {sign}": superscript(sign) for sign in "0123456789+-"}
BRACKETED = {"~", "~=", "->", "<-", ">=", "<=", "ge", "le", "gt", "lt", "bullet", "isin", "tpltrtarr", *LETTERS}

INLINE_TAGS = "i|b|em|strong|u|s|sc|small|big|tt|a|span|font|italic|bold|underline|monospace|named-content|ext-link|inline-formula|xref|styled-content"  # fmt: skip
BLOCK_TAGS = "p|h[1-6]|div|sec|title|abstract|ul|ol|list|table|section|blockquote"
LINE_TAGS = "br|li|list-item|break"
ATTRIBUTES = r"""(?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*\s*"""
Change = str | Callable[[re.Match[str]], str]


def _tag(names: str) -> re.Pattern[str]:
    return re.compile(rf"</?(?:jats:)?(?:{names}){ATTRIBUTES}/?>", re.I)


def _symbol(match: re.Match[str]) -> str:
    return BRACED.get(html.unescape(match[1]).strip(), match[0])


def _bracketed(match: re.Match[str]) -> str:
    name = html.unescape(match[1]).strip()
    return BRACED[name] if name in BRACKETED else html.unescape(match[1]) if match[1] != name else match[0]


def _code_point(match: re.Match[str]) -> str:
    character = chr(int(match[1], 16)) if int(match[1], 16) <= 0x10FFFF else ""
    return character if character.isprintable() and character else match[0]


def _small_caps_heading(match: re.Match[str]) -> str:
    return PARAGRAPH + match[1] + PARAGRAPH


ESCAPED_TAG = re.compile(r"&lt;(/?(?:i|b|em|strong|u|sup|sub|sc|italic|bold)) ?/?&gt;", re.I)
FIGURE_HEAD = rf"(?:(?:^|[\n{PARAGRAPH}])[ \t]{{0,20}}(?:graphical|visual) abstract[\s{PARAGRAPH}]{{0,20}})?"
STEPS: list[tuple[re.Pattern[str], Change]] = [
    # floats: a mark without its end runs to the end of what HighWire puts into every float, or of the text
    (re.compile(rf"{FIGURE_HEAD}O_(FIG|TBL)(?:_DISPLAY\w*|\b)(?:.*?C_\1(?:_DISPLAY\w*)?|.*?M_\1|.*)", re.S | re.I), PARAGRAPH),
    (re.compile(r"O_LINK\w* WIDTH=[^>]*>|org\.highwire\.dtl\.\w+@[0-9a-f]+|View larger version \(\d+K\):"), ""),
    (re.compile(r"_?H?P?S_FORMAT\w*|\b[MC]_(?:FIG|TBL)\b|[OC]_(?:FLOATNO|TABLECAPTION|INLINEFIG)"), ""),
    (re.compile(r"[OMC]_FD\b"), " "),
    (re.compile(r"[OC]_TEXTBOX"), PARAGRAPH),
    # what was escaped twice, and tags that were escaped
    (re.compile(r"&amp;(?=#?\w{2,30};)"), "&"),
    (ESCAPED_TAG, r"<\1>"),
    # tags before entities: "p &lt; 0.05" must not become one
    (_tag(INLINE_TAGS), ""),
    (re.compile(rf"<((?:jats:)?sup){ATTRIBUTES}>([^<>]*)</\1\s*>", re.I), lambda m: superscript(m[2])),
    (re.compile(rf"<((?:jats:)?(?:sub|inf)){ATTRIBUTES}>([^<>]*)</\1\s*>", re.I), lambda m: subscript(m[2])),
    (_tag("sup|sub|inf"), ""),
    (_tag(LINE_TAGS), LINE),
    (_tag(BLOCK_TAGS), PARAGRAPH),
    # headings, small capitals, lists
    (re.compile(r"^\s*AO_SCPLOWBSTRACTC_SCPLOW:?\s*"), ""),
    (re.compile(r"O_ST_ABS((?:(?!O_ST_ABS).)*?)C_ST_ABS", re.S), lambda m: f"{PARAGRAPH}{m[1]}{PARAGRAPH}"),
    (re.compile(r"[OC]_ST_ABS"), PARAGRAPH),
    (re.compile(rf"(?:^|(?<=[\n{PARAGRAPH}]))((?:[A-Z]?O_SCP(?:LOW|CAP)[^_]*C_SCP(?:LOW|CAP)\s*)+)(?=[A-Z][a-z]|O_LI)"), _small_caps_heading),
    (re.compile(r"[OC]_SCP(?:LOW|CAP)"), ""),
    (re.compile(r"(?<!\s)\s*C_LI\s*O_LI"), LINE),
    (re.compile(r"(?<!\s)\s*(?:C_LI|O_LI)"), PARAGRAPH),
    # symbols
    (re.compile(r"\{([^{}\s](?:[^{}]{0,18}[^{}\s])?)\}"), _symbol),
    (re.compile(r"\[(&\w{2,3};|-&gt;|&lt;-|~=?|[A-Za-z]{2,9})\]"), _bracketed),
    (re.compile(r"\[x([0-9A-F]{4,5})\]"), _code_point),
    (re.compile(r"\[Formula(?: \d{1,3})?(?:: see text)?\]"), NO_FORMULA),
    # elsewhere these may be a concentration, or a sign in brackets
    (re.compile(r"(?<=\d)(\s?)\[A\](?!\w)"), r"\1Å"),
    (re.compile(r"\[-\](?=\.?\d)"), "−"),
    (re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});"), lambda m: html.unescape(m[0])),
    (re.compile(rf"(?<!\s)\s*(?:\n[^\S\n]*\n|{PARAGRAPH})\s*"), PARAGRAPH),
]  # fmt: skip


# every leftover has one of these, most abstracts have none
SUSPECT = re.compile(rf"[{{\[<&_\n{PARAGRAPH}]|org\.highwire|View larger")


def mend(text: str) -> str:
    """A text as it reads, in the form that `biorxivist.text` cleans; text without leftovers as it is."""
    if not SUSPECT.search(text):
        return text
    mended = text
    for pattern, change in STEPS:
        mended = pattern.sub(change, mended)
    return mended.strip(f"{LINE}{PARAGRAPH} \n\t") if mended != text else text


def mend_abstract(text: str) -> str:
    """An abstract as it reads, with its headings as paragraphs."""
    return split_headings(mend(text))
