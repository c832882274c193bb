"""Iso recordings of an off-line run: in the same process, frame by frame with the program."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from live.base.clock import NS
from live.base.samples import sample_at
from live.config.load import Show
from live.config.output import Output
from live.engine.inputs import Inputs, SourceRings
from live.outputs.encoder import Encoder
from live.outputs.iso import black, iso_encoder
from live.picture.values import SourceInput
from live.shm.status import Message


class OfflineIsos:
    """One encoder for each source that is recorded clean. A source that has no picture yet is black once it has one;
    one that never has any leaves no file."""

    def __init__(
        self,
        show: Show,
        isos: Sequence[Output],
        rings: Mapping[str, SourceRings],
        say: Callable[[str], None],
        identity: str,
        *,
        fresh: bool,
    ) -> None:
        self._show, self._isos, self._rings, self._say = show, isos, rings, say
        self._identity, self._fresh = identity, fresh
        self._encoders: dict[str, Encoder] = {}
        self._begins: dict[str, int] = {}  # the program frame that each began with
        self._wanted: Mapping[str, bool] = {}
        self._delay_ns = int(show.rig.picture.delay_s * NS)

    def frame(self, number: int, now_ns: int, inputs: Inputs) -> None:
        """Record what each source gives for program frame `number`."""
        pictures = inputs.pictures(now_ns, {iso.carries.source for iso in self._isos}, set())
        for iso in self._isos:
            if not self._wanted.get(iso.name, True):
                continue
            if (picture := pictures.get(iso.carries.source)) is not None and picture.frame is not None:
                self._encode(iso, picture, number)

    def _encode(self, iso: Output, picture: SourceInput, number: int) -> None:
        encoder = self._encoders.get(iso.name)
        if encoder is None:
            encoder = self._encoders[iso.name] = self._start(iso, picture, number)
        assert picture.frame is not None
        encoder.video(picture.frame.data, number)
        begin_ns = int(self._begins[iso.name] * NS / self._show.rig.picture.rate)  # program frame 0 is at time 0
        start = sample_at(begin_ns - self._delay_ns) + encoder.samples_taken
        count = encoder.samples_wanted - encoder.samples_taken
        voice, picks = self._show.rig.voice_of(iso.carries.source)
        encoder.audio(self._rings[voice].sound.read(start, count, picks)[0])

    def _start(self, iso: Output, picture: SourceInput, number: int) -> Encoder:
        rig = self._show.rig
        again = iso.name in self._begins
        encoder = Encoder(
            rig.picture,
            iso_encoder(rig.encoder),
            (iso,),
            self._tell,
            fresh=self._fresh and not again,
            patient=True,
            fmt=picture.format,
            identity=self._identity,
        )
        self._begins[iso.name] = number if again else 0
        if number and not again:
            encoder.video(black(picture.format), 0)
        return encoder

    def keep(self, wanted: Mapping[str, bool]) -> None:
        """Start and stop them as it is wanted."""
        self._wanted = dict(wanted)
        for name in [name for name in self._encoders if not wanted.get(name, True)]:
            self._encoders.pop(name).close()

    def _tell(self, message: Message) -> None:
        self._say(str(message))

    def close(self) -> None:
        for encoder in self._encoders.values():
            encoder.close()
