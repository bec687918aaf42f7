"""Damaged and hostile documents for every reader: `python -m tests.fuzz`, and a short run in `tests/test_fuzz.py`."""
