"""The frame and the page that the scenes fill."""

from __future__ import annotations

from dataclasses import dataclass, replace

from madoguchi.widgets.look.counter_frame import CounterFrame
from madoguchi.widgets.look.fonts import load_faces
from madoguchi.widgets.look.patron_panel import PatronPanel
from madoguchi.widgets.look.scan_list import ScanList
from madoguchi.widgets.look.theme import Theme
from madoguchi.widgets.look.tokens import Contrast, load_tokens
from madoguchi.widgets.look.views import (
    ListHeader,
    PatronView,
    RailView,
    RowView,
)

from .samples import NEXT, TASKS, TOP


@dataclass
class Scene:
    """A frame filled for one picture; ``lists`` and ``panels`` are its page's parts."""

    frame: CounterFrame
    scan_list: ScanList | None = None


def theme(contrast: Contrast = Contrast.LIGHT, scale: float = 1.0) -> Theme:
    return Theme(load_tokens(), load_faces(), contrast, scale)


def staged_frame(look_theme: Theme, rail: RailView, size: tuple[int, int]) -> CounterFrame:
    frame = CounterFrame(look_theme)
    frame.resize(*size)
    frame.top_bar.set_view(TOP)
    frame.rail.set_view(rail)
    return frame


def staged_rail(badge: int = 0) -> RailView:
    return RailView(tuple(replace(i, badge=badge) if i.key == 10 else i for i in TASKS), current=1)


def staged_page(
    frame: CounterFrame, patron: PatronView | None, rows: tuple[RowView, ...], header: ListHeader
) -> ScanList:
    panel = PatronPanel(frame.look)
    panel.set_view(patron)
    scans = ScanList(frame.look)
    scans.set_header(header)
    scans.set_next(NEXT)
    scans.set_rows(rows)
    frame.set_left(panel)
    frame.set_centre(scans)
    return scans
