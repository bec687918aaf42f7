"""What a spider tells the extensions of its run."""

papers_found = object()
"""Sent once, before the first paper is asked for: `total` (papers there are), `wanted` (papers asked for), `fulltext` (whether texts are),
`site` and `api` (how many texts the busiest site and how many requests the API will be asked for), `first` (what is known of the first papers),
`exact` (whether `total` is not too high) and `preview` (whether the run ends here)."""

listing_read = object()
"""Sent when a server's listing was read that is to be remembered: `server`, `memory` (`Remembered`), `digests` (of the records, by DOI and
version), `reached` (the day up to which everything is listed; None if it breaks off before)."""

paper_wanted = object()
"""Sent for each paper that the run should deliver: `doi`."""

host_waits = object()
"""Sent when a host asks to be left alone: `host`, `seconds`. Other crawls leave it alone as well."""

run_ends = object()
"""Sent once, soon after a run was asked to end before its work is done: what is on its way is finished, nothing more is sent."""

document_read = object()
"""Sent when an answer was read: `response`, `outcome` (of `Attempt`; `unavailable` if it is no answer at all). The archive keeps it accordingly."""

paper_unchanged = object()
"""Sent when a wanted paper is as an earlier run delivered it: `doi`."""

paper_missing = object()
"""Sent when a paper or a text cannot be delivered: `doi` (or what the user typed), `reason` (an outcome of `Attempt`), `detail`."""
