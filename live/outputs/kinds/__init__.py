"""The kinds of outputs: every module here is one, found by itself (live/config/kinds.py)."""
