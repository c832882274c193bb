"""Every command of the program, a file for each part of the desk. Add one there, carry it out in the file of the same
name in live/engine/hands/; nothing else needs to know."""

from live.control.commands.authority import *  # noqa: F403
from live.control.commands.captions import *  # noqa: F403
from live.control.commands.colour import *  # noqa: F403
from live.control.commands.cuts import *  # noqa: F403
from live.control.commands.dsk import *  # noqa: F403
from live.control.commands.feeds import *  # noqa: F403
from live.control.commands.framing import *  # noqa: F403
from live.control.commands.graphics import *  # noqa: F403
from live.control.commands.keying import *  # noqa: F403
from live.control.commands.layers import *  # noqa: F403
from live.control.commands.multiview import *  # noqa: F403
from live.control.commands.names import *  # noqa: F403
from live.control.commands.people import *  # noqa: F403
from live.control.commands.players import *  # noqa: F403
from live.control.commands.show import *  # noqa: F403
from live.control.commands.sound import *  # noqa: F403
from live.control.commands.styles import *  # noqa: F403
