"""`scrapy report`: the report of a run, made again from its record."""

import argparse
import json
from pathlib import Path
from typing import Any

from jinja2 import TemplateError

from biorxivist.commandline import FeedCommand
from biorxivist.errors import UsageError, UserError
from biorxivist.files import whole_file
from biorxivist.report import SCHEMA, render


class Command(FeedCommand):
    """Write the page that tells what a run did."""

    def syntax(self) -> str:
        return "[RUN.JSON] [-o REPORT.HTML]"

    def short_desc(self) -> str:
        return "Make the report of a run from its record (default: the latest run)"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("-o", dest="output", metavar="REPORT.HTML", help="default: report.html beside the record")

    def perform(self, args: list[str], opts: argparse.Namespace) -> None:
        if len(args) > 1:
            raise UsageError(f"one record at a time: scrapy report {self.syntax()}")
        path = Path(args[0]) if args else Path(self.settings["BIORXIVIST_DATA"]).expanduser() / "runs/latest/run.json"
        page = render_file(path)
        output = opts.output or path.with_name("report.html")
        with whole_file(output) as file:
            file.write(page.encode())
        if output != "-":
            print(output)


def render_file(path: Path) -> str:
    """The report of a record's file; raises `UserError`."""
    try:
        record: dict[str, Any] = json.loads(path.read_bytes())
        if record["schema"] > SCHEMA:
            raise UserError(f"{path} was written by a newer BioRxivist: pip install --upgrade biorxivist")
        return render(record)
    except OSError as error:
        raise UserError(f"cannot read the record {path}: {error.strerror}") from None
    except (ValueError, TypeError, LookupError, AttributeError, TemplateError) as error:
        raise UserError(f"{path} is no record of a run ({type(error).__name__}): give a run.json") from None
