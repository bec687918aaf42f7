"""What became of a request, in the words of `Attempt`."""

import logging

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from biorxivist.exceptions import NotFetched
from biorxivist.items import Attempt

logger = logging.getLogger(__name__)

NETWORK = {
    DownloadTimeoutError: "no answer in time",
    ResponseDataLossError: "the answer was cut short",
    CannotResolveHostError: "the host's address is unknown",
    DownloadConnectionRefusedError: "the host refused the connection",
    DownloadFailedError: "the connection was lost",
}
STATUSES = {404: "not_found", 410: "not_found", 429: "throttled"}
# other 4xx are refusals: the server understood and will not answer; a 3xx that reaches us leads nowhere
CLASSES = {3: "malformed", 4: "refused", 5: "unavailable"}


def failed_attempt(source: str, url: str, failure: Failure) -> Attempt:
    """The attempt that an errback was called for."""
    error = failure.value
    if isinstance(error, NotFetched):
        return Attempt(source, url, error.outcome, error.status, error.detail)
    if isinstance(error, HttpError):
        status = error.response.status
        outcome = STATUSES.get(status) or CLASSES.get(status // 100, "malformed")
        return Attempt(source, url, outcome, status, f"HTTP status {status}")
    if isinstance(error, IgnoreRequest):
        # only the redirect middleware gives up in this way
        return Attempt(source, url, "malformed", detail=f"the address leads on and on: {error}")
    if isinstance(error, DownloadCancelledError):
        return Attempt(source, url, "too_large", detail="the document is larger than DOWNLOAD_MAXSIZE")
    for kind, detail in NETWORK.items():
        if isinstance(error, kind):
            return Attempt(source, url, "unavailable", detail=detail)
    logger.error("%s: %r", url, error, exc_info=(failure.type, error, failure.getTracebackObject()))
    return Attempt(source, url, "unavailable", detail=f"{type(error).__name__}: {error}"[:200])
