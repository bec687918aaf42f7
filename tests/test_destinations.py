"""Feeds in other places than a plain file: templates, compression, several at once, S3."""

import gzip
import json
import lzma
import os
import re
import subprocess
import sys
import urllib.request

import boto3
import pytest
from botocore.exceptions import ClientError
from moto.server import ThreadedMotoServer

from biorxivist.arguments import PaperArguments, SearchArguments, parse
from biorxivist.destinations import query_name, template_fault, with_format
from biorxivist.feed import read_feed
from biorxivist.spiders.search import SearchSpider
from tests.crawling import local_site
from tests.ports import free_port

MONOCYTES = "10.1101/2024.03.05.583102"
PAPER = ("paper", "-a", f"doi={MONOCYTES}")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with local_site(tmp_path_factory.mktemp("site"), "--delay", "0") as site:
        yield site


def test_a_compressed_feed_is_not_continued(site, tmp_path):
    (tmp_path / "papers.jsonl.gz").write_bytes(b"kept")
    run = site.crawl(tmp_path, *PAPER, feed="papers.jsonl.gz", output="-o")
    assert (run.status, (tmp_path / "papers.jsonl.gz").read_bytes()) == (1, b"kept")
    assert "-O replaces it" in run.log


@pytest.fixture(scope="module")
def s3():
    """An S3 with the bucket `preprints`, and the environment that leads to it."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    address = "http://{}:{}".format(*server.get_host_and_port())
    environment = {
        "AWS_ENDPOINT_URL": address, "AWS_ACCESS_KEY_ID": "invented", "AWS_SECRET_ACCESS_KEY": "invented",
        "AWS_DEFAULT_REGION": "us-east-1",
    }  # fmt: skip
    before = dict(os.environ)
    os.environ.update(environment)
    boto3.client("s3").create_bucket(Bucket="preprints")
    yield boto3.client("s3")
    os.environ.clear()
    os.environ.update(before)
    server.stop()


def test_names_are_filled_in_and_several_feeds_are_written_at_once(site, tmp_path):
    run = site.crawl(
        tmp_path,
        *PAPER,
        "-O",
        "%(data)s/feeds/%(name)s/%(query)s.jsonl.gz",
        "-O",
        "all.csv",
        feed="at-%(time)s.jsonl.xz",
    )
    assert run.status == 0, run.log
    (packed,) = (tmp_path / "data" / "feeds" / "paper").iterdir()
    assert re.fullmatch(r"10\.1101-2024\.03\.05\.583102-[0-9a-f]{6}\.jsonl\.gz", packed.name)
    assert [paper.doi for paper in read_feed(packed)] == [MONOCYTES]
    assert json.loads(gzip.decompress(packed.read_bytes()))["doi"] == MONOCYTES
    (timed,) = tmp_path.glob("at-20*.jsonl.xz")
    assert json.loads(lzma.decompress(timed.read_bytes()))["doi"] == MONOCYTES
    assert (tmp_path / "all.csv").read_text(encoding="utf-8").startswith("doi,")
    assert sorted(p.name for p in tmp_path.iterdir() if "%" in p.name) == []


def test_a_feed_goes_to_s3(site, s3, tmp_path):
    run = site.crawl(tmp_path, *PAPER, "-O", "s3://preprints/gz/%(query)s.jsonl.gz", feed="s3://preprints/papers.jsonl")
    assert run.status == 0, run.log
    kept = s3.get_object(Bucket="preprints", Key="papers.jsonl")["Body"].read()
    assert json.loads(kept)["doi"] == MONOCYTES
    (packed,) = s3.list_objects(Bucket="preprints", Prefix="gz/")["Contents"]
    packed = s3.get_object(Bucket="preprints", Key=packed["Key"])["Body"].read()
    assert gzip.decompress(packed) == kept


def test_a_feed_that_s3_does_not_take_at_the_end_fails_the_crawl(site, s3, tmp_path):
    # an ACL that S3 does not know is refused when the feed is stored
    run = site.crawl(tmp_path, *PAPER, "-s", "FEED_STORAGE_S3_ACL=nobody", feed="s3://preprints/refused.jsonl")
    assert run.status == 1, run.log
    assert "Error storing jsonl feed" in run.log


@pytest.fixture(scope="module")
def key(s3) -> tuple[str, str]:
    """Access key and secret of someone who may write to the bucket and do nothing else."""
    iam = boto3.client("iam")
    iam.create_user(UserName="writer")
    allowed = {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::preprints/*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    iam.put_user_policy(UserName="writer", PolicyName="write", PolicyDocument=policy)
    made = iam.create_access_key(UserName="writer")["AccessKey"]
    return made["AccessKeyId"], made["SecretAccessKey"]


@pytest.fixture
def writer(key):
    """The same, while S3 looks at credentials."""

    def look_from(request: bytes) -> None:
        kind = {"Content-Type": "text/plain"}
        urllib.request.urlopen(
            urllib.request.Request(f"{os.environ['AWS_ENDPOINT_URL']}/moto-api/reset-auth", request, kind)
        ).close()

    look_from(b"0")
    yield key
    look_from(b"inf")


def test_who_may_only_write_can_write(site, s3, writer, tmp_path):
    key, secret = writer
    env = os.environ | {"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret}
    with pytest.raises(ClientError, match="AccessDenied"):
        boto3.client("s3", aws_access_key_id=key, aws_secret_access_key=secret).list_objects_v2(Bucket="preprints")
    run = site.crawl(tmp_path, *PAPER, feed="s3://preprints/written.jsonl", env=env)
    assert run.status == 0, run.log


@pytest.mark.parametrize(("wrong", "name"), [(0, "AWS_ACCESS_KEY_ID"), (1, "AWS_SECRET_ACCESS_KEY")])
def test_wrong_credentials_are_told_before_the_first_request(site, writer, tmp_path, wrong, name):
    given = [*writer]
    given[wrong] = "A" * len(given[wrong])
    env = os.environ | dict(zip(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), given, strict=True))
    before = len(site.asked)
    run = site.crawl(tmp_path, *PAPER, feed="s3://preprints/written.jsonl", env=env)
    assert run.status == 1
    assert len(run.log.splitlines()) == 1
    assert f"s3://preprints/written.jsonl: S3 does not take the credentials, {name} is " in run.log
    assert len(site.asked) == before


@pytest.mark.parametrize(
    ("feed", "settings", "line"),
    [
        ("s3://nowhere/papers.jsonl", {}, "s3://nowhere/papers.jsonl: there is no bucket nowhere"),
        ("s3://preprints/papers.jsonl", {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{free_port()}"}, "Could not connect"),
        ("papers-%(tme)s.jsonl", {}, "there is no %(tme)s: there are %(data)s, %(name)s, %(query)s, %(job)s"),
        ("100%.jsonl", {}, "a % that is not part of a name like %(time)s is written %%"),
        ("file/%(time)s.jsonl", {}, "file"),
    ],
)  # fmt: skip
def test_a_place_that_takes_no_feed_is_told_before_the_first_request(site, s3, tmp_path, feed, settings, line):
    (tmp_path / "file").touch()
    before = len(site.asked)
    named = [argument for name, value in settings.items() for argument in ("-s", f"{name}={value}")]
    run = site.crawl(tmp_path, *PAPER, *named, feed=feed)
    assert run.status == 1, run.log
    assert len(run.log.splitlines()) == 1
    assert run.log.startswith("scrapy crawl: cannot write the feed ")
    assert line in run.log
    assert len(site.asked) == before


def test_a_query_has_a_name_of_its_own():
    def name(**given: str) -> str:
        return query_name(parse(SearchArguments, given))

    assert re.fullmatch(r"tgf-beta-2025-01-01-[0-9a-f]{6}", name(q="TGF-beta", since="2025-01-01"))
    assert name(q="TGF-beta") != name(q="TGF beta")
    assert name(q="TGF-beta") == name(q="TGF-beta", limit="5")
    assert re.fullmatch(r"[0-9a-f]{6}", name(q="細胞"))
    assert len(name(q="word " * 100)) < 70
    assert query_name(parse(PaperArguments, {"doi": "10.1101/339741v2"})).startswith("10.1101-339741-")


def test_what_a_template_may_name():
    assert template_fault("%(name)s-%(batch_id)05d-%(accepts)s.jsonl", SearchSpider) == ""
    assert template_fault("100%%.jsonl", SearchSpider) == ""


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("a.jsonl.gz", "a.jsonl.gz:jsonl"), ("s3://b/a.csv.xz", "s3://b/a.csv.xz:csv"), ("a.jsonl", "a.jsonl"), ("a.gz:csv", "a.gz:csv"), ("-", "-")],
)  # fmt: skip
def test_the_format_stands_before_the_compression(typed, meant):
    assert with_format(typed) == meant


def test_without_credentials_one_line_says_what_to_set(site, s3, tmp_path):
    hidden = dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), "")
    nowhere = {name: str(tmp_path / "none") for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE")}
    environment = os.environ | hidden | nowhere | {"AWS_EC2_METADATA_DISABLED": "true"}
    run = site.crawl(tmp_path, *PAPER, feed="s3://preprints/papers.jsonl", env=environment)
    assert run.status == 1
    assert len(run.log.splitlines()) == 1
    assert "no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY" in run.log


def test_without_boto3_one_line_says_what_to_install(site, tmp_path):
    hidden = "import sys; sys.modules['boto3'] = None; from biorxivist.__main__ import main; main()"
    command = [sys.executable, "-c", hidden, *site.arguments(tmp_path, *PAPER), "-O", "s3://preprints/papers.jsonl"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=600, check=False)
    line = "cannot write the feed s3://preprints/papers.jsonl: S3 needs boto3: pip install 'biorxivist[s3]'"
    assert (done.returncode, done.stderr) == (1, f"scrapy crawl: {line}\n")
