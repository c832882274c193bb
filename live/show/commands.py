"""Every command of the program, a file for each part of the desk. Add one there, carry it out in the `handlers.py`
beside it; nothing else needs to know."""

from live.show.authority.commands import *  # noqa: F403
from live.show.captions.commands import *  # noqa: F403
from live.show.colour.commands import *  # noqa: F403
from live.show.cuts.commands import *  # noqa: F403
from live.show.dsk.commands import *  # noqa: F403
from live.show.feeds.commands import *  # noqa: F403
from live.show.framing.commands import *  # noqa: F403
from live.show.graphics.commands import *  # noqa: F403
from live.show.keying.commands import *  # noqa: F403
from live.show.layers.commands import *  # noqa: F403
from live.show.multiviews.commands import *  # noqa: F403
from live.show.names import *  # noqa: F403
from live.show.people.commands import *  # noqa: F403
from live.show.players.commands import *  # noqa: F403
from live.show.session.commands import *  # noqa: F403
from live.show.sound.commands import *  # noqa: F403
from live.show.styles.commands import *  # noqa: F403
