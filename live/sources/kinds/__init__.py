"""The kinds of sources: every module here is one, found by itself (live/config/kinds.py)."""
