"""The console script `biorxivist`: `scrapy` with this project's settings, from any folder."""

import os

from scrapy.cmdline import execute


def main() -> None:
    """Run a Scrapy command."""
    os.environ.setdefault("SCRAPY_SETTINGS_MODULE", "biorxivist.settings")
    execute()


if __name__ == "__main__":
    main()
