"""Where this terminal stands, by its settings; in training, what a newcomer is told."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QCoreApplication

from madoguchi.app.catalogue.later import LaterSource
from madoguchi.app.clock import LibraryClock
from madoguchi.app.printing.slips import SlipKind
from madoguchi.app.printing.templates import load_templates
from madoguchi.app.settings import Settings, SettingsError, usb_folder
from madoguchi.app.training.branches import BRANCHES
from madoguchi.app.training.situations import STAFF, TRAINING_PASSWORD, ItemCase, patron_number
from madoguchi.barcode.sources.scanner import Use
from madoguchi.barcode.symbology import TRAINING_PLAN
from madoguchi.widgets.place import Place

translate = QCoreApplication.translate


def place_of(settings: Settings) -> Place:
    """The place that the settings name; the application's language is installed already.

    Raises:
        SettingsError: they name a branch that there is not.
    """
    branch = next((seed.name for seed in BRANCHES if seed.code == settings.branch), None)
    if branch is None:
        known = ", ".join(seed.code for seed in BRANCHES)
        raise SettingsError(f"branch: one of {known}, not {settings.branch!r}")
    place = Place(
        branch_code=settings.branch,
        branch=branch,
        terminal=settings.terminal,
        plan=TRAINING_PLAN,
        clock=LibraryClock(),
        idle_seconds=settings.idle_seconds,
        hold_scans=settings.scans_while_locked == "hold",
        source=LaterSource(settings),
        receipt_printer=settings.receipt_printer,
        card_printer=settings.card_printer,
        slip_paper=settings.slip_paper,
        slips_at_once=frozenset(SlipKind(kind) for kind in settings.slips_at_once),
        slip_templates=load_templates(settings.slip_templates),
        returns_only=frozenset(each.name for each in settings.scanner if each.use is Use.RETURNS),
        usb_folder=usb_folder(),
    )
    if settings.server:
        return place
    return replace(
        place,
        training=True,
        sign_in_note=translate("Counter", "練習用: 職員番号 {login}  パスワード {password}").format(
            login=STAFF[0].login, password=TRAINING_PASSWORD
        ),
        first_hint=translate(
            "Counter", "練習用の番号  利用者 {patron}  資料 {first}・{second}（一覧は練習用シート）"
        ).format(patron=patron_number(1), first=ItemCase.BOOK_A.number, second=ItemCase.BOOK_B.number),
    )
