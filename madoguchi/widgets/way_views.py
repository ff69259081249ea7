"""The four lists of reservations under way, as the page shows them. Pure wording."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from PySide6.QtCore import QCoreApplication

from madoguchi.app.patrons.person import NoticeBy
from madoguchi.app.reservations.rounds import OnShelf, Shelf, ToLookFor, Transits, Travelling
from madoguchi.app.reservations.telling import ToTell
from madoguchi.widgets import wording
from madoguchi.widgets.look.person_views import PersonLine, PersonView
from madoguchi.widgets.look.record_views import Column, Mark, Record, TableView
from madoguchi.widgets.look.views import ReasonView
from madoguchi.widgets.patron_words import notice_by

translate = QCoreApplication.translate


class WayList(StrEnum):
    """The lists, in the order of the way round."""

    PULL = "pull"
    MOVES = "moves"
    SHELF = "shelf"
    TELL = "tell"


KEYS = {WayList.PULL: "Z", WayList.MOVES: "H", WayList.SHELF: "T", WayList.TELL: "R"}
"""The letter that opens each: 在庫, 配送, 取置, 連絡."""


@dataclass(slots=True)
class Lists:
    """What was read last, list by list; None: not read, or not to be seen any more."""

    pull: tuple[ToLookFor, ...] | None = None
    transits: Transits | None = None
    shelf: Shelf | None = None
    to_tell: tuple[ToTell, ...] | None = field(default=None, repr=False)

    def late(self) -> int:
        """How many copies are late on their way here."""
        return sum(each.late for each in self.transits.coming) if self.transits is not None else 0

    def to_clear(self) -> int:
        """How many copies are to be taken off the shelf."""
        return sum(copy.to_clear for copy in self.shelf.copies) if self.shelf is not None else 0

    def untold(self) -> int | None:
        """How many copies lie ready of which nobody was told yet: known before anybody is named."""
        if self.shelf is None:
            return None
        return sum(not copy.told and not copy.to_clear for copy in self.shelf.copies)


@dataclass(frozen=True, slots=True)
class Way:
    """How a list is to be seen.

    Attributes:
        doing: what is on its way to the server, by the key of its record; True: the line is down.
        destination: key and name of the branch whose crate is packed; None: every branch.
        by_label: the shelf by who it is for, else by the last day.
        empty: what stands where there are no records, if not that there are none.
    """

    doing: Mapping[str, bool] = field(default_factory=dict)
    destination: tuple[int, str] | None = None
    by_label: bool = False
    empty: str = ""


def name_of(which: WayList) -> str:
    """The name of a list."""
    return {
        WayList.PULL: translate("Way", "予約在庫"),
        WayList.MOVES: translate("Way", "配送"),
        WayList.SHELF: translate("Way", "取置棚"),
        WayList.TELL: translate("Way", "連絡"),
    }[which]


def chips(lists: Lists) -> tuple[ReasonView, ...]:
    """Every list with its key, and how much waits there."""
    return tuple(
        ReasonView(which.value, " ".join(part for part in (KEYS[which], name_of(which), waits) if part))
        for which, waits in _waits(lists).items()
    )


def _waits(lists: Lists) -> dict[WayList, str]:
    comma, untold = translate("Way", "・"), lists.untold()
    moves, shelf, tell = [], "", ""
    if lists.transits is not None:
        moves = [translate("Way", "出す {n}").format(n=len(to_send(lists.transits, None)))]
    if lists.late():
        moves.append(translate("Way", "遅れ {n}").format(n=lists.late()))
    if lists.shelf is not None:
        shelf = translate("Way", "片付け {n}").format(n=lists.to_clear())
    if lists.to_tell is not None:
        tell = translate("Way", "{n}人").format(n=len(lists.to_tell))
    elif untold is not None:
        tell = translate("Way", "まだ {n}点").format(n=untold)
    return {
        WayList.PULL: "" if lists.pull is None else translate("Way", "{n}件").format(n=len(lists.pull)),
        WayList.MOVES: comma.join(moves),
        WayList.SHELF: shelf,
        WayList.TELL: tell,
    }


def table(which: WayList, lists: Lists, way: Way) -> TableView:
    """One of the lists."""
    return {
        WayList.PULL: pull_table,
        WayList.MOVES: moves_table,
        WayList.SHELF: shelf_table,
        WayList.TELL: tell_table,
    }[which](lists, way)


def loading_words() -> str:
    """It has been asked."""
    return translate("Way", "読み込んでいます。")


def outage_words() -> str:
    """The line is down."""
    return translate("Way", "回線がつながりしだい、読み込みます。")


def _state(way: Way, key: str, words: str) -> str:
    """What a record says of itself: what is done about it stands before what was so."""
    stalled = way.doing.get(key)
    if stalled is None:
        return words
    return translate("Way", "回線断・未記録") if stalled else translate("Way", "記録中")


def _mark(way: Way, key: str, *, notice: bool) -> Mark:
    if way.doing.get(key):
        return Mark.WRONG
    return Mark.NOTICE if notice else Mark.NONE


# -- what is looked for ------------------------------------------------------------------------------


def pull_table(lists: Lists, way: Way) -> TableView:
    """The copies that somebody waits for, as they stand on the shelves."""
    return TableView(
        heading=translate("Way", "予約在庫リスト"),
        note=translate("Way", "棚の順です。持ってきて読み取ると、行き先が出てリストから消えます。"),
        columns=(
            Column("shelf", translate("Way", "分類・記号"), 3),
            Column("title", translate("Way", "書名"), 7),
            Column("number", translate("Way", "資料番号"), 3, number=True),
            Column("to", translate("Way", "受取館"), 3),
            Column("since", translate("Way", "予約日"), 2, number=True, spare=True),
            Column("state", translate("Way", "状態"), 3),
        ),
        records=tuple(_to_look_for(copy, way) for copy in lists.pull or ()),
        empty=way.empty or translate("Way", "探す資料はありません。"),
    )


def shelf_mark(copy: ToLookFor) -> str:
    """Where it stands: class and author mark."""
    return " ".join(part for part in (copy.ndc, copy.author_mark) if part) or "—"


def _to_look_for(copy: ToLookFor, way: Way) -> Record:
    in_vain = translate("Way", "見つからず {n}回").format(n=copy.not_found) if copy.not_found else ""
    title = " / ".join(part for part in (copy.title, copy.creators) if part)
    return Record(
        copy.item_number,
        (
            shelf_mark(copy),
            title,
            copy.item_number,
            copy.pickup_branch,
            wording.day(copy.wanted_since),
            _state(way, copy.item_number, in_vain),
        ),
        _mark(way, copy.item_number, notice=copy.not_found > 0),
    )


# -- what travels ------------------------------------------------------------------------------------

LEAVING, COMING = "leaving:", "coming:"


def to_send(transits: Transits, destination: int | None) -> tuple[Travelling, ...]:
    """What waits here for the van: to this branch, or to every one."""
    return tuple(
        copy for copy in transits.leaving if copy.sent_on is None and destination in (None, copy.to_branch_id)
    )


def destinations(transits: Transits | None) -> dict[int, str]:
    """Where something waits to be sent to, by the key of the branch."""
    waiting = to_send(transits, None) if transits is not None else ()
    return {copy.to_branch_id: copy.to_branch for copy in waiting}


def moves_table(lists: Lists, way: Way) -> TableView:
    """What leaves, by where it goes; then what comes, with what is late."""
    transits = lists.transits
    to_branch_id, name = way.destination or (None, translate("Way", "すべての館"))
    rows: list[Record] = []
    if transits is not None:
        chosen = (copy for copy in transits.leaving if to_branch_id in (None, copy.to_branch_id))
        rows = [_travelling(copy, LEAVING, transits.today, way) for copy in chosen]
        rows += [_travelling(copy, COMING, transits.today, way) for copy in transits.coming]
    waiting = len(to_send(transits, to_branch_id)) if transits is not None else 0
    return TableView(
        heading=translate("Way", "配送（出す先：{branch}）").format(branch=name),
        note=translate("Way", "F10 で出す資料 {n}点。届いた資料は、読み取ると受け取ります。").format(
            n=waiting
        ),
        columns=(
            Column("state", translate("Way", "状態"), 3),
            Column("other", translate("Way", "相手の館"), 4),
            Column("title", translate("Way", "書名"), 6),
            Column("number", translate("Way", "資料番号"), 3, number=True),
            Column("why", translate("Way", "わけ"), 2, spare=True),
            Column("day", translate("Way", "日"), 2, number=True),
        ),
        records=tuple(rows),
        empty=way.empty or translate("Way", "出す資料も、届く資料もありません。"),
    )


def _travelling(copy: Travelling, side: str, today: dt.date, way: Way) -> Record:
    key = side + copy.item_number
    leaves = side == LEAVING
    if copy.late and copy.sent_on is not None:
        state = translate("Way", "遅れ {n}日").format(n=(today - copy.sent_on).days)
    elif copy.sent_on is None:
        state = translate("Way", "出す前") if leaves else translate("Way", "出る前")
    else:
        state = translate("Way", "配送中")
    toward = (
        translate("Way", "→ {branch}").format(branch=copy.to_branch)
        if leaves
        else translate("Way", "← {branch}").format(branch=copy.from_branch or "—")
    )
    why = translate("Way", "予約") if copy.reserved else translate("Way", "返却")
    cells = (
        _state(way, key, state),
        toward,
        copy.title,
        copy.item_number,
        why,
        wording.day(copy.sent_on or copy.since),
    )
    return Record(key, cells, _mark(way, key, notice=copy.late))


# -- what lies ready ---------------------------------------------------------------------------------


def shelf_order(copies: Iterable[OnShelf], *, by_label: bool) -> list[OnShelf]:
    """What is to be cleared away first; then by the last day, or by who it is for."""

    def by_day(copy: OnShelf) -> tuple[bool, dt.date, str]:
        return not copy.to_clear, copy.keep_until or dt.date.min, copy.label

    def by_name(copy: OnShelf) -> tuple[bool, str, dt.date]:
        return not copy.to_clear, copy.label, copy.keep_until or dt.date.min

    return sorted(copies, key=by_name) if by_label else sorted(copies, key=by_day)


def shelf_table(lists: Lists, way: Way) -> TableView:
    """The reservation shelf."""
    copies = lists.shelf.copies if lists.shelf is not None else ()
    order = translate("Way", "札の順") if way.by_label else translate("Way", "期限の順")
    return TableView(
        heading=translate("Way", "取置棚（{order}）").format(order=order),
        note=translate("Way", "期限切れと予約取消は、棚から取って読み取ると、行き先が出ます。"),
        columns=(
            Column("state", translate("Way", "状態"), 4),
            Column("label", translate("Way", "札"), 3),
            Column("title", translate("Way", "書名"), 6),
            Column("number", translate("Way", "資料番号"), 3, number=True),
            Column("until", translate("Way", "期限"), 2, number=True),
            Column("told", translate("Way", "連絡"), 2),
        ),
        records=tuple(_on_shelf(copy, way) for copy in shelf_order(copies, by_label=way.by_label)),
        empty=way.empty or translate("Way", "取置棚は空です。"),
    )


def _on_shelf(copy: OnShelf, way: Way) -> Record:
    if copy.keep_until is None:
        state = translate("Way", "予約取消")
    elif copy.expired:
        state = translate("Way", "期限切れ")
    else:
        state = translate("Way", "取置中")
    told = translate("Way", "済み") if copy.told else translate("Way", "まだ")
    return Record(
        copy.item_number,
        (
            _state(way, copy.item_number, state),
            copy.label or "—",
            copy.title,
            copy.item_number,
            wording.day(copy.keep_until) if copy.keep_until is not None else "—",
            "" if copy.to_clear else told,
        ),
        _mark(way, copy.item_number, notice=copy.to_clear),
    )


# -- who is told -------------------------------------------------------------------------------------


def tell_table(lists: Lists, way: Way) -> TableView:
    """Who is to be told; how to reach them is seen of one at a time."""
    return TableView(
        heading=translate("Way", "連絡する人"),
        note=translate("Way", "Enter で連絡先を開きます。資料名は、本人と確かめるまで言いません。"),
        columns=(
            Column("name", translate("Way", "氏名"), 4),
            Column("kana", translate("Way", "かな"), 4, spare=True),
            Column("way", translate("Way", "方法"), 2),
            Column("copies", translate("Way", "点数"), 1, number=True),
            Column("until", translate("Way", "期限"), 2, number=True),
            Column("state", translate("Way", "これまで"), 5),
        ),
        records=tuple(_to_tell(each, way) for each in lists.to_tell or ()),
        empty=way.empty or translate("Way", "連絡する人はいません。"),
    )


def _to_tell(each: ToTell, way: Way) -> Record:
    key = str(each.patron_id)
    said = []
    if each.mail_failed:
        said.append(translate("Way", "メールが届きません"))
    if each.tries and each.last_try is not None:
        said.append(
            translate("Way", "{n}回出ない（{day}）").format(n=each.tries, day=wording.day(each.last_try))
        )
    cells = (
        each.name,
        each.kana,
        notice_by(each.way),
        str(each.copies),
        wording.day(each.keep_until),
        _state(way, key, translate("Way", "・").join(said)),
    )
    return Record(key, cells, _mark(way, key, notice=each.mail_failed))


def person_view(each: ToTell | None, *, shown: bool, veiled: bool) -> PersonView:
    """How to reach whoever is selected: masked until it is needed."""
    label = {
        NoticeBy.TELEPHONE: translate("Way", "電話番号"),
        NoticeBy.MAIL: translate("Way", "メールアドレス"),
        NoticeBy.POST_CARD: translate("Way", "住所"),
        NoticeBy.NOT_AT_ALL: translate("Way", "連絡先"),
    }[each.way if each is not None and not veiled else NoticeBy.NOT_AT_ALL]
    heading = each.name if each is not None and shown and not veiled else translate("Way", "連絡先")
    hint = translate("Way", "Esc で閉じます") if shown else translate("Way", "Enter か F10 で見ます")
    if each is None:
        hint = ""
    reach = each.reach if each is not None and shown and not veiled else ""
    return PersonView(heading, hint, (PersonLine(label, reach, long=True),), shown and not veiled)
