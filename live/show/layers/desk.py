"""The layers of all scenes of a show, by hand. Owner: the engine's thread."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from live.config.edits import RigKey
from live.config.load import Show
from live.config.scene import SceneConfig
from live.picture.values import Crop, ShotView
from live.show.cuts.mix import Mix
from live.show.feature import Feature, Frame
from live.show.layers.in_file import layer_keys
from live.show.layers.model import KeptScene, SceneLayers
from live.stage.geometry import crop_rect

if TYPE_CHECKING:
    from live.show import ShowState

_USUAL = 16 / 9  # of a source that has not given a picture yet


@dataclass(frozen=True)
class KeptLayers:
    """By scene."""

    scenes: Mapping[str, KeptScene]


class LayerDesk(Feature[KeptLayers]):
    """Scenes by name. crops: what the operators show of each source; aspects: width / height of the sources, as last
    seen.
    """

    undoes = ("scenes",)

    def __init__(self, show: Show, mix: Mix, crops: Mapping[str, Crop]) -> None:
        self._show, self._mix, self._switcher, self._crops = show, mix, mix.switcher, crops
        self.aspects: Mapping[str, float] = {}
        self._now_s = 0.0
        frame = show.rig.picture.width / show.rig.picture.height
        shots = (shot.id for shot in show.all_shots if shot.scene is not None)
        auxes, views = (a.name for a in show.rig.auxiliaries), (m.name for m in show.rig.multiviews)
        self._pictures = [*show.pictures, *shots, *auxes, *views]  # what a layer can show
        self.scenes = {
            name: SceneLayers(scene, show.talent(name), self._framed, frame) for name, scene in show.scenes.items()
        }

    def __getitem__(self, scene: str) -> SceneLayers:
        return self.scenes[scene]

    def _framed(self, source: str, aspect: float) -> tuple[float, float, float, float]:
        return crop_rect(self._crops.get(source, Crop()), self.aspects.get(source, _USUAL), aspect).tuple

    def take(self, name: str, scene: SceneConfig) -> None:
        self.scenes[name].take(scene)

    def since_s(self, scene: str, now_s: float) -> float:
        """How long ago the shot was taken through which a scene is seen: the one that comes, the one on program, else
        nothing has moved yet.
        """
        shot, to, _, _ = self._switcher.views(now_s)
        seen = [v.t_s for v in (to, shot) if v is not None and v.shot.partition("/")[0] == scene]
        return seen[0] if seen else 0.0

    @classmethod
    def build(cls, state: ShowState) -> LayerDesk:
        return cls(state.show, state.mix, state.cameras.crops)

    def save(self, now_s: float) -> KeptLayers:
        return KeptLayers({name: layers.save(now_s) for name, layers in self.scenes.items()})

    @classmethod
    def rig_keys(cls, kept: KeptLayers, show: Show) -> Iterator[RigKey]:
        for name, scene in kept.scenes.items():
            if name in show.scenes:
                yield from layer_keys(name, scene, show.scenes[name], show.talent(name))

    def restore(self, kept: KeptLayers, now_s: float) -> None:
        for name, scene in kept.scenes.items():
            if name in self.scenes:
                self.scenes[name].restore(scene, now_s)
                self._mix.refilled(name)

    def known(self) -> Mapping[str, Collection[str]]:
        return {"scene": self.scenes, "picture": self._pictures}

    def step(self, frame: Frame) -> None:
        self.aspects, self._now_s = frame.aspects, frame.now_s
        for layers in self.scenes.values():
            layers.step(frame.now_s)

    def share(self, shot: str, source: str) -> float:
        """How far a source of a shot is seen in it, 0 to 1: less than 1 only while a hand has taken all of its layers
        off, or moves them.
        """
        scene, _, name = shot.partition("/")
        if not name or scene not in self.scenes or source in self._in_set(scene):
            return 1.0
        return self.scenes[scene].seen(source, self._now_s)

    def reach(self, scene: str, picture: str, now_s: float) -> float:
        """How large the whole of a picture is in a scene, where it is largest: a share of the frame's width or height;
        1 for what stands in a set.
        """
        layers, t_s = self.scenes[scene], self.since_s(scene, now_s)
        at = [layers.numbers(name, t_s, now_s) for name in layers.names if layers.source(name) == picture]
        sizes = [max(n["width"] / n["crop_width"], n["height"] / n["crop_height"]) for n in at]
        return 1.0 if picture in self._in_set(scene) else max(sizes, default=1.0)

    def _in_set(self, scene: str) -> list[str | None]:
        """What stands in the set of a scene."""
        config = self._show.scenes[scene].set
        return [] if config is None else [self._show.talent(scene).get(place.name) for place in config.talent]

    def laid(self, view: ShotView, now_s: float) -> ShotView:
        """A shot with its layers where a hand has them."""
        scene, _, shot = view.shot.partition("/")
        views = self.scenes[scene].views(view.t_s, now_s) if shot and scene in self.scenes else None
        return view if views is None else replace(view, layers=views)
