"""What a spider tells the extensions of its run."""

papers_found = object()
"""Sent once, before the first paper is asked for: `total` (papers there are), `wanted` (papers asked for), `fulltext` (whether texts are)."""

paper_wanted = object()
"""Sent for each paper that the run should deliver: `doi`."""

document_read = object()
"""Sent when an answer was read: `response`, `outcome` (of `Attempt`; `unavailable` if it is no answer at all). The archive keeps it accordingly."""

paper_missing = object()
"""Sent when a paper or a text cannot be delivered: `doi` (or what the user typed), `reason` (an outcome of `Attempt`), `detail`."""
