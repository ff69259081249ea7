"""A busy Saturday in a training library of its own: what the tour's story finds, and the line it cuts.

The day is always the same one, so that the story's pictures change only when the counter does.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from madoguchi.app.catalogue.ndl import shipped_records
from madoguchi.app.clock import LibraryClock
from madoguchi.app.command_sheet import command_sheet
from madoguchi.app.server import tables as t
from madoguchi.app.server.engine import embedded_url, make_engine
from madoguchi.app.server.gateway import Act, LendingServer
from madoguchi.app.training import library
from madoguchi.app.training.circle import fill_circle
from madoguchi.app.training.house import branch_ids
from madoguchi.app.training.printer import TrainingPrinter
from madoguchi.app.training.situations import ItemCase
from madoguchi.barcode.commands import Command, command_text

T = TypeVar("T")

BRANCH: Final = "sogo"
SATURDAY: Final = dt.datetime(2026, 11, 21, 14, 20, tzinfo=ZoneInfo("Asia/Tokyo"))

PATIENT_SECONDS: Final = 10.0
"""Limit of an act while the line is well: a machine that is busy otherwise is no outage."""
HASTY_SECONDS: Final = 0.5
"""Limit of an act while the line is cut: the story does not wait for what cannot come."""

_BOOKS: Final = 10

# Made up: an hour of a counter where 40 to 80 people are served. Loans, returns and renewals by hour.
_HOURS: Final[Mapping[int, tuple[int, int, int]]] = {
    9: (96, 141, 5),
    10: (188, 207, 11),
    11: (231, 196, 14),
    12: (164, 152, 8),
    13: (219, 187, 12),
    14: (71, 58, 4),
}
_KINDS: Final = (("book", "9", 60), ("book", "2", 25), ("cd", "7", 15))
"""Kind, class and share of a hundred acts."""

# Neither is a secret: codes behind them do nothing anywhere but where the prefix was drawn.
_FOREIGN_PREFIXES: Final = ("FGHJKMNP", "PNMKJHGF")


class StoryLine:
    """The way to the library, which can be slow, and be cut for real: another connection holds the file."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._patient = LendingServer(engine, limit_seconds=PATIENT_SECONDS)
        self._hasty = LendingServer(engine, limit_seconds=HASTY_SECONDS)
        self._open = threading.Event()
        self._open.set()
        self._holder: sa.Connection | None = None

    def run(self, act: Act[T]) -> T:
        """Runs ``act`` and returns its answer, once it has come through.

        Raises:
            Outage: no answer within the limit; perhaps done, perhaps not.
        """
        self._open.wait()
        server = self._patient if self._holder is None else self._hasty
        return server.run(act)

    def sign_out(self) -> None:
        """Nothing to do: the training library keeps no sessions."""

    def close(self) -> None:
        """Closes the connections; what was cut is mended."""
        self.mend()
        self._patient.close()
        self._hasty.close()

    def hold_up(self) -> None:
        """From now on nothing comes through; it has not come to its limit yet."""
        self._open.clear()

    def cut(self) -> None:
        """Another connection holds the file: what is asked from now on runs into its limit."""
        if self._holder is None:
            holder = self._engine.connect()
            holder.exec_driver_sql("BEGIN EXCLUSIVE")
            self._holder = holder
        self._open.set()

    def mend(self) -> None:
        """The line is well again."""
        holder, self._holder = self._holder, None
        if holder is not None:
            holder.exec_driver_sql("ROLLBACK")
            holder.close()
        self._open.set()


class Saturday:
    """The library of the story, made anew at ``path``.

    Attributes:
        clock: stands still, but for ``set_minute``.
        line: the way to the library.
        books: numbers of ten plain books of this branch that anybody may borrow.
        way: what is under way for readers.
        codes: what the library's own command sheet holds.
        foreign_code: a command code of another library.

    Raises:
        TooFewRecords: the records shipped lack titles of a kind that the situations need.
        OSError: the folder cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self._minute = 0
        self.clock = LibraryClock(self._now)
        self.built = library.reset(path, shipped_records().records, self.clock)
        engine = make_engine(embedded_url(path), self.clock)
        with engine.connect() as connection:
            connection.execute(t.statistic.insert(), list(_morning()))
            self.books = tuple(connection.execute(_plain_books()).scalars())
            self.way = fill_circle(connection, SATURDAY.date(), branch_ids(), 2 * _BOOKS)
        if len(self.books) < _BOOKS:
            raise library.TooFewRecords(f"the records make fewer than {_BOOKS} plain books")
        sheet = command_sheet(engine, self.clock.local().date())
        entries = [entry for section in sheet.sections for entry in section.entries]
        self.codes: Mapping[Command, str] = {entry.command: entry.text for entry in entries}
        foreign = (command_text(Command.RETURN, prefix) for prefix in _FOREIGN_PREFIXES)
        self.foreign_code = next(text for text in foreign if text != self.codes[Command.RETURN])
        self._engine = engine
        self.line = StoryLine(engine)

    @cached_property
    def printer(self) -> TrainingPrinter:
        """The counter's receipt printer; whoever asks for it closes it."""
        return TrainingPrinter()

    def another_line(self) -> StoryLine:
        """The way from another branch to the same library."""
        return StoryLine(self._engine)

    def set_minute(self, minute: int) -> None:
        """So many minutes after the story's beginning."""
        self._minute = minute

    def _now(self) -> dt.datetime:
        return SATURDAY + dt.timedelta(minutes=self._minute)


def _morning() -> Iterator[dict[str, object]]:
    """What this branch's counter has done before the story begins."""
    for hour, amounts in _HOURS.items():
        for act, amount in zip(("checkout", "checkin", "renewal"), amounts, strict=True):
            left = amount
            for kind, ndc_class, share in reversed(_KINDS):
                part = left if (kind, ndc_class, share) == _KINDS[0] else amount * share // 100
                left -= part
                yield {
                    "day": SATURDAY.date(),
                    "hour": hour,
                    "branch_id": branch_ids()[BRANCH],
                    "act": act,
                    "kind": kind,
                    "ndc_class": ndc_class,
                    "age_band": "30-59",
                    "category": "resident",
                    "amount": part,
                }


def _plain_books() -> sa.Select[str]:
    of_cases = sa.select(t.item.c.title_id).where(t.item.c.id <= len(ItemCase))
    return (
        sa.select(t.item.c.number)
        .where(
            t.item.c.kind == "book",
            t.item.c.attachments == "",
            t.item.c.home_branch_id == branch_ids()[BRANCH],
            t.item.c.title_id.not_in(of_cases),
            ~sa.exists().where(t.loan.c.item_id == t.item.c.id),
        )
        .order_by(t.item.c.id)
        .limit(_BOOKS)
    )
