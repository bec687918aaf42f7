"""Checks of what a user may add: a browser, Neo4j, S3, language models."""

import os
from dataclasses import replace
from importlib.util import find_spec
from urllib.parse import urlsplit, urlunsplit

from playwright.sync_api import Error, sync_playwright
from scrapy.settings import BaseSettings

from biorxivist.browser.chromium import find_chromium, launch_options, why_none
from biorxivist.doctor import Finding, verdict
from biorxivist.graph.server import Address, Neo4j
from biorxivist.library.endpoint import served

S3 = ("AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3")
MANY = 5


def chromium(settings: BaseSettings) -> Finding:
    """Whether the browser starts and runs a script."""
    wanted = settings["BIORXIVIST_BROWSER"]
    path = find_chromium(wanted)
    if not path:
        reason = f"{why_none(wanted)}; pages that a script fills are left out"
        return Finding("off" if wanted in ("auto", "no") else "wrong", reason)
    try:
        with sync_playwright() as driver:
            browser = driver.chromium.launch(**launch_options(path), timeout=30_000)
            answer = browser.new_page().evaluate("1 + 1")
            name = f"{path}, version {browser.version}"
            browser.close()
    except Error as error:
        return Finding(
            "wrong", f"{path} does not start: {_first_line(error)}; BIORXIVIST_BROWSER names another one, or `no`"
        )
    return verdict("" if answer == 2 else f"{path} runs no script", name)


def neo4j(settings: BaseSettings) -> Finding:
    """Whether the graph's server answers. Raises `UserError`."""
    if not (uri := settings["NEO4J_URI"]):
        return Finding("off", "NEO4J_URI is not set: the graph is a file in the data folder")
    with Neo4j(replace(Address.of(settings), patience=0)) as store:
        store.read("RETURN 1", {})
        return Finding("ok", f"{shown(uri)} answers as {store.driver.get_server_info().agent}")


def s3(settings: BaseSettings) -> Finding:
    """Whether there are credentials. A bucket is looked at where a feed is to go there."""
    if not any(settings.get(name) or os.environ.get(name) for name in S3):
        return Finding("off", "no AWS_… is set: feeds are files")
    if not find_spec("boto3"):
        return Finding("wrong", "S3 needs boto3: pip install 'biorxivist[s3]'")
    from boto3 import Session
    from botocore.exceptions import BotoCoreError

    try:
        given = settings["AWS_ACCESS_KEY_ID"] or Session().get_credentials()
    except BotoCoreError as error:
        return Finding("wrong", _first_line(error))
    at = settings["AWS_ENDPOINT_URL"] or os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    fault = "" if given else "no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment"
    return verdict(
        fault, f"credentials for {shown(at) if at else 'AWS'}; scrapy doctor s3://BUCKET/papers.jsonl asks for a bucket"
    )


def language_model(settings: BaseSettings) -> Finding:
    """Whether the endpoint that writes answers answers. Raises `UserError`."""
    return _endpoint("LLM", "answers are made of the papers' own sentences")


def embeddings(settings: BaseSettings) -> Finding:
    """Whether the endpoint that makes vectors answers, or a local model could be loaded. Raises `UserError`."""
    if os.environ.get("EMBEDDINGS_MODEL") and not os.environ.get("EMBEDDINGS_URL"):
        fault = (
            ""
            if find_spec("sentence_transformers")
            else "a local model needs pip install 'biorxivist[local]'; or set EMBEDDINGS_URL"
        )
        return verdict(fault, f"{os.environ['EMBEDDINGS_MODEL']} on this machine")
    return _endpoint("EMBEDDINGS", "libraries find by words alone")


def _endpoint(name: str, without: str) -> Finding:
    url, model = os.environ.get(f"{name}_URL", ""), os.environ.get(f"{name}_MODEL", "")
    if not url:
        advice = f", so {name}_MODEL={model} is not used" if model else ""
        return Finding("wrong" if model else "off", f"{name}_URL is not set{advice}: {without}")
    if not model:
        return Finding("wrong", f"{name}_URL is set and {name}_MODEL is not: name a model that it serves")
    models = served(f"{name}_URL", shown(url), url, os.environ.get(f"{name}_API_KEY", ""))
    if not models:
        return Finding(
            "note", f"{shown(url)} answers and does not list its models, so {model} is not known to be there"
        )
    if not any(model == id or id.startswith(f"{model}:") for id in models):
        there = ", ".join(models[:MANY]) + (", …" if len(models) > MANY else "")
        return Finding("wrong", f"{shown(url)} does not serve {name}_MODEL={model}: there are {there}")
    return Finding("ok", f"{model} at {shown(url)}")


def shown(url: str) -> str:
    """An address without what may be secret in it: name, password, query."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
