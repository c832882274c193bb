"""What of an address nobody else should read."""

from __future__ import annotations

import re
from urllib.parse import urlsplit


def redact(text: str) -> str:
    """Text with the secrets of its URLs masked: user and password, the stream key (the last part of the path), the
    query.
    """
    return re.sub(
        r"[a-z][a-z0-9+.-]*://[^\s'\"|]+", lambda match: _redact_url(match.group()), text, flags=re.IGNORECASE
    )


def _redact_url(url: str) -> str:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:  # not even a URL: show none of it
        return "***"
    folders = [p for p in parts.path.split("/") if p][:-1][:1]
    return f"{parts.scheme}://{host}{port}/{''.join(f + '/' for f in folders)}***"
