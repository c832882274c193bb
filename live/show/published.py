"""Everything that features publish: registered by the import of this module."""

from live.show.features import load

load("published")
