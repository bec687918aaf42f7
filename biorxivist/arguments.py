"""What `-a NAME=VALUE` accepts: one model a spider, and one line for a user who typed something else."""

import difflib
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from biorxivist.categories import CATEGORIES, CLOSED, category_name
from biorxivist.errors import UsageError
from biorxivist.identifiers import Preprint, parse_preprint
from biorxivist.lists import PreprintList, read_list


class ArgumentError(UsageError, ValueError):
    """An argument is not what the spider accepts. The message is one line that says what is allowed."""


def _yes_no(value: Any) -> Any:
    words = {"yes": True, "no": False, "true": True, "false": False, "1": True, "0": False}
    if isinstance(value, str) and value.strip().lower() in words:
        return words[value.strip().lower()]
    raise ValueError("must be yes or no")


def _iso_date(value: Any) -> Any:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value.strip())
    except (ValueError, AttributeError):
        raise ValueError("must be a date like 2025-03-14") from None


def _since(value: Any) -> Any:
    if isinstance(value, str) and value.strip().lower() == "last":
        return "last"
    try:
        return _iso_date(value)
    except ValueError:
        raise ValueError("must be a date like 2025-03-14, or last") from None


def _query(value: str) -> str:
    if not value.strip():
        raise ValueError('must not be empty: try q="single cell RNA sequencing"')
    if value.count('"') % 2:
        raise ValueError("has a quotation mark without its partner")
    depth = 0
    for character in re.sub(r'"[^"]*"', "", value):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth < 0:
            break
    if depth:
        raise ValueError("has a parenthesis without its partner")
    return value.strip()


def _preprints(value: Any) -> list[Preprint]:
    # "doi: 10.1101/…" is one DOI with a space in it
    joined = re.sub(r"(?i)\bdoi:\s+", "doi:", value.strip())
    parts = [p for p in re.split(r"[\s,;]+", joined) if p]
    if not parts:
        raise ValueError("must not be empty: try doi=10.1101/2023.10.19.563100")
    return [parse_preprint(p) for p in parts]


def _feed(value: Any) -> Any:
    path = Path(value)
    if not path.is_file():
        raise ValueError("no such feed: give one that a crawl wrote, file=papers.jsonl")
    return path


# operators, phrases, groups, wildcards and fields of Europe PMC's queries
BEYOND_THE_SITE = re.compile(r'\b(?:AND|OR|NOT)\b|["()*]|\b\w+:')
M = TypeVar("M", bound=BaseModel)
YesNo = Annotated[bool, BeforeValidator(_yes_no)]
IsoDate = Annotated[date, BeforeValidator(_iso_date)]


def in_order(given: M) -> M:
    """A model whose `since` is not after its `until`."""
    if given.since and given.until and given.since > given.until:
        raise ValueError(f"since={given.since} is after until={given.until}")
    return given


class BaseArguments(BaseModel):
    """What every spider accepts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    job: str = Field("", alias="_job")


class Arguments(BaseArguments):
    """What every spider accepts that gets papers."""

    fulltext: YesNo = True
    license: Literal["any", "cc", "open"] = "any"
    versions: Literal["latest", "all"] = "latest"
    preview: YesNo = False


class SearchArguments(Arguments):
    """Arguments of `scrapy crawl search`."""

    q: Annotated[str, AfterValidator(_query)]
    source: Literal["europepmc", "site"] = "europepmc"
    server: Literal["biorxiv", "medrxiv", "both"] = "biorxiv"
    since: IsoDate | None = None
    until: IsoDate | None = None
    limit: int | None = Field(None, ge=1)

    _in_order = model_validator(mode="after")(in_order)

    @model_validator(mode="after")
    def _expressible(self) -> "SearchArguments":
        if self.source == "site" and (found := BEYOND_THE_SITE.search(self.q)):
            raise ValueError(
                f"q={self.q}: the site's search knows words and dates, but not {found[0].strip()!r}; leave source=site out"
            )
        return self


class ListingArguments(Arguments):
    """Arguments of `scrapy crawl listing`."""

    since: Annotated[date | Literal["last"], BeforeValidator(_since)]
    until: IsoDate | None = None
    server: Literal["biorxiv", "medrxiv", "both"] = "biorxiv"
    category: Annotated[str, AfterValidator(category_name)] = ""
    limit: int | None = Field(None, ge=1)

    @model_validator(mode="after")
    def _in_order(self) -> "ListingArguments":
        if self.since == "last" and self.until:
            raise ValueError("since=last goes up to today: leave until out")
        if self.since != "last" and self.since > (until := self.until or datetime.now(UTC).date()):
            raise ValueError(f"since={self.since} is after until={until}")
        return self

    @model_validator(mode="after")
    def _known_category(self) -> "ListingArguments":
        servers = list(CATEGORIES) if self.server == "both" else [self.server]
        known = set().union(*(CATEGORIES[s] for s in servers))
        if not self.category or self.category in known:
            return self
        if any(self.category in CLOSED[s] for s in servers):
            raise ValueError(f"category={self.category} is closed: the API takes no filter for it")
        other = next((s for s in CATEGORIES if self.category in CATEGORIES[s]), "")
        near = difflib.get_close_matches(self.category, known, n=3, cutoff=0.5)
        hint = (
            f"it is one of {other}"
            if other
            else f"did you mean {' or '.join(near)}?"
            if near
            else ", ".join(sorted(known))
        )
        raise ValueError(f"category={self.category} is unknown on {' and '.join(servers)}: {hint}")

    def kind(self) -> dict[str, str]:
        """What makes this listing another than the usual one of its server and category."""
        kind = {"fulltext": "yes" if self.fulltext else "no", "license": self.license, "versions": self.versions}
        return {name: value for name, value in kind.items() if value not in ("yes", "any", "latest")}


class PaperArguments(Arguments):
    """Arguments of `scrapy crawl paper`."""

    doi: Annotated[list[Preprint], BeforeValidator(_preprints)] | None = None
    file: Annotated[PreprintList, BeforeValidator(read_list)] | None = None

    @model_validator(mode="after")
    def _something(self) -> "PaperArguments":
        if (self.doi is None) == (self.file is None):
            raise ValueError("give doi=10.1101/… or file=dois.txt, one of the two")
        return self


class AnnotationsArguments(BaseArguments):
    """Arguments of `scrapy crawl annotations`."""

    file: Annotated[Path, BeforeValidator(_feed)]
    preview: ClassVar[bool] = False


def parse(model: type[M], given: dict[str, Any]) -> M:
    """The arguments of a spider or of a search; raises `ArgumentError`."""
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise ArgumentError(explain(model, error)) from None


def explain(model: type[BaseModel], error: ValidationError) -> str:
    """The first fault of a validation as one line."""
    fault = error.errors()[0]
    names = ", ".join(
        field.alias or name for name, field in model.model_fields.items() if not (field.alias or "").startswith("_")
    )
    name = ".".join(str(part) for part in fault["loc"][:1])
    if fault["type"] == "extra_forbidden":
        return f"unknown argument {name}: allowed are {names}"
    if fault["type"] == "missing":
        return f"argument {name} is missing: allowed are {names}"
    message = fault["msg"].removeprefix("Value error, ").replace("Input should be", "must be")
    return f"argument {name}={fault['input']}: {message}" if name else message
