"""What became of a request, in the words of `Attempt`."""

from scrapy.exceptions import DownloadCancelledError, DownloadTimeoutError, ResponseDataLossError
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from biorxivist.exceptions import NotFetched
from biorxivist.items import Attempt

# other 4xx are refusals: the server understood and will not answer
STATUSES = {404: "not_found", 410: "not_found", 429: "throttled"}


def failed_attempt(source: str, url: str, failure: Failure) -> Attempt:
    """The attempt that an errback was called for."""
    error = failure.value
    if isinstance(error, NotFetched):
        return Attempt(source, url, error.outcome, error.status, error.detail)
    if isinstance(error, HttpError):
        status = error.response.status
        outcome = STATUSES.get(status, "unavailable" if status >= 500 else "refused")
        return Attempt(source, url, outcome, status, f"HTTP status {status}")
    if isinstance(error, DownloadCancelledError):
        return Attempt(source, url, "too_large", detail="the document is larger than DOWNLOAD_MAXSIZE")
    if isinstance(error, DownloadTimeoutError):
        return Attempt(source, url, "unavailable", detail="no answer in time")
    if isinstance(error, ResponseDataLossError):
        return Attempt(source, url, "unavailable", detail="the answer was cut short")
    return Attempt(source, url, "unavailable", detail=f"{type(error).__name__}: {error}"[:200])
