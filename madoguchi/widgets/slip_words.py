"""Slips in the counter's words: the list, the keys, and why one was not printed. Pure wording."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication

from madoguchi.app.printing.receipt_printer import PrinterTrouble
from madoguchi.app.printing.slips import SlipKind
from madoguchi.app.printing.spool import SlipState, Spooled, WordsTrouble
from madoguchi.app.reservations.answers import CircleRefusal
from madoguchi.widgets.look.record_views import Column, Mark, Record, TableView
from madoguchi.widgets.look.views import RailItem, StripView, Tone
from madoguchi.widgets.secret_printing import trouble_words

translate = QCoreApplication.translate

_MARKS = {
    SlipState.OFFERED: Mark.NONE,
    SlipState.WAITING: Mark.NOTICE,
    SlipState.PRINTING: Mark.NOTICE,
    SlipState.PRINTED: Mark.GOOD,
    SlipState.FAILED: Mark.WRONG,
}


def kind_word(kind: SlipKind) -> str:
    """What the staff call it."""
    return {
        SlipKind.LOAN: translate("Slips", "貸出票"),
        SlipKind.RENEWAL: translate("Slips", "延長票"),
        SlipKind.RESERVED: translate("Slips", "予約受付票"),
        SlipKind.SHELF: translate("Slips", "取置票"),
        SlipKind.TRANSIT: translate("Slips", "配送票"),
    }[kind]


def why_words(why: object) -> str:
    """Why a slip was not printed, and what is to be done."""
    if isinstance(why, PrinterTrouble):
        return trouble_words(why)
    if why is CircleRefusal.NOT_HERE:
        return translate("Slips", "この館の取置棚の資料ではありません。もう一度返却を読み取ってください。")
    if why is CircleRefusal.UNKNOWN_ITEM:
        return translate("Slips", "この資料番号は登録されていません。")
    if why is WordsTrouble.AWAY:
        return translate("Slips", "離席のあいだに、書く内容を聞けませんでした。")
    if why is WordsTrouble.LEFT:
        return translate("Slips", "前の担当のあいだに、印刷が終わりませんでした。")
    return translate("Slips", "書く内容をサーバーから受け取れませんでした。")


def _state(slip: Spooled) -> str:
    if slip.state is SlipState.FAILED:
        return why_words(slip.why)
    return {
        SlipState.OFFERED: translate("Slips", "まだ印刷していません（F9 で印刷）"),
        SlipState.WAITING: translate("Slips", "順番を待っています"),
        SlipState.PRINTING: translate("Slips", "印刷しています"),
        SlipState.PRINTED: translate("Slips", "印刷しました"),
    }[slip.state]


def _about(slip: Spooled, *, veiled: bool) -> str:
    """What a slip is about, as far as the spool knows: of the reservation shelf only a number."""
    fields = slip.fields
    if veiled:
        return "—"
    if slip.kind is SlipKind.SHELF:
        return translate("Slips", "資料 {number}").format(number=slip.item_number)
    if slip.kind is SlipKind.TRANSIT:
        return translate("Slips", "{branch}へ  {title}").format(
            branch=fields.get("to_branch", ""), title=fields.get("title", "")
        )
    if slip.kind is SlipKind.LOAN:
        return translate("Slips", "番号の末尾 {end}・{n}点").format(
            end=fields.get("card_end", ""), n=fields.get("count", "")
        )
    if slip.kind is SlipKind.RENEWAL:
        return translate("Slips", "{n}点").format(n=fields.get("count", ""))
    return fields.get("title", "")


def table(slips: Iterable[Spooled], *, veiled: bool, has_printer: bool) -> TableView:
    """The slips, the newest first."""
    empty = (
        translate("Slips", "伝票はまだありません。")
        if has_printer
        else translate("Slips", "この端末にはプリンターが設定されていません。")
    )
    return TableView(
        heading=translate("Slips", "伝票"),
        note=translate(
            "Slips",
            "Enter で内容を見ます。F9 でもう一度印刷します。印刷した伝票は10分で消えます。",
        ),
        columns=(
            Column("time", translate("Slips", "時刻"), 2, number=True),
            Column("kind", translate("Slips", "伝票"), 3),
            Column("about", translate("Slips", "内容"), 7),
            Column("state", translate("Slips", "状態"), 9),
        ),
        records=tuple(
            Record(
                str(slip.id),
                (
                    f"{slip.made_at:%H:%M}",
                    kind_word(slip.kind),
                    _about(slip, veiled=veiled),
                    _state(slip),
                ),
                _MARKS[slip.state],
            )
            for slip in sorted(slips, key=lambda slip: slip.id, reverse=True)
        ),
        empty=empty,
    )


def again_strip(slip: Spooled | None, *, has_printer: bool, printing: bool) -> StripView:
    """The last slip is printed again, or there is none, or one is ``printing``; whose it is, is not said."""
    if slip is not None:
        return StripView(
            Tone.PENDING,
            translate("Slips", "もう一度印刷します"),
            kind_word(slip.kind),
            side_first=translate("Slips", "{time}の伝票").format(time=f"{slip.made_at:%H:%M}"),
        )
    if has_printer and printing:
        return StripView(
            Tone.NOTICE,
            translate("Slips", "いま印刷しています"),
            side_first=translate("Counter", "何も変わっていません"),
        )
    return StripView(
        Tone.NOTICE,
        translate("Slips", "印刷した伝票がありません")
        if has_printer
        else translate("Slips", "この端末にはプリンターが設定されていません。"),
        side_first=translate("Counter", "何も変わっていません"),
    )


def print_key(*, enabled: bool, again: bool) -> RailItem:
    """F9 on the page of slips."""
    if again:
        word, short = translate("Slips", "もう一度印刷"), translate("Slips", "再印刷")
    else:
        word, short = translate("Slips", "印刷する"), translate("Slips", "印刷")
    return RailItem(9, word, short, enabled)


def failed_key(failed: int) -> RailItem:
    """F10 there."""
    word, short = translate("Slips", "失敗した分を印刷"), translate("Slips", "失敗分")
    return RailItem(10, word, short, enabled=failed > 0, badge=failed)


def back_key(*, looking: bool) -> RailItem:
    """F11 there."""
    if looking:
        return RailItem(11, translate("Slips", "一覧へもどる"), translate("Slips", "一覧へ"))
    return RailItem(11, translate("Slips", "前の画面へ"), translate("Slips", "前へ"))


def loans_key() -> RailItem:
    """F9 on the page of checkouts, once a visit has ended."""
    return RailItem(9, translate("Slips", "貸出票"))


def renewals_key(*, has_printer: bool, enabled: bool) -> RailItem:
    """F9 on the page of renewals."""
    word = translate("Slips", "延長票") if has_printer else "—"
    return RailItem(9, word, enabled=has_printer and enabled)


def idle_strip(failed: int) -> StripView:
    """The page of slips comes into sight."""
    if not failed:
        return StripView(Tone.IDLE, translate("Slips", "伝票の一覧です"))
    return StripView(
        Tone.NOTICE,
        translate("Slips", "印刷していない伝票 {n}枚").format(n=failed),
        side_first=translate("Slips", "プリンターを直してから F9"),
        side_second=translate("Slips", "要らなければ Delete"),
    )


def slip_strip(slip: Spooled) -> StripView:
    """One slip is looked at."""
    tone = Tone.NOTICE if slip.state is SlipState.FAILED else Tone.IDLE
    return StripView(tone, kind_word(slip.kind), _state(slip))


def needless_strip(item_number: str) -> StripView:
    """A slip was asked for once more, and nothing was printed: it is gone from the list."""
    return StripView(
        Tone.NOTICE,
        translate("Slips", "取置票は要らなくなりました"),
        translate("Slips", "資料 {number} は取置棚にありません").format(number=item_number),
        side_first=translate("Slips", "印刷していません"),
    )


def failed_words(failed: list[Spooled]) -> tuple[str, str]:
    """What the banner says of what was not printed: which, and why; empty if there is nothing."""
    if not failed:
        return "", ""
    last = failed[-1]
    word = translate("Slips", "{kind}を印刷していません").format(kind=kind_word(last.kind))
    if len(failed) > 1:
        word = translate("Slips", "伝票 {n}枚を印刷していません").format(n=len(failed))
    return word, why_words(last.why)


def nothing_to_read_strip(text: str) -> StripView:
    """A scan that means nothing on this page."""
    return StripView(Tone.NOTICE, translate("Slips", "伝票の画面では読み取れません"), text)


def no_picture_words(why: object) -> str:
    """In place of a slip that is only to be looked at."""
    return translate("Slips", "この伝票は見られません。{why}").format(why=why_words(why))


def asking_words() -> str:
    """What is to be looked at is on its way."""
    return translate("Slips", "書く内容を聞いています")


def hidden_words() -> str:
    """What is somebody's is hidden."""
    return translate("Slips", "画面を隠しているあいだは、内容を見られません。")
