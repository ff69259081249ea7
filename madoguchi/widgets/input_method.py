"""What an input method is told before Qt starts, and whether there is one. No Qt in here: it comes later."""

from __future__ import annotations

import os
from typing import Final

_NONE: Final = frozenset({"", "compose", "none", "simple"})


def keep_keys_in_order() -> None:
    """Has Qt wait for ibus at every key. To be called before Qt starts.

    Left to itself it does not wait, and on a busy machine keys then change places: of 40 scans at 1 ms a key
    9 were wrong numbers. What somebody has set in the environment stays.
    """
    os.environ.setdefault("IBUS_ENABLE_SYNC_MODE", "1")


def input_method_in_force() -> bool:
    """Whether Qt hands keys to an input method before the application's own event filters see them.

    Qt reads the same two variables, in this order; without them it only composes accents.
    """
    wanted = os.environ.get("QT_IM_MODULES") or os.environ.get("QT_IM_MODULE") or ""
    return wanted.split(";")[0].strip() not in _NONE
