"""A camera in a set as an operator's camera: from a frame of somebody's card to where the camera looks. Pure
arithmetic.

The camera stays where its shot says; it turns and zooms. What it may show is what its shot's `reach_deg` shows, so it
never gets behind the set's edges. Where the source cuts a head, the frame doesn't show the cut: it ends there, as the
source does.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from live.config.scene import ShotConfig, TalentPlace
from live.framing.heads import Pace
from live.framing.shots import MAX_ZOOM, UNIT, Aim, Box, Fit
from live.picture.values import Crop, Pose
from live.stage.geometry import Camera

F64 = npt.NDArray[np.float64]
_ROUNDS = (
    4  # the card turns with the camera, and the camera looks at the card: a few rounds, and neither moves any more
)
_CUT = 0.01  # of the picture: a crown this near to its edge may be beyond it


class SetCamera:
    """The camera of one shot. pose: where it is to be; the shot's own camera until somebody is framed.

    It stands still on air: a set that is seen by a moving camera is drawn anew each frame. Aspects are width / height.
    """

    pace = Pace(still_on_air=True)

    def __init__(self, shot: ShotConfig, place: TalentPlace, source_aspect: float, program_aspect: float) -> None:
        self._shot, self._place = shot, place
        self._aspects = (source_aspect, program_aspect)
        own = Camera(shot.position, shot.look_at, shot.fov_deg)
        self.home = self._crop_of(own)
        reach = self._crop_of(replace(own, fov_deg=shot.widest_deg))
        loose = Fit(source_aspect, program_aspect, UNIT, 1e-6)
        # The source is shown as large as a digital crop may make it.
        self._fit = Fit(source_aspect, program_aspect, loose.box(reach), reach.zoom, max(MAX_ZOOM, self.home.zoom))
        self.pose = Pose(shot.position, shot.look_at, shot.fov_deg, shot.roll_deg)

    def fit(self, aim: Aim | None) -> Fit:
        if aim is None:
            return self._fit
        heads, b = aim.heads, self._fit.bounds
        top = max(b.y0, 0.0) if heads.y0 < _CUT else b.y0
        left, right = (max(b.x0, 0.0) if heads.x0 < _CUT else b.x0), (min(b.x1, 1.0) if heads.x1 > 1 - _CUT else b.x1)
        return replace(self._fit, bounds=Box(left, top, right, b.y1))

    def aim(self, crop: Crop, speed: tuple[float, float, float]) -> None:
        if crop == self.home:
            self.pose = Pose(self._shot.position, self._shot.look_at, self._shot.fov_deg, self._shot.roll_deg)
            return
        look_at, eye = np.array(self._shot.look_at), np.array(self._shot.position)
        for _ in range(_ROUNDS):
            look_at = self._on_card(crop, Camera(self._shot.position, _triple(look_at), self._shot.fov_deg))
        height_m = self._fit.size(crop.zoom)[1] * self._place.height_m
        fov_deg = math.degrees(2 * math.atan(height_m / 2 / float(np.linalg.norm(look_at - eye))))
        self.pose = Pose(self._shot.position, _triple(np.round(look_at, 4)), round(fov_deg, 3), self._shot.roll_deg)

    def _on_card(self, crop: Crop, camera: Camera) -> F64:
        """A point of the card, in the set; the card is parallel to the camera's picture plane."""
        right, up = camera.view_from_world()[0, :3], camera.view_from_world()[1, :3]
        width_m = self._place.height_m * self._aspects[0]
        return (
            np.array(self._place.position) + right * (crop.x - 0.5) * width_m + up * (1 - crop.y) * self._place.height_m
        )

    def _crop_of(self, camera: Camera) -> Crop:
        """What a camera shows, as a crop of the card's picture. It needs no edge inside it."""
        view = camera.view_from_world() @ np.array([*self._place.position, 1.0])
        depth_m, height_m = -float(view[2]), self._place.height_m
        frame_m = 2 * depth_m * math.tan(math.radians(camera.fov_deg) / 2)
        full_h = Fit(*self._aspects).full[1]
        return Crop(
            0.5 - float(view[0]) / (height_m * self._aspects[0]),
            1 + float(view[1]) / height_m,
            full_h * height_m / frame_m,
        )


def _triple(point: F64) -> tuple[float, float, float]:
    return float(point[0]), float(point[1]), float(point[2])
