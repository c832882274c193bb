"""Text in any script, shaped and measured by Skia's paragraph layout.

Fonts: Noto Sans in twenty scripts, Noto Emoji and Noto Sans CJK come as packages. A character none of them has is
looked up in the system's fonts and that face joins the families. Owner: one thread.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

import skia
from skia import textlayout

from live.base.errors import SceneError
from live.base.files import read_file
from live.base.quiet import quiet

_PACKAGES = ("manimgx-fonts", "manimgx-fonts-cjk")
_FIRST = "NotoSans[wght].ttf"
_BOLD, _REGULAR = 650, 450  # on the weight axis; regular text on video wants a little more than 400
_WEIGHT_AXIS = int.from_bytes(b"wght", "big")
_LARGEST = 100_000_000  # bytes of a font; CJK has 20 million
_ELLIPSIS = "\u2026"
_RTL_START, _RTL_END = "\u202b", "\u202c"
_WIDE_PX = 100_000.0
_ALIGN = {
    "left": textlayout.TextAlign.kLeft,
    "middle": textlayout.TextAlign.kCenter,
    "right": textlayout.TextAlign.kRight,
}


class Font:
    """A font file of somebody's own, as `read_font` read it."""

    def __init__(self, face: skia.Typeface) -> None:
        self.face = face


class _Fonts:
    """The faces of one weight, and the families in the order they are tried. first: a face of somebody's own, before
    those that ship.
    """

    def __init__(self, weight: int, first: Font | None = None) -> None:
        self._weight = weight
        self._provider = textlayout.TypefaceFontProvider()
        self._faces: list[skia.Typeface] = []
        self._looked_up: set[str] = set()
        self.families: list[str] = []
        with quiet():  # fontconfig has opinions about the system's files, and says them when it is first used
            if first is not None:
                self._add(_at_weight(first.face, weight))
                shipped = _fonts(weight)._faces
            else:
                shipped = [_at_weight(skia.Typeface.MakeFromFile(str(path)), weight) for path in _shipped_fonts()]
            for face in shipped:
                self._add(face)
            self.collection = self._collection()

    def _add(self, face: skia.Typeface) -> None:
        family = f"face{len(self._faces)}"
        self._provider.registerTypeface(face, skia.String(family))
        self._faces.append(face)
        self.families.append(family)

    def _collection(self) -> textlayout.FontCollection:
        collection = textlayout.FontCollection()
        collection.setDefaultFontManager(self._provider, self.families[0] if self.families else "")
        return collection

    def cover(self, text: str) -> None:
        """Find a system face for every character that no face has yet."""
        missing = [c for c in dict.fromkeys(text) if c not in self._looked_up and not c.isspace() and not _invisible(c)]
        for character in missing:
            self._looked_up.add(character)
            if any(face.unicharToGlyph(ord(character)) for face in self._faces):
                continue
            style = skia.FontStyle.Bold() if self._weight > 600 else skia.FontStyle.Normal()
            face = skia.FontMgr.RefDefault().matchFamilyStyleCharacter("", style, [], ord(character))
            if face is not None:
                self._add(face)
                self.collection = self._collection()


def _shipped_fonts() -> list[Path]:
    """The upright font files of the font packages, Latin first."""
    found: list[Path] = []
    for package in _PACKAGES:
        try:
            listed = files(package) or []
        except PackageNotFoundError:  # the system's fonts stand in
            continue
        found += [Path(str(f.locate())) for f in listed if f.suffix in (".ttf", ".ttc") and "Italic" not in f.name]
    return sorted(found, key=lambda f: (f.name != _FIRST, f.name))


def _at_weight(face: skia.Typeface, weight: int) -> skia.Typeface:
    """A variable font's instance."""
    position = skia.FontArguments.VariationPosition
    coordinates = position.Coordinates([position.Coordinate(_WEIGHT_AXIS, weight)])
    arguments = skia.FontArguments()
    arguments.setVariationDesignPosition(position(coordinates))
    return face.makeClone(arguments) or face


def _invisible(character: str) -> bool:
    return unicodedata.category(character) in ("Cf", "Cc", "Mn") or "\ufe00" <= character <= "\ufe0f"


@lru_cache(16)
def _fonts(weight: int, first: Font | None = None) -> _Fonts:
    return _Fonts(weight, first)


def read_font(path: Path) -> Font:
    """A font file. Any thread. Raises SceneError when it can't be read."""
    try:
        data = read_file(path, _LARGEST)
        face = skia.Typeface.MakeFromData(skia.Data.MakeWithCopy(data)) if _complete(data) else None
    except (RuntimeError, ValueError, OSError):
        face = None
    if face is None or not face.countGlyphs():
        raise SceneError(
            f"font {path.name}", "can't be read", "give a TrueType or OpenType file; the fonts that ship stand in"
        )
    return Font(face)


def _complete(data: bytes) -> bool:
    """Are all tables of a font (or of a collection's first) there? FreeType opens one that is cut off, and draws
    nothing with it. OpenType 1.9, "Organization of an OpenType font"."""
    at = int.from_bytes(data[12:16], "big") if data.startswith(b"ttcf") else 0
    count = int.from_bytes(data[at + 4 : at + 6], "big")
    if data[at : at + 4] not in (b"\0\1\0\0", b"OTTO", b"true"):
        return bool(data)  # another format: for whoever reads it to judge
    records = [data[r : r + 16] for r in range(at + 12, at + 12 + 16 * count, 16)]
    return all(
        len(r) == 16 and int.from_bytes(r[8:12], "big") + int.from_bytes(r[12:16], "big") <= len(data) for r in records
    )


def is_rtl(text: str) -> bool:
    """True when the first strong character runs right to left (Unicode bidirectional algorithm, P2 and P3)."""
    strong = next((b for b in map(unicodedata.bidirectional, text) if b in ("L", "R", "AL")), "L")
    return strong != "L"


class Line:
    """A text, laid out: one line, or several within a width. width and height in pixels."""

    def __init__(
        self,
        text: str,
        size_px: float,
        *,
        bold: bool,
        colour: str,
        width_px: float = _WIDE_PX,
        align: str = "left",
        font: Font | None = None,
    ) -> None:
        """width_px: where lines are broken; align: within it. font: tried before those that ship."""
        fonts = _fonts(_BOLD if bold else _REGULAR, font)
        fonts.cover(text)
        style = textlayout.TextStyle()
        style.setFontSize(size_px)
        style.setFontFamilies([skia.String(f) for f in fonts.families])
        style.setColor(skia.Color(*(int(colour[i : i + 2], 16) for i in (1, 3, 5))))
        whole = textlayout.ParagraphStyle()
        whole.setTextStyle(style)
        whole.setTextAlign(_ALIGN["right" if align == "left" and width_px < _WIDE_PX and is_rtl(text) else align])
        builder = textlayout.ParagraphBuilder.make(whole, fonts.collection, skia.Unicodes.ICU.Make())
        builder.pushStyle(style)
        builder.addText(f"{_RTL_START}{text}{_RTL_END}" if is_rtl(text) else text)
        self._paragraph = builder.Build()
        self._paragraph.layout(width_px)
        self.width = float(self._paragraph.LongestLine)
        self.height = float(self._paragraph.Height)
        self.baseline = float(self._paragraph.AlphabeticBaseline)

    def paint(self, canvas: skia.Canvas, x: float, y: float) -> None:
        """At its top left corner."""
        self._paragraph.paint(canvas, x, y)


def fitted(text: str, size_px: float, max_width: float, *, bold: bool, colour: str, font: Font | None = None) -> Line:
    """One line no wider than max_width: smaller down to 7/10, then cut with an ellipsis."""
    text = " ".join(text.split())
    line = Line(text, size_px, bold=bold, colour=colour, font=font)
    if line.width <= max_width:
        return line
    size_px *= max(0.7, max_width / line.width)
    line = Line(text, size_px, bold=bold, colour=colour, font=font)
    low, high = 0, len(text)  # how many characters fit with an ellipsis
    if line.width <= max_width + 1:
        return line
    while low < high:
        middle = (low + high + 1) // 2
        fits = Line(text[:middle].rstrip() + _ELLIPSIS, size_px, bold=bold, colour=colour, font=font).width <= max_width
        low, high = (middle, high) if fits else (low, middle - 1)
    return Line(text[:low].rstrip() + _ELLIPSIS, size_px, bold=bold, colour=colour, font=font)


def wrapped(
    text: str,
    size_px: float,
    width_px: float,
    lines: int,
    *,
    bold: bool,
    colour: str,
    align: str,
    font: Font | None = None,
) -> Line:
    """Several lines within a width, its own line breaks kept: smaller down to 7/10 when there are too many, then
    cut.
    """

    def laid(words: str, scale: float) -> Line:
        return Line(words, size_px * scale, bold=bold, colour=colour, font=font, width_px=width_px, align=align)

    room = Line("X", size_px, bold=bold, colour=colour, font=font).height * lines + 1
    for scale in (1.0, 0.9, 0.8, 0.7):
        whole = laid(text, scale)
        if whole.height <= room:
            return whole
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        fits = laid(text[:middle].rstrip() + _ELLIPSIS, 0.7).height <= room
        low, high = (middle, high) if fits else (low, middle - 1)
    return laid(text[:low].rstrip() + _ELLIPSIS, 0.7)
