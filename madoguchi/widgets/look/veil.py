"""What the privacy key does to what is in sight: nobody can be told from what remains.

States, the number of rows and due dates stay; who and what is replaced by one fixed word, so that not even
its length tells anything. Every view is made anew from named parts: what is added to a view later is left
out until somebody decides here that it may stay.
"""

from __future__ import annotations

import re

from madoguchi.widgets.look.views import (
    AnswerView,
    FlagView,
    PatronView,
    QuestionView,
    ReasonView,
    RowView,
    SortRow,
    SortView,
    StripView,
)
from madoguchi.widgets.look.words import translate

# 12/5(土), 12/5(Sat), 2028/03/31, or the stroke that stands for no date.
_WEEKDAY = r"[月火水木金土日]|Mon|Tue|Wed|Thu|Fri|Sat|Sun"
_DATE = re.compile(rf"(?:[0-9]{{4}}/)?[0-9]{{1,2}}/[0-9]{{1,2}}(?:\((?:{_WEEKDAY})\))?|[―—]")


def hidden_word() -> str:
    """The word that stands where a text was."""
    return translate("Look", "非表示")


def _hidden(text: str) -> str:
    return hidden_word() if text else ""


def _date_or_hidden(text: str) -> str:
    return text if _DATE.fullmatch(text) else _hidden(text)


def veiled_row(view: RowView) -> RowView:
    """The row with number, sign, state, due date and the key that answers it."""
    return RowView(
        key=view.key,
        number=view.number,
        sign=view.sign,
        title=hidden_word(),
        under=hidden_word(),
        state=view.state,
        detail=_hidden(view.detail),
        right=_date_or_hidden(view.right),
        right_detail=_hidden(view.right_detail),
        action=view.action,
        answered=view.answered,
    )


def veiled_patron(view: PatronView) -> PatronView:
    """The same for everybody: a visit is open. Not whose, and not how many loans there are."""
    del view
    word = hidden_word()
    return PatronView(kana=word, name=word, number=word, category=word, valid_until=word)


def veiled_strip(view: StripView) -> StripView:
    """The strip with its state and due date."""
    return StripView(
        tone=view.tone,
        word=view.word,
        title=_hidden(view.title),
        right=_date_or_hidden(view.right),
        right_suffix=view.right_suffix if _DATE.fullmatch(view.right) else "",
        side_first=_hidden(view.side_first),
        side_second=_hidden(view.side_second),
        strong_side=view.strong_side,
        sign=view.sign,
    )


def veiled_sort(view: SortView) -> SortView:
    """The piles and how many lie on each, what to take care of without its details, and the printer."""
    return SortView(
        rows=tuple(SortRow(row.sign, row.label, row.count, row.short) for row in view.rows),
        flags=tuple(FlagView(flag.sign, hidden_word()) for flag in view.flags),
        printer=view.printer,
    )


def veiled_question(view: QuestionView) -> QuestionView:
    """The question with its sign, its answers and its reasons, without the sentence and what it is about."""

    def bare(answer: AnswerView) -> AnswerView:
        return AnswerView(answer.word)

    return QuestionView(
        title=hidden_word(),
        detail=hidden_word(),
        stop=bare(view.stop),
        offered=bare(view.offered) if view.offered is not None else None,
        unusual=bare(view.unusual) if view.unusual is not None else None,
        reasons=tuple(ReasonView(reason.key, reason.word) for reason in view.reasons),
        sign=view.sign,
        row_key=view.row_key,
    )
