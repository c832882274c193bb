"""Drawings for the report as SVG text: no library, no network, sharp at any size. Coordinates in px, origin top
left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

INK, SOFT, GRID = "#1f2933", "#7b8794", "#e4e7eb"
WIDE, OTHER = "#b8c2cc", "#d9c9a3"
# Okabe and Ito 2008: told apart by the colour-blind, too.
PEOPLE = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8c564b", "#6b5b95")
HAND, MACHINE, NOTE, WARNING = "#c92a2a", "#2b8a3e", "#7048e8", "#e8590c"


def svg(width: float, height: float, parts: Iterable[str], label: str) -> str:
    """A whole drawing; label is read out to those who don't see it."""
    body = "".join(parts)
    return f'<svg viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{escape(label)}" xmlns="http://www.w3.org/2000/svg">{body}</svg>'


def rect(
    x: float, y: float, width: float, height: float, fill: str, *, tip: str = "", radius: float = 0, more: str = ""
) -> str:
    corner = f' rx="{radius:g}"' if radius else ""
    return (
        f'<rect x="{x:.2f}" y="{y:.2f}" width="{max(width, 0.4):.2f}" height="{height:.2f}" fill="{fill}"{corner} '
        f"{more}>{_tip(tip)}</rect>"
    )


def text(
    x: float, y: float, words: str, *, size: float = 11, fill: str = INK, anchor: str = "start", weight: int = 400
) -> str:
    bold = f' font-weight="{weight}"' if weight != 400 else ""
    return (
        f'<text x="{x:.2f}" y="{y:.2f}" font-size="{size:g}" fill="{fill}" '
        f'text-anchor="{anchor}"{bold}>{escape(words)}</text>'
    )


def line(x1: float, y1: float, x2: float, y2: float, colour: str = GRID, width: float = 1, dash: str = "") -> str:
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line x1="{x1:.2f}" y1="{y1:.2f}" x2="{x2:.2f}" y2="{y2:.2f}" stroke="{colour}" '
        f'stroke-width="{width:g}"{dashes}/>'
    )


def path(points: Sequence[tuple[float, float]], colour: str, width: float = 1.5) -> str:
    if not points:
        return ""
    steps = " ".join(f"{x:.2f},{y:.2f}" for x, y in points)
    return (
        f'<polyline points="{steps}" fill="none" stroke="{colour}" stroke-width="{width:g}" stroke-linejoin="round"/>'
    )


def down(x: float, y: float, size: float, fill: str, tip: str = "") -> str:
    """A mark that points down at (x, y)."""
    return f'<path d="M{x:.2f} {y:.2f} l{-size:g} {-1.5 * size:g} h{2 * size:g} z" fill="{fill}">{_tip(tip)}</path>'


def dot(x: float, y: float, radius: float, fill: str, tip: str = "") -> str:
    return f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{radius:g}" fill="{fill}" fill-opacity="0.8">{_tip(tip)}</circle>'


def _tip(words: str) -> str:
    return f"<title>{escape(words)}</title>" if words else ""


def ticks(low: float, high: float, count: int = 8) -> list[float]:
    """Round numbers from low to high, about so many."""
    span = max(high - low, 1e-9)
    step = next(
        s for s in (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 1e9) if span / s <= count
    )
    first = -(-low // step) * step
    return [first + i * step for i in range(int((high - first) / step + 1e-6) + 1)]


def clock(seconds: float) -> str:
    """1:05, 1:02:03."""
    whole = round(seconds)
    hours, minutes = whole // 3600, whole // 60 % 60
    return f"{hours}:{minutes:02d}:{whole % 60:02d}" if hours else f"{minutes}:{whole % 60:02d}"
