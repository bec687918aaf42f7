"""The graph of feeds in files, without a store: the same nodes and relationships that loading the feeds makes."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from biorxivist.errors import UsageError
from biorxivist.feed import holds_annotations, read_annotations_feed, read_feed
from biorxivist.files import whole_file, whole_folder
from biorxivist.graph.entities import add_annotations
from biorxivist.graph.graphml import write_graphml
from biorxivist.graph.import_csv import write_csv
from biorxivist.graph.loading import batches, few_collections
from biorxivist.graph.merged import Merged
from biorxivist.graph.parquet import write_parquet
from biorxivist.graph.record import add_record
from biorxivist.graph.tables import Rows, version_id
from biorxivist.graph.writing import build
from biorxivist.items import Paper

FOLDERS = {"parquet": write_parquet, "csv": write_csv}
FORMATS = (*FOLDERS, "graphml")


class Exported(NamedTuple):
    """What is in the files."""

    papers: int
    nodes: int
    relationships: int
    absent: list[str]
    """Versions that annotations are of and no feed has."""


def export(feeds: Sequence[Path | str], target: str, format: str = "", told: Callable[[int], None] = lambda papers: None) -> Exported:  # fmt: skip
    """Write the graph of feeds into a folder or a GraphML file, whole or not at all; `told` hears how many papers were read.

    Without a format a name that ends in `.graphml` is GraphML, a folder Parquet. Raises `UserError`.
    """
    suffix = Path(target).suffix
    format = format or ("graphml" if suffix == ".graphml" else "parquet")
    if format != "graphml" and suffix and not Path(target).is_dir():
        raise UsageError(f"{target}: give a folder, for {format}, or a name that ends in .graphml")
    if format == "graphml":
        with whole_file(target) as file, merged(feeds, Path(target).resolve().parent, told) as rows:
            write_graphml(rows, file)
            return Exported(rows.papers, *rows.size(), rows.absent)
    with whole_folder(target) as folder, merged(feeds, folder.parent, told) as rows:
        FOLDERS[format](rows, folder)
        return Exported(rows.papers, *rows.size(), rows.absent)


@contextmanager
def merged(feeds: Sequence[Path | str], folder: Path, told: Callable[[int], None]) -> Iterator[Merged]:
    """The rows of feeds, in a folder while they are needed."""
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".rows.", dir=folder) as place, Merged(Path(place)) as rows, few_collections():
        mined = [feed for feed in feeds if holds_annotations(feed)]
        feeds = [feed for feed in feeds if feed not in mined]
        best = _records(feeds, rows) if len(feeds) > 1 else {}
        for batch in batches(_chosen(feeds, best)):
            rows.add(build(batch))
            rows.papers += len(batch)
            told(rows.papers)
        _add_annotations(mined, rows)
        yield rows


def _records(feeds: Sequence[Path | str], rows: Merged) -> dict[str, int]:
    """The feed with the best line of each version. What any line's record says is kept, as a store does."""
    best: dict[str, tuple[tuple[int, str], int]] = {}
    for number, feed in enumerate(feeds):
        for batch in batches(read_feed(feed)):
            records = Rows()
            for line in batch:
                add_record(records, line.paper)
                best[line.id] = max(best.get(line.id, (line.rank, -1)), (line.rank, number))
            rows.add(records)
    return {id: number for id, (_, number) in best.items()}


def _chosen(feeds: Sequence[Path | str], best: dict[str, int]) -> Iterator[Paper]:
    for number, feed in enumerate(feeds):
        for paper in read_feed(feed):
            if best.get(version_id(paper), number) == number:
                yield paper


def _add_annotations(feeds: Sequence[Path | str], rows: Merged) -> None:
    """Annotations of the versions that are there; of several lines of one version the last."""
    last = {str(annotated): number for number, feed in enumerate(feeds) for annotated in read_annotations_feed(feed)}
    for number, feed in enumerate(feeds):
        for annotated in read_annotations_feed(feed):
            version = str(annotated)
            if last[version] != number:
                continue
            if not rows.described(version):
                rows.absent.append(version)
                continue
            found = Rows()
            add_annotations(found, annotated, rows.chunks(version))
            rows.add(found)
