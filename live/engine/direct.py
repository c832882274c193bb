"""The feeds of an off-line run: straight into their encoders, and the program's into the hash file. Nothing is ever
dropped.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TextIO

import numpy as np

from live.config.desk import PROGRAM
from live.config.load import Show
from live.config.output import Output
from live.config.picture import PictureConfig
from live.engine.offline_tracks import OfflineTracks
from live.engine.outputs import WITH_CAPTIONS, feeds_used
from live.engine.sound import Sound
from live.outputs.cea608 import RollUp
from live.outputs.encoder import Encoder
from live.picture.format import U8, PictureFormat
from live.sound.film_sound import SILENT
from live.sound.limiter import Samples
from live.sound.spoken import Said


class DirectSink:
    """Frames of one feed. encoders: by the bus whose sound goes with it; none for a feed that only another one
    shows."""

    def __init__(
        self,
        picture: PictureConfig,
        encoders: Mapping[str, Encoder],
        hashes: TextIO | None = None,
        tracks: OfflineTracks | None = None,
    ) -> None:
        # In turn: what was shown last stays while the next is painted, to be shown again if that fails.
        self._next, self._last = (np.zeros(picture.width * picture.height * 3 // 2, np.uint8) for _ in range(2))
        self._encoders, self._hashes, self._tracks = encoders, hashes, tracks

    def slot(self, size: int) -> U8:
        return self._next

    def publish(
        self, fmt: PictureFormat, frame: int, time_ns: int, sound: Sound, black: float, film: tuple[int, int] = SILENT
    ) -> None:
        if self._hashes is not None:
            self._hashes.write(f"{frame} {hashlib.blake2b(self._next.data, digest_size=16).hexdigest()}\n")
        for bus, encoder in self._encoders.items():
            encoder.video(self._next, frame, black=black, film=film)
            if bus in sound.samples:
                encoder.audio(sound.samples[bus])
        if self._tracks is not None and PROGRAM in sound.samples:
            self._tracks.take(sound.samples[PROGRAM])
        self._next, self._last = self._last, self._next

    def newest(self) -> None:
        """A multiview is made on air only."""


class DirectFeeds:
    """Every feed of a show, with an encoder for each that some output takes. closed: do closed captions go into
    them? tracks: are told of the program's sound. identity: of the show. fresh: see Encoder.
    """

    def __init__(
        self,
        show: Show,
        outputs: Sequence[Output],
        say: Callable[[str], None],
        *,
        hashes: TextIO | None,
        closed: bool,
        identity: str,
        fresh: bool,
        tracks: OfflineTracks | None = None,
    ) -> None:
        rig = show.rig
        self._outputs = [o for o in outputs if o.carries.feed]
        self.used: Collection[str] = feeds_used(outputs)
        carried = list(dict.fromkeys(o.carries for o in self._outputs))
        # Each encoder uses its own up.
        self._captions = {c: RollUp() for c in carried if closed and c.feed in WITH_CAPTIONS}
        self._encoders = {
            c: Encoder(
                rig.feeds[c.feed],
                rig.encoder,
                [o for o in outputs if o.carries == c],
                lambda message: say(str(message)),
                fresh=fresh,
                patient=True,
                identity=identity,
                captions=self._captions.get(c),
                films=rig.film_sounds,
                ceiling_db=rig.sound.ceiling_db,
            )
            for c in carried
        }
        self._sinks = {
            name: DirectSink(
                picture,
                {c.bus: encoder for c, encoder in self._encoders.items() if c.feed == name},
                hashes if name == "program" else None,
                tracks if name == "program" else None,
            )
            for name, picture in rig.feeds.items()
        }

    def keep(self, wanted: Mapping[str, bool]) -> None:
        """Start and stop outputs as it is wanted."""
        for output in self._outputs:
            encoder = self._encoders[output.carries]
            target = next((t for t in encoder.targets if t.name == output.name), None)
            if target is not None and not wanted.get(output.name, True):
                encoder.remove(target)
            elif target is None and wanted.get(output.name, True):
                encoder.add(output, fresh=False)

    def sink(self, name: str) -> DirectSink:
        return self._sinks[name]

    def caption(self, said: Said) -> None:
        for captions in self._captions.values():
            captions.take(said)

    def end(self, rest: Mapping[str, Samples]) -> None:
        """What is left of the sound of each bus, for as long as there are pictures."""
        for carries, encoder in self._encoders.items():
            encoder.audio(rest[carries.bus][: max(0, encoder.samples_wanted - encoder.samples_taken)])

    def close(self) -> None:
        for encoder in self._encoders.values():
            encoder.close()


class DirectProgram:
    """The program among them, as the engine gives it out."""

    def __init__(self, feeds: DirectFeeds) -> None:
        sink = feeds.sink("program")
        self.slot, self.publish, self.newest, self.caption = sink.slot, sink.publish, sink.newest, feeds.caption
