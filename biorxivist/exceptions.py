"""Why a document was not fetched."""

from scrapy.exceptions import IgnoreRequest


class NotFetched(IgnoreRequest):
    """A request was not sent, or its answer is a refusal. Raised by the downloader middlewares, recorded as an `Attempt`."""

    def __init__(self, outcome: str, detail: str, status: int = 0):
        super().__init__(detail)
        self.outcome = outcome
        self.detail = detail
        self.status = status
