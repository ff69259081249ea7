"""What was found, as the search shows it: pure wording."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from PySide6.QtCore import QCoreApplication

from madoguchi.app.catalogue.search import Copy, Found, Place, TitleCard, TitleFound
from madoguchi.widgets import wording
from madoguchi.widgets.look.record_views import Column, Mark, Record, TableView
from madoguchi.widgets.look.title_views import CopyLine, TitleView
from madoguchi.widgets.look.views import Sign, StripView, Tone

translate = QCoreApplication.translate


def results(found: Found | None, *, asked: bool, line_up: bool) -> TableView:
    """The table: ``found`` is None while an answer is on its way or nothing was asked."""
    if not line_up:
        empty = translate("Search", "回線が切れています。つながりしだい検索します。")
    elif not asked:
        empty = translate("Search", "2文字から検索します。かなでも漢字でも、一部でもかまいません。")
    elif found is None:
        empty = translate("Search", "検索しています。")
    else:
        empty = translate("Search", "見つかりません。かなで入れるか、文字を減らしてみてください。")
    titles = found.titles if found is not None else ()
    more = found is not None and found.more
    note = translate("Search", "↑↓ で選び Enter で予約。資料や ISBN を読み取るとそのタイトルに移ります。")
    if more:
        note = translate("Search", "先頭の50件です。文字を足すとしぼれます。")
    return TableView(
        heading=translate("Search", "検索結果"),
        note=note,
        columns=(
            Column("title", translate("Search", "書名"), 9),
            Column("volume", translate("Search", "巻"), 2),
            Column("creators", translate("Search", "著者"), 4),
            Column("publisher", translate("Search", "出版社"), 3, spare=True),
            Column("year", translate("Search", "年"), 2, number=True, spare=True),
            Column("here", translate("Search", "この館"), 2, number=True),
            Column("shelf", translate("Search", "在架"), 2, number=True),
            Column("waiting", translate("Search", "予約"), 2, number=True),
        ),
        records=tuple(_record(title) for title in titles),
        empty=empty,
        count=translate("Search", "50件以上") if more else "",
    )


def _record(title: TitleFound) -> Record:
    return Record(
        key=str(title.title_id),
        cells=(
            title.title,
            title.volume,
            title.creators,
            title.publisher,
            str(title.year or ""),
            str(title.here),
            f"{title.on_shelf}/{title.copies}",
            str(title.waiting) if title.waiting else "",
        ),
        mark=Mark.GOOD if title.here else Mark.NONE if title.on_shelf else Mark.OFF,
        quiet=not title.copies,
    )


def title_view(card: TitleCard) -> TitleView:
    """One title with its copies: those alike are one line."""
    on_shelf = sum(copy.place is Place.SHELF for copy in card.copies)
    here = sum(copy.here for copy in card.copies)
    return TitleView(
        title=" ".join(part for part in (card.title, card.volume) if part),
        kana=card.title_kana,
        facts=tuple(fact for fact in _facts(card) if fact),
        queue=_queue(card),
        short=translate("Search", "この館 {here}・在架 {shelf}・所蔵 {all}・予約 {waiting}").format(
            here=here,
            shelf=on_shelf,
            all=len(card.copies),
            waiting=sum(each.count for each in card.waiting),
        ),
        copies=tuple(_copy_lines(card.copies)),
    )


def _facts(card: TitleCard) -> Iterator[str]:
    yield card.creators
    yield " ".join(part for part in (card.publisher, str(card.year or ""), card.edition) if part)
    yield card.series
    yield card.extent
    yield "  ".join(
        part
        for part in (
            translate("Search", "分類 {ndc}").format(ndc=card.ndc) if card.ndc else "",
            f"ISBN {card.isbn}" if card.isbn else "",
        )
        if part
    )


def _queue(card: TitleCard) -> str:
    waiting = sum(each.count for each in card.waiting)
    if not waiting:
        return ""
    branches = translate("Search", "、").join(
        translate("Search", "{branch} {count}人").format(branch=each.branch, count=each.count)
        for each in card.waiting
    )
    return translate("Search", "予約 {count}人（{branches}）").format(count=waiting, branches=branches)


def _copy_lines(copies: tuple[Copy, ...]) -> Iterator[CopyLine]:
    lines = [(_sign(copy), copy.at or copy.home, _state(copy)) for copy in copies]
    for (sign, branch, state), alike in groupby(lines):
        count = len(list(alike))
        times = translate("Search", "{state} ×{count}").format(state=state, count=count)
        yield CopyLine(sign, branch, times if count > 1 else state)


def _sign(copy: Copy) -> Sign:
    return {
        Place.SHELF: Sign.DONE if copy.here else Sign.TO_OPEN_SHELF,
        Place.LENT: Sign.PENDING,
        Place.RESERVATION_SHELF: Sign.TO_RESERVATION_SHELF,
        Place.TRANSIT: Sign.TO_TRANSIT,
        Place.MISSING: Sign.NOTICE,
    }[copy.place]


def _state(copy: Copy) -> str:
    if copy.place is Place.LENT:
        if copy.due_on is None:
            return translate("Search", "貸出中")
        return translate("Search", "貸出中 {day}まで").format(day=wording.day(copy.due_on))
    if copy.place is Place.RESERVATION_SHELF:
        return translate("Search", "取置中")
    if copy.place is Place.TRANSIT:
        return translate("Search", "へ配送中")
    if copy.place is Place.MISSING:
        return translate("Search", "所在不明")
    return translate("Search", "在架（禁帯出）") if copy.reference_only else translate("Search", "在架")


def title_hint() -> str:
    """What stands where a title would."""
    return translate("Search", "選んだ資料の所蔵館と状態がここに出ます。")


def idle_strip() -> StripView:
    """The strip while nothing has happened."""
    return StripView(Tone.IDLE, translate("Search", "検索する言葉を入力するか、資料を読み取ってください"))


def not_here_strip(text: str) -> StripView:
    """A scan that is no title's."""
    return StripView(Tone.NOTICE, translate("Search", "この番号では検索できません"), text)


def periodical_strip(text: str) -> StripView:
    """A periodical's own barcode: titles are kept without such numbers."""
    return StripView(
        Tone.NOTICE,
        translate("Search", "雑誌の番号では検索できません"),
        text,
        side_first=translate("Search", "雑誌名を入れるか、図書館の資料番号を読み取ってください"),
    )


def later_strip(title: str, count: int) -> StripView:
    """A title is to be reserved with others; ``count``: how many wait; none: for whoever is there now."""
    if not count:
        return StripView(
            Tone.PENDING,
            translate("Search", "予約しています"),
            title,
            side_first=translate("Search", "結果はこの帯に出ます。F4 で一覧を見られます"),
        )
    return StripView(
        Tone.DONE,
        translate("Search", "まとめて予約に入れました"),
        title,
        translate("Search", "{count}件").format(count=count),
        side_first=translate("Search", "F4 でカードを読み取ると予約します"),
    )


def looking_strip(number: str) -> StripView:
    """A scan is being looked for."""
    return StripView(Tone.PENDING, translate("Search", "検索しています"), number)


def found_strip(title: str) -> StripView:
    """A scan, and its title."""
    return StripView(Tone.DONE, translate("Search", "見つかりました"), title)


def half_filled_strip(number: str) -> StripView:
    """Another item is half added: one after the other."""
    return StripView(
        Tone.NOTICE,
        translate("Search", "入れかけの簡易登録があります"),
        number,
        side_first=translate("Search", "F10 で登録、Esc でやめる"),
    )


def not_found_strip(text: str) -> StripView:
    """A scan whose title the library does not have."""
    return StripView(
        Tone.NOTICE,
        translate("Search", "登録がありません"),
        text,
        side_first=translate("Search", "F11 で簡易登録"),
    )
