"""Makes what the virtual machine's tests start from, before any test runs, and says how long that took.

    python -m tests.usb.prepare

The image and the first boot's snapshot are kept (`image.py`), so the second time takes a second. Done here
and not by the first test that wants a machine, because a run should say where its minutes go, and give up on
a machine that cannot come up before it has run everything else.
"""

from __future__ import annotations

import signal
import sys
import time

from tests.usb.image import ready_image
from tests.usb.machine import VirtualMachine

LONGEST_SECONDS = 1200
"""A busy machine took 240; whatever has not come up by then will not."""

KERNEL_ARGUMENTS = ("",)
"""Each has a snapshot of its own."""


def main() -> int:
    """Make them; the exit status is 1 when they are not there within `LONGEST_SECONDS`."""
    signal.signal(signal.SIGALRM, _too_late)
    signal.alarm(LONGEST_SECONDS)
    began = time.monotonic()
    image = ready_image()
    print(f"usb: the virtual machine's image: {time.monotonic() - began:.0f} s", flush=True)
    for arguments in KERNEL_ARGUMENTS:
        began = time.monotonic()
        with VirtualMachine(image, kernel_arguments=arguments) as machine:
            machine.run("true")
        print(
            f"usb: it answers{arguments and ' with ' + arguments}: {time.monotonic() - began:.0f} s",
            flush=True,
        )
    return 0


def _too_late(*_: object) -> None:
    sys.exit(f"usb: no virtual machine after {LONGEST_SECONDS} s")


if __name__ == "__main__":
    sys.exit(main())
