"""`make demo`: start the local site, run the README's first command against it, show what came out."""

import json
import subprocess
import sys
import textwrap
from pathlib import Path

from tests.crawling import ROOT, local_site

FOLDER = ROOT / "demo"
COMMAND = ["crawl", "search", "-a", "q=single cell RNA sequencing", "-a", "limit=50"]


def main() -> None:
    """Run the demo; ends with the status of the crawl."""
    FOLDER.mkdir(exist_ok=True)
    feed = FOLDER / "papers.jsonl"
    print("A small bioRxiv on this machine, with invented papers:", flush=True)
    print('  scrapy crawl search -a q="single cell RNA sequencing" -a limit=50 -O demo/papers.jsonl', flush=True)
    with local_site(FOLDER) as site:
        done = subprocess.run(
            [sys.executable, "-m", "biorxivist", *COMMAND, *site.settings, "-O", str(feed)], check=False
        )
    if done.returncode == 0:
        show(feed)
    sys.exit(done.returncode)


def show(feed: Path) -> None:
    """Print the papers of a feed as a list, and one of them at length."""
    papers = [json.loads(line) for line in feed.read_text(encoding="utf-8").splitlines()]
    print(f"\n{feed.relative_to(ROOT)} has {len(papers)} papers:\n")
    for p in papers:
        print(
            f"  {p['posted']}  {p['doi']}v{p['version']}  {len(p['text'].split()):>6,} words  {p['license'] or '–':<16}  {p['title'][:60]}"
        )
    paper = max(papers, key=lambda p: len(p["text"]))
    print(
        f"\nOne of them:\n\n  {paper['title']}\n  {'; '.join(a['name'] for a in paper['authors'])}\n  {paper['url']}\n"
    )
    outline(paper["sections"])
    counts = ", ".join(f"{len(paper[name])} {name}" for name in ("figures", "tables", "formulas", "references"))
    print(f"\n  {counts}; asked: {', '.join(a['source'] + ' ' + a['outcome'] for a in paper['attempts'])}\n")
    print(textwrap.indent(textwrap.fill(paper["text"][:900] + " …", 110, replace_whitespace=False), "  | "))


def outline(sections: list[dict], indent: str = "  ") -> None:
    """Print headings as they nest."""
    for section in sections:
        print(f"{indent}{section['title'] or '(no heading)'}")
        outline(section["sections"], indent + "  ")


if __name__ == "__main__":
    main()
