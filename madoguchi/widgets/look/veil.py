"""What the privacy key does to what is in sight: nobody can be told from what remains.

States, the number of rows and due dates stay; a title is replaced by one fixed word, so that not even its
length tells anything, and the rest goes. Every view is made anew from named parts: what is added to a view
later is left out until somebody decides here that it may stay.
"""

from __future__ import annotations

import re

from madoguchi.widgets.look.views import AnswerView, QuestionView, ReasonView, RowView, StripView
from madoguchi.widgets.look.words import translate

# 12/5(土), 12/5(Sat), 2028/03/31, or the stroke that stands for no date.
_WEEKDAY = r"[月火水木金土日]|Mon|Tue|Wed|Thu|Fri|Sat|Sun"
_DATE = re.compile(rf"(?:[0-9]{{4}}/)?[0-9]{{1,2}}/[0-9]{{1,2}}(?:\((?:{_WEEKDAY})\))?|[―—]")


def hidden_word() -> str:
    """The word that stands where a text was."""
    return translate("Look", "非表示")


def _date_or_nothing(text: str) -> str:
    return text if _DATE.fullmatch(text) else ""


def veiled_row(view: RowView) -> RowView:
    """The row with number, sign, state, due date and the key that answers it."""
    return RowView(
        key=view.key,
        number=view.number,
        sign=view.sign,
        title=hidden_word(),
        under="",
        state=view.state,
        detail="",
        right=_date_or_nothing(view.right),
        action=view.action,
        answered=view.answered,
    )


def veiled_strip(view: StripView) -> StripView:
    """The strip with its state and due date."""
    return StripView(
        tone=view.tone,
        word=view.word,
        title=hidden_word() if view.title else "",
        right=_date_or_nothing(view.right),
        right_suffix=view.right_suffix if _DATE.fullmatch(view.right) else "",
        sign=view.sign,
    )


def veiled_question(view: QuestionView) -> QuestionView:
    """The question with its sign, its answers and its reasons; what it asks about is seen on its row."""

    def bare(answer: AnswerView | None) -> AnswerView | None:
        return AnswerView(answer.word) if answer is not None else None

    return QuestionView(
        title=hidden_word(),
        detail="",
        stop=AnswerView(view.stop.word),
        offered=bare(view.offered),
        unusual=bare(view.unusual),
        reasons=tuple(ReasonView(reason.key, reason.word) for reason in view.reasons),
        sign=view.sign,
        row_key=view.row_key,
    )
