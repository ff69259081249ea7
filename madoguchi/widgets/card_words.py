"""What is said of a card that is printed here, wherever one is given or printed once more. Pure wording."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from madoguchi.widgets.look.record_views import FormLine, LineKind
from madoguchi.widgets.look.views import RailItem, StripView, Tone
from madoguchi.widgets.wording import Words

translate = QCoreApplication.translate

PRINT, PRINTED = "print_card", "printed"
"""The line that says where the card comes from, and its answer that it is printed here."""


def print_line(value: str) -> FormLine:
    """The line of a form that asks whether the card is printed here."""
    return FormLine(
        PRINT,
        translate("Patrons", "カード"),
        LineKind.SOME_OF,
        value,
        choices=((PRINTED, translate("Patrons", "この場で印刷する（F11）")),),
        half=True,
        passed=True,
    )


def print_key(*, enabled: bool) -> RailItem:
    """F11 in a form that gives a card: it is printed here."""
    return RailItem(11, translate("Patrons", "この場で印刷"), translate("Patrons", "カードを印刷"), enabled)


def one_card() -> str:
    """A card was read, and one is to be printed."""
    return translate("Patrons", "読み取ったカードの番号を消すか、「この場で印刷する」をやめてください")


def number_taken() -> Words:
    """The number of the card to be printed went to another one in this very moment."""
    return Words(
        translate("Patrons", "番号が先に使われました"),
        translate("Patrons", "もう一度 F10 を押すと、次の番号になります"),
    )


def printed_strip(name: str, card: str) -> StripView:
    """The card is at the printer."""
    return StripView(Tone.DONE, translate("Patrons", "カードを印刷に送りました"), name, card)


def printed() -> str:
    """In the form: the card is at the printer."""
    return translate(
        "Patrons", "カードを印刷に送りました。うまく刷れなければ、利用者の記録からもう一度印刷できます。"
    )


def card_not_printed_strip(why: str) -> StripView:
    """The number is theirs, and there is no card."""
    return StripView(
        Tone.REFUSED,
        translate("Patrons", "カードを印刷できませんでした"),
        why,
        side_first=translate("Patrons", "番号は登録済みです"),
        side_second=translate("Patrons", "利用者の記録「カードを印刷」で"),
    )


def card_not_printed(why: str) -> str:
    """In the form: what to do next."""
    again = translate(
        "Patrons", "番号は登録済みです。利用者の記録の「カードを印刷」で、もう一度印刷できます。"
    )
    return translate("Patrons", "カードを印刷できませんでした。{why}").format(why=why) + "\n" + again
