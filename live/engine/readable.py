"""Which files of a show can't be read: pictures, fonts, looks, films. A show begins without them all the same; `live
check` names them before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from live.base.errors import Fault, LiveError, SceneError
from live.base.files import read_file, words_of
from live.base.readers import touch
from live.config.load import Show
from live.config.rig import Rig
from live.config.template import ImagePart, TextPart, TickerPart
from live.config.transitions import TransitionConfig
from live.engine.datafile import read_fields, read_titles
from live.picture.sniff import moves
from live.picture.text import read_font
from live.render.backdrop import read_backdrop
from live.render.cube import read_cube
from live.render.files import read_grey, read_picture
from live.sources.film import FilmReader

_Named = tuple[Path, str, Callable[[], Any]]  # a file, what names it, and how it is read


def unreadable(show: Show) -> list[Fault]:
    """One fault a file, with its line where the format has lines. A file that doesn't answer takes a second at most."""
    found = []
    for path, key, read in (*_of_rig(show), *_of_scenes(show), *_of_templates(show)):
        line = ""
        try:
            touch(path)
            read()
        except LiveError as error:
            line = error.subject.removeprefix(f"{path}:")
            cause, right = error.cause, error.action
        except OSError as error:
            cause, right = f"can't be read ({words_of(error)})", "give another file"
        except Exception as error:  # a library's own, of a file that nobody thought of
            cause, right = f"can't be read ({type(error).__name__}: {error})", "give another file"
        else:
            continue
        found.append(Fault(str(path), key, cause, right, int(line) if line.isdecimal() else 0))
    return found


def _read_still(path: Path) -> None:
    """Raises SceneError for an animation, too: on air it stands still."""
    data = read_file(path)
    read_picture(path, read=lambda path: data)
    if moves(data):
        raise SceneError(str(path), "moves, and here only its first picture is shown", "play it as a clip, or save one")


def _of_rig(show: Show) -> Iterator[_Named]:
    rig = show.rig
    for n, key in enumerate(rig.keys, 1):
        if key.still is not None:
            yield key.still, f"keys[{n}].still", partial(_read_still, key.still)
    for t in rig.transitions:
        if t.path is not None and t.kind == "picture":
            yield t.path, f"transitions[{t.name}].path", partial(read_grey, t.path)
        elif t.path is not None and t.kind == "stinger":
            yield t.path, f"transitions[{t.name}].path", partial(_film, rig, t, t.path)
    for source in rig.sources:
        if (look := source.colour.look) is not None:
            yield look, f"sources[{source.name}].colour.look", partial(read_cube, look)

    for graphic in rig.graphics:
        if graphic.data is not None:
            read = partial(read_fields, graphic.data, (), graphic.map, graphic.row)
            yield graphic.data, f"graphics[{graphic.name}].data", read
    if (titles := rig.titles.file) is not None:
        yield titles, "titles.file", partial(read_titles, titles)


def _film(rig: Rig, transition: TransitionConfig, path: Path) -> None:
    """Can a stinger's film be read, and does it hide the picture when it is said to?"""
    film = FilmReader(path, transition.key, (rig.picture.width, rig.picture.height), rig.picture.rate)
    length_s = film.frames / float(rig.picture.rate)
    if transition.trigger_s >= length_s:
        cause = f"the film is over after {length_s:.2f} s, and trigger_s is {transition.trigger_s:g}"
        raise SceneError(str(path), cause, "give the moment at which the film hides the picture")


def _of_scenes(show: Show) -> Iterator[_Named]:
    size = show.rig.picture.width, show.rig.picture.height
    for name, scene in show.scenes.items():
        if scene.picture is not None:
            yield scene.picture, f"picture of {name}", partial(read_backdrop, scene.picture, size)


def _of_templates(show: Show) -> Iterator[_Named]:
    for name in dict.fromkeys(g.template for g in show.rig.graphics if g.template in show.templates):
        for part in show.templates[name].parts:
            if isinstance(part, ImagePart) and part.file is not None:
                yield part.file, f"{part.name} of {name}", partial(_read_still, part.file)
            if isinstance(part, TextPart | TickerPart) and part.font is not None:
                yield part.font, f"{part.name} of {name}", partial(read_font, part.font)
