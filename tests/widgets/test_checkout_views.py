"""What the patron's panel says of what waits for them, in both languages."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from uuid import UUID

import pytest
from PySide6.QtCore import QTranslator
from PySide6.QtWidgets import QApplication

from madoguchi.app.lending.answers import VisitOpened
from madoguchi.app.lending.calendar import ClosedDays
from madoguchi.app.lending.facts import PatronFacts, ReadyElsewhere, Today
from madoguchi.app.lending.rules import Policy
from madoguchi.widgets.application import install_language
from madoguchi.widgets.checkout_views import patron_view
from madoguchi.widgets.look.views import Sign

DAY = dt.date(2026, 5, 12)
TODAY = Today(DAY, Policy(), ClosedDays.of((), first=DAY, last=DAY))
PATRON = PatronFacts(1, "2000000001", False, "", "", "", "", DAY, (), 0, None, 0, TODAY)
SHELF, VAN = Sign.TO_RESERVATION_SHELF, Sign.TO_TRANSIT


@pytest.mark.parametrize(
    ("language", "here", "travelling", "elsewhere"),
    [
        ("ja", "取置 1点", "配送中 3点", ("他館で取置 1点", "他館で取置 2点")),
        ("en", "Ready to collect: 1", "On its way: 3", ("Ready elsewhere: 1", "Ready elsewhere: 2")),
    ],
)
def test_what_waits_where_each_with_its_own_words(
    qapp: QApplication, language: str, here: str, travelling: str, elsewhere: tuple[str, str]
) -> None:
    if language == "en":
        install_language(qapp, "en")

    def flags(**changes: object) -> list[tuple[Sign, str, str]]:
        opened = VisitOpened(UUID(int=1), replace(PATRON, **changes), DAY, False, False, 0)
        return [(flag.sign, flag.label, flag.detail) for flag in patron_view(opened, {}, {}).flags]

    at_others = (ReadyElsewhere("南館", 1), ReadyElsewhere("辻堂館", 2))
    try:
        assert flags() == []
        assert flags(ready_reservations=1, travelling_reservations=3, ready_elsewhere=at_others) == [
            (SHELF, here, ""),
            (VAN, travelling, ""),
            (SHELF, elsewhere[0], "南館"),
            (SHELF, elsewhere[1], "辻堂館"),
        ]
    finally:
        for translator in qapp.findChildren(QTranslator):
            qapp.removeTranslator(translator)
            translator.deleteLater()
