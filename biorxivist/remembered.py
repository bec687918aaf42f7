"""How far the listings of a server and a category were taken, and which papers of the last days: what `since=last` goes on from."""

import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from biorxivist.errors import UserError
from biorxivist.files import whole_file

# a full text comes up to two days after its posting, and a weekend may lie between
LAG = timedelta(days=4)
FORMAT = 1


class UnreadableMemory(UserError):
    """What an earlier run remembered cannot be read. Raised by `Remembered.load`."""


@dataclass
class Remembered:
    """The memory of one server, category and kind of listing: a small JSON file."""

    path: Path
    reached: date | None = None
    """Day up to which everything was taken."""
    papers: dict[str, list[str]] = field(default_factory=dict)
    """Of each paper taken of the last days, by DOI and version: posted, digest of its record, and `no text` while it has none."""

    @classmethod
    def load(cls, path: Path) -> "Remembered":
        """What is remembered in a file, nothing where there is none; raises `UnreadableMemory`."""
        try:
            data = json.loads(path.read_bytes())
            if data["format"] != FORMAT:
                raise ValueError(f"format {data['format']}, this version knows {FORMAT}")
            return cls(path, date.fromisoformat(data["reached"]) if data["reached"] else None, dict(data["papers"]))
        except FileNotFoundError:
            return cls(path)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise UnreadableMemory(
                f"cannot use {path} ({getattr(error, 'strerror', None) or error}): mend it, or delete it to begin anew"
            ) from None

    def since(self, today: date) -> date:
        """The day from which to read on."""
        return (self.reached or today) - LAG

    def follows(self, since: date) -> bool:
        """Whether a listing from a day on leaves no gap behind what was taken."""
        return self.reached is None or since <= self.reached + timedelta(days=1)

    def knows(self, key: str, digest: str) -> bool:
        """Whether a paper was taken with the record that it has now."""
        return self.papers.get(key, ["", ""])[1] == digest

    def lacks_text(self, key: str) -> bool:
        """Whether a paper was taken before its full text was there."""
        return len(self.papers.get(key, [])) > 2

    def take(self, key: str, posted: str, digest: str, has_text: bool) -> None:
        """Take note of a delivered paper."""
        self.papers[key] = [posted, digest] if has_text else [posted, digest, "no text"]

    def save(self, reached: date | None) -> None:
        """Write the file whole, without the papers that the next listing will not meet again; raises `UserError`."""
        self.reached = reached or self.reached
        if self.reached:
            oldest = (self.reached - LAG).isoformat()
            self.papers = {key: told for key, told in self.papers.items() if told[0] >= oldest}
        data = {"format": FORMAT, "reached": self.reached and self.reached.isoformat(), "papers": self.papers}
        with whole_file(self.path) as file:
            file.write(json.dumps(data, indent=0).encode())
