"""The form of a reservation: for whom, and where it is picked up. Pure wording."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from madoguchi.app.catalogue.search import Branch
from madoguchi.app.lending.answers import Refused, Reserved
from madoguchi.widgets import wording
from madoguchi.widgets.look.record_views import FormLine, FormView, LineKind
from madoguchi.widgets.look.views import StripView, Tone

translate = QCoreApplication.translate

CARD, PICKUP = "card", "pickup"


def form(title: str, card: str, branches: Sequence[Branch], here: int) -> FormView:
    """The form for a title; ``here`` is the branch that is offered."""
    return FormView(
        heading=translate("Search", "予約受付"),
        note=title,
        lines=(
            FormLine(
                CARD,
                translate("Search", "利用者番号"),
                LineKind.NUMBER,
                card,
                required=True,
                hint=translate("Search", "利用者カードを読み取ると入ります"),
            ),
            FormLine(
                PICKUP,
                translate("Search", "受取館"),
                LineKind.ONE_OF,
                str(here),
                required=True,
                choices=tuple((str(branch.branch_id), branch.name) for branch in branches),
            ),
        ),
        submit=translate("Search", "予約する"),
    )


def card_needed() -> str:
    """What is right for the patron's number."""
    return translate("Search", "利用者カードを読み取るか、利用者番号を入力してください")


def outage() -> str:
    """What holds while the line is down."""
    return translate(
        "Search",
        "まだ予約していません。回線がつながりしだい予約します。\nここを閉じても、結果は下の帯に出ます。",
    )


def fault() -> str:
    """A bug was met."""
    return translate("Search", "予約できたかどうか分かりません。検索しなおして予約の人数を確かめてください。")


def refused(answer: Refused) -> str:
    """Why the title is not reserved."""
    words = wording.refused(answer)
    return f"{words.state}\n{words.detail}".strip()


def reserved_strip(answer: Reserved) -> StripView:
    """It is reserved."""
    stock = translate("Search", "在架あり・所蔵館で探します")
    return StripView(
        Tone.DONE,
        translate("Search", "予約しました"),
        answer.title,
        translate("Search", "{place}番目").format(place=answer.place),
        side_first=translate("Search", "受取 {branch}").format(branch=answer.pickup_branch),
        side_second=stock if answer.in_stock else "",
    )


def refused_strip(answer: Refused, title: str) -> StripView:
    """It is not."""
    words = wording.refused(answer)
    return StripView(
        Tone.REFUSED,
        words.state,
        title,
        translate("Search", "予約していません"),
        side_first=words.detail,
    )
