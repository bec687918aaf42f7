"""Feeds in other places than a plain file: names that are filled in, compression, S3."""

import logging
import re
from collections.abc import Iterable
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel
from scrapy import Spider
from scrapy.settings import BaseSettings

COMPRESSIONS = {
    ".gz": "scrapy.extensions.postprocessing.GzipPlugin",
    ".bz2": "scrapy.extensions.postprocessing.Bz2Plugin",
    ".xz": "scrapy.extensions.postprocessing.LZMAPlugin",
}
WRONG_CREDENTIALS = {
    "InvalidAccessKeyId": "AWS_ACCESS_KEY_ID is none that it knows",
    "SignatureDoesNotMatch": "AWS_SECRET_ACCESS_KEY is another one's",
    "InvalidToken": "AWS_SESSION_TOKEN is not theirs",
    "ExpiredToken": "they have expired: ask for new ones",
    "RequestTimeTooSkewed": "the clock of this machine is wrong",
}
FILLED_IN = ("data", "name", "query", "job", "time", "batch_id", "batch_time")
LONGEST = 60


# --- names ------------------------------------------------------------------------------------------------------------


def uri_params(params: dict[str, Any], spider: Spider) -> dict[str, Any]:
    """What `%(…)s` in the name of a feed stands for: Scrapy's, the data folder, and the query in letters that suit a file."""
    arguments = getattr(spider, "arguments", None)
    query, job = (query_name(arguments), arguments.job) if arguments else ("", "")
    return {**params, "data": spider.settings["BIORXIVIST_DATA"], "query": query, "job": job}


def query_name(arguments: BaseModel) -> str:
    """The arguments of a crawl as part of a file name: readable words, and six letters that no other arguments have.

    How many papers are wanted at most is no part of it: with a higher limit the same feed goes on.
    """
    given = arguments.model_dump(mode="json", exclude_defaults=True, exclude={"job", "limit"})
    words = "-".join(re.findall(r"[a-z0-9.]+", " ".join(_words(given.values())).lower()))
    digest = blake2b(repr(sorted(given.items())).encode(), digest_size=3).hexdigest()
    return f"{words[:LONGEST].strip('.-')}-{digest}".lstrip("-")


def _words(values: Iterable[Any]) -> Iterable[str]:
    for value in values:
        if isinstance(value, dict):
            # a preprint by its DOI, a list by its file
            yield str(value.get("doi") or Path(str(value.get("name", ""))).stem)
        elif isinstance(value, list):
            yield from _words(value)
        else:
            yield str(value)


class _Names(dict[str, int]):
    """Takes every name, and remembers it."""

    def __missing__(self, name: str) -> int:
        self[name] = 1
        return 1


def template_fault(uri: str, spider: type[Spider]) -> str:
    """Why the name of a feed cannot be filled in; empty if it can."""
    names = _Names()
    try:
        uri % names
    except (ValueError, TypeError):
        return "a % that is not part of a name like %(time)s is written %%"
    unknown = [name for name in names if name not in FILLED_IN and not hasattr(spider, name)]
    return (
        f"there is no %({unknown[0]})s: there are {', '.join(f'%({name})s' for name in FILLED_IN)}" if unknown else ""
    )


def known_path(path: str, data: str) -> Path:
    """Where a feed goes, as far as that is known before its name is filled in: its own name may be another one."""
    known = Path(path.replace("%(data)s", data))
    return next(folder for folder in known.parents if "%(" not in str(folder)) / known.name


# --- compression ------------------------------------------------------------------------------------------------------


def with_format(element: str) -> str:
    """`-O papers.jsonl.gz` as Scrapy wants it: with its format behind a colon."""
    path = PurePosixPath(element)
    return f"{element}:{PurePosixPath(path.stem).suffix[1:]}" if path.suffix in COMPRESSIONS else element


def compressed(feeds: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The feeds, those compressed whose names say so."""
    plugins = {uri: COMPRESSIONS.get(PurePosixPath(str(uri)).suffix) for uri in feeds}
    return {
        uri: {"postprocessing": [plugins[uri]], **options} if plugins[uri] else options
        for uri, options in feeds.items()
    }


# --- all of it --------------------------------------------------------------------------------------------------------


def unusable_destination(settings: BaseSettings, spider: type[Spider]) -> str:
    """Why a feed could not get where it is to go; empty if all can."""
    for uri, options in settings.getdict("FEEDS").items():
        uri = str(uri)
        formats = getattr(spider, "formats", ())
        fault = template_fault(uri, spider)
        if not fault and formats and options.get("format", "jsonl") not in formats:
            fault = f"{spider.name} are written as JSON Lines, -O {spider.name}.jsonl"
        if not fault and urlsplit(uri).scheme == "s3":
            fault = bucket_fault(uri, settings)
        if not fault and not options.get("overwrite") and Path(uri).suffix in COMPRESSIONS and Path(uri).exists():
            fault = "a compressed feed has an end and cannot be continued; -O replaces it"
        if fault:
            return f"cannot write the feed {uri}: {fault}"
    return ""


# --- S3 ---------------------------------------------------------------------------------------------------------------


def bucket_fault(uri: str, settings: BaseSettings) -> str:
    """Why a feed could not go to S3, as far as its bucket tells without writing to it; empty if nothing is against it."""
    if not find_spec("boto3"):
        return "S3 needs boto3: pip install 'biorxivist[s3]'"
    import boto3.session
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

    # it tells where it found each of its settings
    logging.getLogger("botocore").setLevel(logging.WARNING)
    place = urlsplit(uri)
    bucket = place.hostname
    try:
        client = boto3.session.Session().client(
            "s3",
            aws_access_key_id=place.username or settings["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=place.password or settings["AWS_SECRET_ACCESS_KEY"],
            aws_session_token=settings["AWS_SESSION_TOKEN"],
            endpoint_url=settings["AWS_ENDPOINT_URL"] or None,
            region_name=settings["AWS_REGION_NAME"] or None,
            # by default what does not answer is waited for during three minutes
            config=Config(connect_timeout=10, read_timeout=20, retries={"total_max_attempts": 2}),
        )
        # a HEAD has no body that could tell wrong keys from keys that may only write
        client.list_objects_v2(Bucket=bucket, MaxKeys=1)
    except NoCredentialsError:
        return "no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment, or a profile by AWS_PROFILE"
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code in WRONG_CREDENTIALS:
            return f"S3 does not take the credentials, {WRONG_CREDENTIALS[code]} ({code})"
        # who may write need not be allowed to look
        return f"there is no bucket {bucket}" if code in ("NoSuchBucket", "404") else ""
    except (BotoCoreError, ValueError) as error:
        return str(error)
    return ""
