"""What a spider tells the extensions of its run."""

papers_found = object()
"""Sent once by a search: `total` (papers that the query has), `wanted` (how many of them are asked for)."""

paper_wanted = object()
"""Sent for each paper that the run should deliver: `doi`."""

paper_missing = object()
"""Sent when a paper or a text cannot be delivered: `doi` (or what the user typed), `reason` (an outcome of `Attempt`), `detail`."""
