"""Items: how many copies of each title, in which branch, lendable or not. In arrays, some bytes an item."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from random import Random
from typing import Final

from madoguchi.app.lending.materials import LoanGroup, group_of
from madoguchi.app.synth.classes import KINDS
from madoguchi.app.synth.titles import Made, Row
from madoguchi.app.synth.words import Picker
from madoguchi.app.training.branches import BRANCHES, BranchKind
from madoguchi.app.training.house import branch_ids
from madoguchi.app.training.situations import item_number

ITEM_COLUMNS: Final = (
    "id", "number", "title_id", "home_branch_id", "kind", "reference_only", "borrowed_from",
    "attachments", "note",
)  # fmt: skip

GROUPS: Final = tuple(LoanGroup)
_GROUP_OF_KIND: Final = tuple(GROUPS.index(group_of(kind)) for kind in KINDS)

# By hand: the four libraries hold most, the eleven rooms a few shelves each.
_LIBRARY_WEIGHTS: Final = (38.0, 17.0, 14.0, 13.0)
_ROOM_WEIGHT: Final = 1.65

_REFERENCE_SHARE: Final = 0.03
_BORROWED_SHARE: Final = 0.0003
_ATTACHMENT_SHARE: Final = 0.012
_NOTE_SHARE: Final = 0.006
_LENDERS: Final = ("神奈川県立図書館", "横浜市立図書館", "茅ヶ崎市立図書館", "鎌倉市図書館", "国立国会図書館")
_ATTACHMENTS: Final = ("付録CD 1枚", "付録CD-ROM 1枚", "別冊 1冊", "地図 1枚", "DVD 1枚", "カード 12枚")
_NOTES: Final = ("書込みあり（確認済）", "水濡れあと（確認済）", "背表紙を補修", "12ページに破れ（補修済）")


class Holdings:
    """What is on the shelves: filled as the titles are made, complete after ``settle``.

    Attributes:
        title: the key of each item's title, in the order of the items, whose keys count from 1.
        branch: the key of each item's home.
        group: the place of each item's loan group in ``GROUPS``.
        fixed: 1 for an item that is not lent.
        first: the key of the first copy of each title; the others follow it.
    """

    def __init__(self, items: int, seed: int) -> None:
        self.title = array("I")
        self.branch = bytearray()
        self.group = bytearray()
        self.fixed = bytearray()
        self.first = array("I")
        self._items = items
        self._random = Random(f"{seed} items")
        self._kinds = bytearray()
        self._copies = bytearray()
        ids = branch_ids()
        libraries = [ids[seed_.code] for seed_ in BRANCHES if seed_.kind is BranchKind.LIBRARY]
        rooms = [ids[seed_.code] for seed_ in BRANCHES if seed_.kind is BranchKind.ROOM]
        self._with_av = Picker(libraries, _LIBRARY_WEIGHTS)
        self._everywhere = Picker(libraries + rooms, [*_LIBRARY_WEIGHTS, *[_ROOM_WEIGHT] * len(rooms)])

    def count_in(self, made: Made) -> None:
        """Takes note of a title: what is read much is held oftener, and so is what is new."""
        self._kinds.append(made.kind)
        draw = self._random.random()
        copies = 1
        if draw < 0.30:
            copies = 2
        if draw < 0.10:
            copies = 3 + int(self._random.paretovariate(1.6) - 1)
        if made.recent > 25 and copies > 2:
            copies = 2
        self._copies.append(min(copies, 30))

    def settle(self) -> None:
        """Brings the number of items to what it has to be: copies are bought or thrown away."""
        missing = self._items - sum(self._copies)
        while missing:
            place = int(self._random.random() * len(self._copies))
            if missing > 0 and self._copies[place] < 60:
                self._copies[place] += 1
                missing -= 1
            elif missing < 0 and self._copies[place] > 1:
                self._copies[place] -= 1
                missing += 1

    def rows(self) -> Iterator[Row]:
        """The items' rows; the arrays grow with them."""
        random = self._random
        serial = 0
        for title_id, (kind, copies) in enumerate(zip(self._kinds, self._copies, strict=True), start=1):
            group = _GROUP_OF_KIND[kind]
            home = self._everywhere if GROUPS[group] is LoanGroup.PRINT else self._with_av
            name = KINDS[kind].value
            self.first.append(serial + 1)
            for _ in range(copies):
                serial += 1
                branch = home(random)
                reference = random.random() < _REFERENCE_SHARE
                self.title.append(title_id)
                self.branch.append(branch)
                self.group.append(group)
                self.fixed.append(reference)
                yield (
                    serial,
                    item_number(serial),
                    title_id,
                    branch,
                    name,
                    reference,
                    random.choice(_LENDERS) if random.random() < _BORROWED_SHARE else None,
                    random.choice(_ATTACHMENTS) if random.random() < _ATTACHMENT_SHARE else "",
                    random.choice(_NOTES) if random.random() < _NOTE_SHARE else "",
                )

    def copies_of(self, title: int) -> range:
        """The keys of a title's copies."""
        first = self.first[title - 1]
        return range(first, first + self._copies[title - 1])
