"""Every departure from Scrapy's defaults, with the default and the reason."""

import os

from platformdirs import user_data_dir

from biorxivist.identity import user_agent

BOT_NAME = "biorxivist"
SPIDER_MODULES = ["biorxivist.spiders"]
SPIDER_LOADER_CLASS = "biorxivist.spider_loader.Offered"  # default lists spiders that serve the program itself too
ADDONS = {"biorxivist.identity.Contact": 50, "biorxivist.browser.chromium.Chromium": 100}
COMMANDS_MODULE = "biorxivist.commands"  # `scrapy crawl` with an exit status that can be trusted

# --- who we are -------------------------------------------------------------------------------------------------------

BIORXIVIST_CONTACT = os.environ.get("BIORXIVIST_CONTACT", "")
USER_AGENT = user_agent(BIORXIVIST_CONTACT)

# --- what is kept between runs ----------------------------------------------------------------------------------------

BIORXIVIST_DATA = os.environ.get("BIORXIVIST_DATA") or user_data_dir("biorxivist", appauthor=False)

HTTPCACHE_ENABLED = True  # default False; the archive: what was fetched is not fetched again
HTTPCACHE_STORAGE = "biorxivist.archive.cache.Storage"  # default a folder for each answer
HTTPCACHE_POLICY = "biorxivist.archive.cache.Policy"  # default keeps whatever is answered
HTTPCACHE_EXPIRATION_SECS = (
    24 * 3600
)  # default 0, never; documents of a version have no end, everything else is asked again

# --- the graph --------------------------------------------------------------------------------------------------------

# the password is read from the environment where it is needed: Scrapy logs settings
NEO4J_URI = os.environ.get("NEO4J_URI", "")  # the graph is in a file if it is empty
NEO4J_USERNAME = os.environ.get("NEO4J_USERNAME", "neo4j")
NEO4J_DATABASE = os.environ.get("NEO4J_DATABASE", "")  # the server's default
NEO4J_VECTOR_INDEX = os.environ.get("NEO4J_VECTOR_INDEX", "chunk_embedding")  # made by `scrapy graph embed`
NEO4J_FULLTEXT_INDEX = os.environ.get("NEO4J_FULLTEXT_INDEX", "chunk_text")
NEO4J_BATCH = 20  # papers that a crawl writes at once
NEO4J_BATCH_SECONDS = 10  # longest time between two writes while papers come
NEO4J_PATIENCE = 20  # seconds in which a failed write is tried again; a crawl waits meanwhile
NEO4J_PAUSE = 60  # seconds that a crawl goes on without a lost graph before it tries again

# --- where the sources are --------------------------------------------------------------------------------------------

BIORXIV_URL = "https://www.biorxiv.org"
MEDRXIV_URL = "https://www.medrxiv.org"
BIORXIV_API_URL = "https://api.biorxiv.org"  # speaks for both servers
EUROPEPMC_URL = "https://www.ebi.ac.uk/europepmc/webservices/rest"
EUROPEPMC_ANNOTATIONS_URL = "https://www.ebi.ac.uk/europepmc/annotations_api"

# --- politeness -------------------------------------------------------------------------------------------------------

ROBOTSTXT_OBEY = True  # default False
ROBOTSTXT_USER_AGENT = (
    "BioRxivist"  # default the whole USER_AGENT, in which a contact's address may contain a name such as "curl"
)
DOWNLOAD_DELAY = 7  # default 0; the sites' Crawl-delay, also for a host that is not listed below
DOWNLOAD_DELAY_JITTER = 0  # default 0.5, which gives half the delay now and then
CONCURRENT_REQUESTS_PER_DOMAIN = 1  # default 8
DOWNLOAD_SLOTS = {
    "www.biorxiv.org": {"concurrency": 1, "delay": 7, "jitter": 0},
    "www.medrxiv.org": {"concurrency": 1, "delay": 7, "jitter": 0},
    "api.biorxiv.org": {"concurrency": 1, "delay": 1, "jitter": 0},
    "www.ebi.ac.uk": {"concurrency": 1, "delay": 1, "jitter": 0},
    "browser": {"concurrency": 1, "delay": 0, "jitter": 0},  # sends nothing itself
}
DOWNLOADER = "biorxivist.pace.downloader.Paced"  # default knows nothing of other crawls; these share one pace
RETRY_AFTER_DEFAULT = 60  # seconds to wait after 429 or 503 without a Retry-After; doubled each time
RETRY_AFTER_MAX = 600  # a host that asks for more is left alone
RETRY_AFTER_TIMES = 3  # waits for one document
RETRY_HTTP_CODES = [408, 500, 502, 504, *range(520, 525)]  # default also 429 and 503, which RetryAfter waits for
RETRY_GIVE_UP_LOG_LEVEL = "INFO"  # default ERROR; a source that fails is a normal outcome and stands in `attempts`
REDIRECT_MAX_TIMES = 5  # default 20; each costs a delay, and the sites need one
COOKIES_ENABLED = False  # default True; nothing here needs a session

DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # drops without telling the errback; Hosts does
    "biorxivist.middlewares.Hosts": 50,
    "scrapy.downloadermiddlewares.httpcache.HttpCacheMiddleware": None,  # asks robots.txt and waits for refusing hosts first
    "biorxivist.archive.cache.Archived": 60,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "biorxivist.middlewares.Robots": 100,
    "biorxivist.browser.pages.Pages": 110,
    "biorxivist.middlewares.RetryAfter": 560,
    "biorxivist.middlewares.Refused": 570,  # sees an answer before RetryAfter: a challenge is not waited for
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,  # takes half a body for a whole one
    "biorxivist.decompression.Decompression": 590,
}
SPIDER_MIDDLEWARES = {
    # warns of a get_retry_request in a callback, which Scrapy's documentation shows
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,
}

# --- pages whose text a script puts there -----------------------------------------------------------------------------

BIORXIVIST_BROWSER = os.environ.get("BIORXIVIST_BROWSER") or "auto"  # or `no`, or the path or name of a Chromium
BROWSER_REQUESTS = 40  # scripts and data requests of one page; each waits for its turn at the host
BROWSER_TIMEOUT = 30  # seconds for which a page may compute
BROWSER_QUIET = 2  # seconds without a request after which a page is complete

# --- safety -----------------------------------------------------------------------------------------------------------

DOWNLOAD_VERIFY_CERTIFICATES = True  # default False
DOWNLOAD_MAXSIZE = 64 * 1024 * 1024  # default 1 GiB; the largest document known has 2 MB
DOWNLOAD_WARNSIZE = 16 * 1024 * 1024  # default 32 MiB
DOWNLOAD_TIMEOUT = 60  # default 180; the slowest answer known took 17 s
METAREFRESH_ENABLED = False  # default True; only a challenge page has one
TELNETCONSOLE_ENABLED = False  # default True
REMOTE_CONTROL_ENABLED = False  # default True; runs code that is sent to a local port
DOWNLOAD_HANDLERS = {
    **dict.fromkeys(("http", "https"), "biorxivist.handlers.Http"),  # default takes headers without end
    **dict.fromkeys(("file", "ftp", "s3", "data")),  # nothing of these is ever asked
}

# --- papers -----------------------------------------------------------------------------------------------------------

DUPEFILTER_CLASS = (
    "scrapy.dupefilters.BaseDupeFilter"  # default by URL; papers are unique by DOI, and two versions share a record
)
CONCURRENT_ITEMS = 4  # default 100; Scrapy starts as many tasks for each response, and one response gives one paper
ITEM_PIPELINES = {
    "biorxivist.pipelines.Clean": 100,
    "biorxivist.pipelines.Check": 200,
    "biorxivist.pipelines.Unique": 300,
}
EXTENSIONS = {
    "biorxivist.extensions.crawl_delay.CrawlDelay": 0,
    "biorxivist.extensions.graph.Graph": 0,
    "biorxivist.extensions.completeness.Completeness": 0,
    "biorxivist.extensions.leaving.Leaving": 0,
    "biorxivist.extensions.remember.Remember": 0,
    "biorxivist.extensions.preview.Preview": 0,
    "biorxivist.extensions.progress.Progress": 0,
    "biorxivist.extensions.waiting.Waiting": 0,
    "biorxivist.extensions.record.Record": 10,  # behind those that it asks
    "scrapy.extensions.logstats.LogStats": None,  # counts pages a minute; Completeness tells what a user waits for
}

BIORXIVIST_RECORD = os.environ.get(
    "BIORXIVIST_RECORD", ""
)  # a folder for run.json and report.html, beside that in BIORXIVIST_DATA

BIORXIVIST_RUNS = 200  # runs whose record stays in BIORXIVIST_DATA; 0 keeps all

# --- feeds ------------------------------------------------------------------------------------------------------------

FEED_URI_PARAMS = "biorxivist.destinations.uri_params"  # default knows neither the data folder nor the query
FEED_EXPORT_ENCODING = "utf-8"  # default escapes every character beyond ASCII
FEED_EXPORTERS = {
    "jsonl": "biorxivist.exporters.FlushedJsonLines",
    "jsonlines": "biorxivist.exporters.FlushedJsonLines",
    "jl": "biorxivist.exporters.FlushedJsonLines",
    "json": "biorxivist.exporters.Json",
    "csv": "biorxivist.exporters.FlatCsv",
    "parquet": "biorxivist.exporters.Parquet",
    "bib": "biorxivist.exporters.BibTex",
    "ris": "biorxivist.exporters.Ris",
    "csl": "biorxivist.exporters.CslJson",
}
# default writes in place, so that a kill leaves a file of JSON or Parquet that nothing reads
FEED_STORAGES = {"": "biorxivist.storages.WholeFiles", "file": "biorxivist.storages.WholeFiles"}

# --- logs -------------------------------------------------------------------------------------------------------------

LOG_LEVEL = "INFO"  # default DEBUG, which prints every request
LOG_FORMAT = "%(asctime)s %(levelname)s: %(message)s"  # default names the module
LOG_DATEFORMAT = "%H:%M:%S"  # default with the date, which a log in a file has
WARN_ON_GENERATOR_RETURN_VALUE = (
    False  # default True, which parses the source of a callback at every answer: a fifth of our time
)
STATS_DUMP = False  # default True; Completeness shows a table instead
