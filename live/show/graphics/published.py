"""What is published of the graphics, and of the queue of names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from live.control.published import Field, Published, published

if TYPE_CHECKING:
    from live.show import ShowState

WHY_LENGTH = 160  # characters that people read


@published("graphics/<name>")
@dataclass(frozen=True)
class GraphicStatus(Published):
    """A graphic."""

    name: str
    visible: Annotated[bool, Field("it is on air", at="visible")] = False
    previewed: Annotated[bool, Field("preview shows it, as it will be", at="previewed")] = False
    held: Annotated[bool, Field("something is written for it that program doesn't show yet", at="held")] = False
    live: Annotated[bool, Field("what is written while it is on air is seen at once", at="live")] = False
    people: Annotated[tuple[str, ...], Field("whom it belongs to", at="people")] = ()
    wrong: Annotated[str, Field('why the picture belies it; "" when it does not', at="wrong")] = ""


@published("graphics/<graphic>/field/<name>")
@dataclass(frozen=True)
class GraphicField(Published):
    """What a field of a graphic says."""

    graphic: str
    name: str
    text: Annotated[str, Field("as it is, or would be, on air")] = ""
    written: Annotated[str, Field("as written last: held until taken, while the graphic is on", at="written")] = ""


@published("titles")
@dataclass(frozen=True)
class TitlesStatus(Published):
    """The queue of names."""

    graphic: Annotated[str, Field('the graphic that shows them; "" for none')] = ""
    number: Annotated[int, Field("of the name in hand; 0 for none")] = 0
    count: Annotated[int, Field("how many there are")] = 0


@published("titles/<number>")
@dataclass(frozen=True)
class TitleStatus(Published):
    """A name of the queue."""

    number: int
    title: Annotated[str, Field('the name; "" where there is none any more')] = ""
    subtitle: Annotated[str, Field("what stands under it")] = ""
    origin: Annotated[str, Field("where it comes from", choices=("people", "file", "typed"))] = "people"


def graphics(state: ShowState, now_s: float) -> Iterator[Published]:
    graphics = state.graphics
    for name, graphic in graphics.items():
        previewed = graphic.held or (graphic.cued and not graphic.on_air)
        people, wrong = tuple(graphics.named(name).people), graphics.wrong.get(name, "")
        yield GraphicStatus(name, graphic.visible, previewed, graphic.held, graphic.live, people, wrong[:WHY_LENGTH])
        for field, text in graphic.fields.items():
            yield GraphicField(name, field, text, graphic.written.get(field, ""))


def graphics_go_by(state: ShowState, now_s: float) -> object:
    wrong = dict(state.graphics.wrong)
    return wrong, [
        (g.visible, g.cued, g.on_air, g.live, g.person, tuple(g.fields.values()), tuple(g.written.values()))
        for g in state.graphics.values()
    ]


def titles(state: ShowState, now_s: float) -> Iterator[Published]:
    """Those that are there no longer are taken back."""
    titles = state.graphics.titles
    yield TitlesStatus(state.graphics.title_graphic or "", titles.at, len(titles.all))
    for number, title in enumerate(titles.all, 1):
        yield TitleStatus(number, title.title, title.subtitle, title.origin)
    for number in range(len(titles.all) + 1, titles.most + 1):
        yield TitleStatus(number)


def titles_go_by(state: ShowState, now_s: float) -> object:
    return state.graphics.titles.all, state.graphics.titles.at, state.graphics.title_graphic
