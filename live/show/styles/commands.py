"""Commands on how the automatic director cuts."""

from __future__ import annotations

from typing import Annotated

from live.config.style import PARAMETERS
from live.control.registry import Arg, Command, command


@command("/director/style", desk="cuts")
class DirectorStyle(Command):
    """Cut in another style from now on: one that ships, the rig's own, or one in the folder `styles` beside the rig."""

    name: Annotated[str, Arg("its name (docs/styles.md)", of="style")]


@command("/director/style/set", desk="cuts")
class DirectorStyleSet(Command):
    """Change one number of the style that is in use, until another style is chosen. docs/styles.md says what each does
    and its range."""

    parameter: Annotated[str, Arg("which", choices=PARAMETERS)]
    value: Annotated[float, Arg("its new value; of a switch: 1 or 0")]
