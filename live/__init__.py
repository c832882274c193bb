"""Live: one program in which a director runs a live show."""

__version__ = "0.1.0"
