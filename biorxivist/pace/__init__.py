"""One pace for all crawls of a machine: together they ask a host as often as one alone would."""
