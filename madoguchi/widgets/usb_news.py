"""What is said of an exception that begins and ends, and how closely the server is watched meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from madoguchi.device_control.channel import Ended
from madoguchi.widgets import usb_standing
from madoguchi.widgets.device_desk import DeviceDesk
from madoguchi.widgets.look.views import StripView
from madoguchi.widgets.server_look import ServerLook


class UsbNews(QObject):
    """Lives as long as the window; ``say`` shows on the strip what no page asked for."""

    def __init__(self, devices: DeviceDesk, looker: ServerLook, say: Callable[[StripView], None]) -> None:
        super().__init__()
        self._devices = devices
        self._looker = looker
        self._say = say
        devices.began.connect(self._began)
        devices.warned.connect(self._warned)
        devices.ended.connect(self._ended)
        looker.cut_off.connect(partial(devices.release, cut_off=True))

    def _began(self, minutes: int) -> None:
        self._looker.watch_lease(True)
        self._say(usb_standing.begun_strip(minutes))

    def _warned(self, seconds_left: int) -> None:
        self._say(usb_standing.warning_strip(seconds_left))

    def _ended(self, how: Ended) -> None:
        self._looker.watch_lease(False)
        self._say(usb_standing.ended_strip(how, cut_off=self._devices.cut_off))
