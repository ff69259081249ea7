"""Where a terminal stands: what the window knows before anybody is signed in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from madoguchi.app.clock import LibraryClock
from madoguchi.app.printing.slips import SlipKind
from madoguchi.app.printing.templates import Templates
from madoguchi.barcode.symbology import CodePlan
from madoguchi.widgets.card_printing import Device
from madoguchi.widgets.fetching import Source


@dataclass(frozen=True, slots=True)
class Place:
    """Where this terminal stands, and what it tells a newcomer.

    Attributes:
        last_patron_minutes: how long F8 brings the last patron back.
        idle_seconds: after how long without input the clerk is taken to have left; the server's setting for
            this terminal goes before it.
        training: there is no server behind it, and nobody to report to.
        source: where records of books come from by their ISBN; None: nowhere.
        receipt_printer: where the receipt printer is; the server's setting for this terminal goes before it.
        card_printer: the printer for patrons' cards, as the system calls it; empty: the system's own choice.
        card_device: what cards are painted on instead, by that name.
        slip_paper: what slips are printed on, as the setting names it.
        slips_at_once: the kinds of slips that are printed without being asked for.
        slip_templates: what they say.
        returns_only: the names of the scanners that are there for returns alone.
        usb_folder: where files from a USB stick go, and those come from that are to go to one.
        hold_scans: whether what is scanned while somebody's work waits is held for them; else it is refused.
    """

    branch_code: str
    branch: str
    terminal: str
    plan: CodePlan
    clock: LibraryClock
    sign_in_note: str = ""
    first_hint: str = ""
    last_patron_minutes: float = 5.0
    idle_seconds: float = 180.0
    training: bool = False
    hold_scans: bool = False
    source: Source | None = None
    receipt_printer: str = ""
    card_printer: str = ""
    card_device: Callable[[str], Device] | None = None
    slip_paper: str = "80"
    slips_at_once: frozenset[SlipKind] = frozenset({SlipKind.SHELF, SlipKind.TRANSIT})
    returns_only: frozenset[str] = frozenset()
    usb_folder: Path = Path.home() / "usb"
    slip_templates: Templates = field(default_factory=Templates)
