"""What this machine does without the agent: whether the kernel itself keeps unknown devices closed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

PARAMETER: Final = "usbcore.authorized_default"
RESCUE: Final = "madoguchi.usb=rescue"


@dataclass(frozen=True, slots=True)
class Floor:
    """What the agent stands on.

    Attributes:
        closed: the kernel keeps every device of every controller closed, also one that is added later.
        usbguard: another program decides about the same devices.
        rescue: whoever started the machine asks for boot keyboards to be opened.
    """

    closed: bool
    usbguard: bool
    rescue: bool


def read_floor(proc: Path = Path("/proc"), sys: Path = Path("/sys")) -> Floor:
    """Reads it from the kernel: its command line, what usbcore goes by now, and who runs.

    The parameter counts only where both say so: on the command line it is there before the first device, and
    what usbcore goes by may have been changed since. What cannot be read counts as not there.
    """
    words = _text(proc / "cmdline").split()
    # of a parameter that is said twice the kernel takes the last
    said = [word.partition("=")[2] for word in words if word.partition("=")[0] == PARAMETER]
    now = _text(sys / "module/usbcore/parameters/authorized_default")
    return Floor(said[-1:] == ["0"] and now == "0", _runs(proc, "usbguard-daemon"), RESCUE in words)


def _runs(proc: Path, program: str) -> bool:
    # the kernel keeps fifteen characters of a name
    return any(_text(found) == program[:15] for found in proc.glob("[0-9]*/comm"))


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8", "replace").strip()
    except OSError:
        return ""
