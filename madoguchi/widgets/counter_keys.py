"""What the twelve keys and the command codes mean at this moment. F1 to F8 never change."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt

from madoguchi.barcode.commands import Command
from madoguchi.widgets.counter_page import ATTEND, CounterPage
from madoguchi.widgets.look.views import Answer, QuestionView, RailItem, RailView

translate = QCoreApplication.translate

LEAVE = 12
LAST_PATRON = 8

QT_KEYS = {answer: Qt.Key.Key_F1.value + answer.value - 1 for answer in Answer}

DIGITS = frozenset(Command(str(digit)) for digit in range(10))

TASKS = {
    Command.LEND: 1,
    Command.RETURN: 2,
    Command.RENEW: 3,
    Command.LAST: LAST_PATRON,
    Command.ATTEND: ATTEND,
}
ANSWERS = {Command.NO: Answer.STOP, Command.YES: Answer.OFFERED}
"""No command gives the unusual answer: an override is never given by a scan."""


def rail(
    page: CounterPage,
    current: int,
    question: QuestionView | None,
    *,
    last_patron: bool,
    registering: bool = False,
) -> RailView:
    """The twelve keys beside this page; while a question is open F9 to F11 are its answers.

    ``registering``: somebody is half registered, and waits on F5.
    """
    tasks = (
        RailItem(1, translate("Counter", "貸出")),
        RailItem(2, translate("Counter", "返却")),
        RailItem(3, translate("Counter", "延長")),
        RailItem(4, translate("Counter", "予約")),
        RailItem(5, translate("Counter", "利用者・登録中"), translate("Counter", "登録中"))
        if registering
        else RailItem(5, translate("Counter", "利用者")),
        RailItem(6, translate("Counter", "検索")),
        RailItem(7, translate("Counter", "取置・配送"), translate("Counter", "取置")),
        RailItem(
            LAST_PATRON,
            translate("Counter", "直前の利用者"),
            translate("Counter", "直前"),
            enabled=last_patron,
        ),
    )
    leave = RailItem(LEAVE, translate("Counter", "離席"))
    if question is None:
        nine, eleven = page.function_keys()
        return RailView((*tasks, nine, page.attend_key(), eleven, leave), current)
    answers = tuple(
        RailItem(
            answer.value,
            words.word if words else "—",
            enabled=words is not None,
            offered=words is not None,
        )
        for answer, words in (
            (Answer.STOP, question.stop),
            (Answer.OFFERED, question.offered),
            (Answer.UNUSUAL, question.unusual),
        )
    )
    return RailView((*tasks, *answers, leave), current, asking=True)
