"""Labels in the counter's words: the list, the two forms, and what became of them. Pure wording."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Final

from PySide6.QtCore import QCoreApplication

from madoguchi.app.catalogue.labels import LabelRefusal, NumberRange
from madoguchi.app.patrons.answers import PatronRefusal
from madoguchi.barcode.symbology import CodePlan
from madoguchi.widgets import wording
from madoguchi.widgets.label_list import Collected, State
from madoguchi.widgets.look.record_views import Column, Mark, Record, TableView
from madoguchi.widgets.look.views import AnswerView, QuestionView, RailItem, Sign, StripView, Tone

translate = QCoreApplication.translate

LABELS_KEY: Final = "Shift+F6"
MOST_CARDS: Final = 10
"""Cards whose numbers are allotted with one act: a sheet."""
CUSTOM, CARDS = "custom", "cards"
WITH_TITLE, BARE = "title", "bare"
TO_FILE: Final = "\x00file"
"""The choice of a file; no printer is called so."""


class LabelKind(StrEnum):
    """What is printed of the numbers that were collected."""

    ITEM = "item"
    SPINE = "spine"
    CARD = "card"


class Line(StrEnum):
    """The lines of the forms beside those of a sheet of one's own."""

    COUNT = "count"
    RULE = "rule"
    KIND = "kind"
    SHEET = "sheet"
    START = "start"
    TITLE = "with_title"
    PRINTER = "printer"


def kind_word(kind: LabelKind) -> str:
    """What the staff call it."""
    return {
        LabelKind.ITEM: translate("Labels", "資料ラベル"),
        LabelKind.SPINE: translate("Labels", "背ラベル"),
        LabelKind.CARD: translate("Labels", "利用者カード"),
    }[kind]


# -- the list --------------------------------------------------------------------------------------------


def table(rows: Sequence[Collected]) -> TableView:
    """What was collected, in the order in which it is printed."""
    return TableView(
        heading=translate("Labels", "印刷するラベル"),
        note=translate(
            "Labels", "資料を読み取るか番号を打つと加わります。Enter かダブルクリックで外せます。"
        ),
        columns=(
            Column("number", translate("Labels", "番号"), 4, number=True),
            Column("title", translate("Labels", "書名"), 8),
            Column("ndc", translate("Labels", "分類"), 3),
            Column("mark", translate("Labels", "図書記号"), 2, spare=True),
            Column("volume", translate("Labels", "巻"), 2, spare=True),
            Column("state", translate("Labels", "状態"), 5),
        ),
        records=tuple(_record(row) for row in rows),
        empty=translate(
            "Labels",
            "資料を読み取るか、F9 で新しい番号を割り当ててください。前の番号は F11 で呼び出せます。",
        ),
    )


def _record(row: Collected) -> Record:
    words, mark = {
        State.ASKED: (translate("Labels", "調べています"), Mark.NOTICE),
        State.FOUND: ("", Mark.GOOD),
        State.UNKNOWN: (translate("Labels", "登録なし（番号だけ）"), Mark.NOTICE),
        State.NEW: (translate("Labels", "新しい番号"), Mark.NONE),
        State.CARD: (translate("Labels", "新しいカードの番号"), Mark.NONE),
    }[row.state]
    item = row.item
    cells = (item.title, item.ndc, item.author_mark, item.volume) if item is not None else ("",) * 4
    return Record(row.number, (row.number, *cells, words), mark)


def ranges_table(ranges: Sequence[NumberRange] | None, plan: CodePlan) -> TableView:
    """The numbers allotted last; None: they are being asked for."""
    return TableView(
        heading=translate("Labels", "割り当て済みの番号"),
        note=translate(
            "Labels",
            "Enter で同じ番号をもう一度印刷に加えます。新しいものから50件です。"
            "それより前の番号は、打って加えます。",
        ),
        columns=(
            Column("day", translate("Labels", "日付"), 3),
            Column("branch", translate("Labels", "館"), 3),
            Column("size", translate("Labels", "点数"), 2, number=True),
            Column("numbers", translate("Labels", "番号"), 8, number=True),
        ),
        records=tuple(_range_record(place, each, plan) for place, each in enumerate(ranges or ())),
        empty=translate("Labels", "読み込んでいます。")
        if ranges is None
        else translate("Labels", "割り当てた番号はまだありません。"),
    )


def _range_record(place: int, each: NumberRange, plan: CodePlan) -> Record:
    rule = each.rule(plan)
    if rule is None:
        numbers = translate("Labels", "いまの番号体系と違います")
    else:
        whole = each.numbers(rule)
        numbers = translate("Labels", "{first} 〜 {last}").format(first=whole[0], last=whole[-1])
    cells = (wording.day(each.day), each.branch, str(each.size), numbers)
    return Record(str(place), cells, Mark.NONE if rule is not None else Mark.OFF, quiet=rule is None)


# -- keys ------------------------------------------------------------------------------------------------


def new_key(*, enabled: bool) -> RailItem:
    """F9 over the list."""
    return RailItem(9, translate("Labels", "新しい番号"), translate("Labels", "新番号"), enabled)


def preview_key() -> RailItem:
    """F9 while the form of printing is open."""
    return RailItem(9, translate("Labels", "見本を大きく"), translate("Labels", "見本"))


def turn_key(*, enabled: bool) -> RailItem:
    """F9 over the picture."""
    return RailItem(9, translate("Labels", "次の用紙"), enabled=enabled)


def print_key(*, enabled: bool) -> RailItem:
    """F10 over the list."""
    return RailItem(10, translate("Labels", "印刷する"), translate("Labels", "印刷"), enabled)


def send_key(word: str, *, enabled: bool) -> RailItem:
    """F10 in a form."""
    return RailItem(10, word, enabled=enabled, offered=True)


def ranges_key(*, enabled: bool) -> RailItem:
    """F11 over the list."""
    return RailItem(11, translate("Labels", "前の番号"), enabled=enabled)


def take_key(*, enabled: bool) -> RailItem:
    """F10 over the ranges."""
    return RailItem(10, translate("Labels", "印刷に加える"), translate("Labels", "加える"), enabled)


def back_key() -> RailItem:
    """F11 elsewhere."""
    return RailItem(11, translate("Labels", "もどる"))


# -- taking out ---------------------------------------------------------------------------------------------


def drop_question(number: str, count: int) -> QuestionView:
    """What was printed goes from the list by hand: a printer may have eaten a sheet."""
    every = AnswerView(
        translate("Labels", "すべて外す"), translate("Labels", "{n}枚が一覧から消えます").format(n=count)
    )
    return QuestionView(
        translate("Labels", "一覧から外しますか"),
        translate("Labels", "{number} のラベルを印刷しないことにします。番号は消えません。").format(
            number=number
        ),
        AnswerView(translate("Labels", "やめる")),
        AnswerView(translate("Labels", "1枚外す"), translate("Labels", "この番号だけです")),
        every if count > 1 else None,
        sign=Sign.NOTICE,
    )


# -- what stands in the way ----------------------------------------------------------------------------


def refused(refusal: LabelRefusal | PatronRefusal) -> str:
    """Why no numbers were allotted, and what is to be done."""
    if refusal in (LabelRefusal.NUMBERS_USED_UP, PatronRefusal.NUMBERS_USED_UP):
        return translate(
            "Labels",
            "続きの番号がそれだけ残っていません。枚数を減らすか、システム担当に知らせてください。",
        )
    if refusal in (LabelRefusal.CANCELLED, PatronRefusal.CANCELLED):
        return translate("Labels", "割り当ては取り消されています。もう一度 F10 を押してください。")
    return translate("Labels", "この番号体系の番号は、ここでは割り当てられません。")


def outage() -> str:
    """The line is down while numbers are asked for."""
    return translate("Labels", "回線が切れています。つながりしだい、同じ番号を割り当てます。")


def fault() -> str:
    """Something is wrong with the program."""
    return translate("Labels", "割り当てられませんでした。もう一度 F10 を押すと、同じ割り当てを続けます。")


def no_room() -> str:
    """The bars have no room on these labels."""
    return translate("Labels", "番号のバーがこのラベルに入りません。大きいラベルの用紙を選んでください。")


def not_our_number(number: str) -> str:
    """A number on the list is none of the library's any more."""
    return translate(
        "Labels", "{number} は、いまの番号体系の番号ではありません。一覧から外すと、ほかは印刷できます。"
    ).format(number=number)


def print_fault() -> str:
    """Something is wrong with the program: what came out nobody knows."""
    return translate("Labels", "印刷の途中でプログラムの不具合がありました。出てきた用紙を確かめてください。")


def still_printing() -> str:
    """What was sent before is still on its way."""
    return translate("Labels", "前の印刷がまだ終わっていません。少し待って、もう一度 F10 を押してください。")


def choose_sheet() -> str:
    """No sheet is chosen."""
    return translate("Labels", "用紙を選んでください")


def choose_rule() -> str:
    """What the numbers are of is not chosen."""
    return translate("Labels", "何の番号か選んでください")


def choose_printer() -> str:
    """A printer is chosen that the system does not know any more."""
    return translate("Labels", "印刷先を選んでください")


def line_down() -> str:
    """What holds while the line is down."""
    return translate("Labels", "つながりしだい調べます。新しい番号はまだ割り当てられません")


def printing_note(labels: int, pages: int) -> str:
    """What the form says of how much it is."""
    return translate("Labels", "{n}枚を A4 {pages}枚に印刷します。拡大・縮小はしません。").format(
        n=labels, pages=pages
    )


def page_words(page: int, pages: int, labels: int) -> str:
    """What stands above a picture."""
    return translate("Labels", "見本 {page} / {pages}枚・ラベル {n}枚").format(
        page=page + 1, pages=pages, n=labels
    )


def no_page_words(*, any_labels: bool) -> str:
    """What stands where there is no picture."""
    if any_labels:
        return translate("Labels", "見本：用紙と位置を確かめてください")
    return translate("Labels", "見本：印刷するラベルがありません")


# -- what became of it -----------------------------------------------------------------------------------


def idle_strip() -> StripView:
    """The strip while nothing has happened."""
    return StripView(Tone.IDLE, translate("Labels", "ラベルにする資料を読み取ってください"))


def collected_strip(number: str, count: int) -> StripView:
    """An item was added to what is printed."""
    return StripView(
        Tone.DONE,
        translate("Labels", "ラベルに加えました"),
        number,
        translate("Labels", "{n}枚").format(n=count),
    )


def there_strip(number: str) -> StripView:
    """It is among them already."""
    return StripView(Tone.NOTICE, translate("Labels", "もう加わっています"), number)


def allotted_strip(numbers: Sequence[str]) -> StripView:
    """Numbers were allotted."""
    return StripView(
        Tone.DONE,
        translate("Labels", "番号を割り当てました"),
        translate("Labels", "{first} 〜 {last}").format(first=numbers[0], last=numbers[-1]),
        translate("Labels", "{n}枚").format(n=len(numbers)),
    )


def sent_strip(where: str | Path, pages: int) -> StripView:
    """It was handed to a printer, or written; whether it came out is seen by the clerk."""
    if isinstance(where, Path):
        words, detail = translate("Labels", "PDF に書きました"), str(where)
    else:
        words, detail = translate("Labels", "プリンターに送りました"), where
    return StripView(Tone.DONE, words, detail, translate("Labels", "A4 {n}枚").format(n=pages))


def not_sent(error: OSError) -> str:
    """Nothing was printed."""
    # a file's error is a sentence already; a printer's is its name
    if error.errno is None and str(error):
        return str(error)
    return translate("Labels", "プリンターが受け付けません。電源と用紙を確かめてください。")


def not_here_strip(text: str) -> StripView:
    """A scan of which no label is printed."""
    return StripView(Tone.NOTICE, translate("Labels", "この番号のラベルは作れません"), text)


def other_numbering_strip() -> StripView:
    """A range of another numbering was chosen."""
    return StripView(Tone.NOTICE, translate("Labels", "いまの番号体系と違う番号は印刷できません"))
