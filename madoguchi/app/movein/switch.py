"""What is staged, counted; and all of it written into the library's own tables, in one transaction."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from madoguchi.app.movein.columns import File
from madoguchi.app.movein.library import Library, NotMovedIn
from madoguchi.app.movein.staging import Staging
from madoguchi.app.server import tables as t
from madoguchi.app.server.search_index import rebuild, without_letters, without_triggers
from madoguchi.app.synth.progress import Progress

_NUMBERED: Final = (t.title, t.item, t.patron, t.loan)
_WRITTEN: Final = (t.title, t.title_creator, t.item, t.patron, t.card, t.patron_note, t.loan)


@dataclass(frozen=True, slots=True)
class FileCount:
    """The rows of a file: what was read is what is good and what was refused."""

    file: File
    read: int
    good: int
    refused: int
    notices: int

    @property
    def adds_up(self) -> bool:
        """Whether it does."""
        return self.read == self.good + self.refused


def count_files(staging: Staging, connection: sa.Connection) -> list[FileCount]:
    """How many rows of each file are what; each number is counted by itself."""
    counts = []
    for file, state in sorted(staging.files().items(), key=lambda each: list(File).index(each[0])):
        problem = staging.problem.c
        told = sa.select(sa.func.count(sa.distinct(problem.at_row))).where(problem.file == file.value)
        counts.append(
            FileCount(
                file,
                state.read,
                staging.count(staging.rows_of[file]),
                connection.execute(told.where(~problem.notice)).scalar_one(),
                connection.execute(
                    sa.select(sa.func.count()).where(problem.file == file.value, problem.notice)
                ).scalar_one(),
            )
        )
    return counts


def to_be_written(staging: Staging, connection: sa.Connection) -> dict[str, int]:
    """How many rows of the library's own tables the staged ones become."""
    notes = sa.select(sa.func.count()).where(staging.patron.c.note != "")
    patrons = staging.count(staging.patron)
    return {
        "title": staging.count(staging.title),
        "title_creator": staging.count(staging.title_creator),
        "item": staging.count(staging.item),
        "patron": patrons,
        "card": patrons + staging.count(staging.lost_card),
        "patron_note": connection.execute(notes).scalar_one(),
        "loan": staging.count(staging.loan),
    }


def in_the_way(library: Library, staging: Staging) -> Iterator[str]:
    """Why it cannot be switched now; nothing: it can."""
    if not staging.is_compared:
        yield "not everything is staged yet; run move-in stage once more"
        return
    taken = (
        ("cards", f"select number from {staging.patron.fullname}", "card", "number"),
        ("lost cards", f"select number from {staging.lost_card.fullname}", "card", "number"),
        ("items", f"select number from {staging.item.fullname}", "item", "number"),
        ("titles", f"select ndl_id from {staging.title.fullname}", "title", "ndl_id"),
    )
    for what, staged, place, column in taken:
        # names of our own
        found = library.connection.exec_driver_sql(
            f"select count(*) from {place} where {column} in ({staged})"
        ).scalar_one()
        if found:
            yield f"the library has {found:,} of the {what} already"
    for what, table, column, key in (
        ("branch", staging.patron, "branch_id", t.branch.c.id),
        ("branch", staging.item, "branch_id", t.branch.c.id),
        ("branch", staging.loan, "branch_id", t.branch.c.id),
        ("category", staging.patron, "category", t.patron_category.c.code),
        ("kind", staging.item, "kind", t.material_kind.c.code),
    ):
        gone = library.connection.execute(
            sa.select(sa.func.count()).where(table.c[column].not_in(sa.select(key)))
        ).scalar_one()
        if gone:
            yield f"{gone:,} rows name a {what} that the library had when they were staged and has no more"


def switch(library: Library, progress: Progress) -> dict[str, int]:
    """Writes everything staged into the library and erases the staging: all of it, or nothing.

    Answers how many rows each table has more, which are as many as were staged.

    Raises:
        NotMovedIn: something is in the way.
    """
    connection = library.connection
    staging = Staging(connection)
    with library.transaction():
        if not staging.exists:
            raise NotMovedIn("nothing is staged; move-in stage reads the files")
        if library.on_postgresql:
            # nobody lends or registers meanwhile
            names = ", ".join(table.name for table in _WRITTEN)
            connection.exec_driver_sql(f"lock table {names} in share row exclusive mode")
        for reason in in_the_way(library, staging):
            raise NotMovedIn(f"{reason}; nothing was changed")
        if not all(count.adds_up for count in count_files(staging, connection)):
            raise NotMovedIn("what is staged does not add up; nothing was changed, stage it --again")
        wanted = to_be_written(staging, connection)
        before = {table.name: staging.count(table) for table in _WRITTEN}
        _Writing(library, staging, progress, wanted).write()
        written = {table.name: staging.count(table) - before[table.name] for table in _WRITTEN}
        if written != wanted:
            raise NotMovedIn("what was written is not what was staged; nothing was changed")
        if library.on_postgresql:
            connection.execute(
                sa.text("select audit.note(0, session_user::text, 'move in', cast(:counts as jsonb))"),
                {"counts": json.dumps(written)},
            )
        staging.drop()
    _settle(library)
    return written


def forget(library: Library) -> bool:
    """Erases what is staged; whether there was anything."""
    staging = Staging(library.connection)
    with library.transaction():
        if not staging.exists:
            return False
        staging.drop()
    _settle(library)
    return True


def _settle(library: Library) -> None:
    """Leaves no staged row in what lies beside a file, and has the planner know what there is now."""
    library.connection.exec_driver_sql("ANALYZE")
    if not library.on_postgresql:
        library.connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


class _Writing:
    """The statements of the switch."""

    def __init__(
        self, library: Library, staging: Staging, progress: Progress, wanted: dict[str, int]
    ) -> None:
        self._library = library
        self._staging = staging
        self._progress = progress
        self._wanted = wanted

    def write(self) -> None:
        connection, s = self._library.connection, self._staging
        # a row's key is its number in its file, behind all keys there have been
        title, item, patron, loan = (self._last_key(table) for table in _NUMBERED)
        with without_triggers(connection):
            self._put(
                t.title,
                "id, ndl_id, title, title_kana, volume, series, statement, publisher, year, isbn, ndc,"
                " edition, extent",
                f"select {title} + at_row, ndl_id, title, title_kana, volume, series, statement, publisher,"
                f" year, isbn, ndc, edition, extent from {s.title.fullname}",
            )
            self._put(
                t.title_creator,
                "title_id, position, name, reading",
                f"select {title} + at_row, position, name, reading from {s.title_creator.fullname}",
            )
            with self._progress.stage("search index", 0):
                rebuild(connection)
        self._put(
            t.item,
            "id, number, title_id, home_branch_id, kind, reference_only, borrowed_from, attachments, note",
            f"select {item} + i.at_row, i.number, {title} + m.at_row, i.branch_id, i.kind, i.reference_only,"
            f" i.borrowed_from, i.attachments, i.note from {s.item.fullname} i"
            f" join {s.title.fullname} m on m.key = i.title_key",
        )
        cards = (
            f"select at_row, number from {s.patron.fullname}"
            f" union all select at_row, number from {s.lost_card.fullname}"
        )
        with without_letters(connection):
            self._put(
                t.patron,
                "id, name, kana, birth_date, category, address, telephone, last_used_on, registered_on,"
                " branch_id, postal_code, email, notice_by, proof, proof_seen_on",
                f"select {patron} + p.at_row, p.name, p.kana, p.birth_date, p.category, p.address,"
                " p.telephone, coalesce(p.last_used_on, used.lent_on, p.registered_on), p.registered_on,"
                " p.branch_id, p.postal_code, p.email, p.notice_by, p.proof, p.proof_seen_on"
                f" from {s.patron.fullname} p left join (select c.at_row, max(l.lent_on) as lent_on"
                f" from {s.loan.fullname} l join ({cards}) c on c.number = l.card_number group by c.at_row)"
                " used on used.at_row = p.at_row",
            )
        self._put(
            t.card,
            "number, patron_id, state, issued_on",
            f"select number, {patron} + at_row, 'active', coalesce(card_issued_on, registered_on)"
            f" from {s.patron.fullname} union all"
            f" select c.number, {patron} + c.at_row, 'lost', p.registered_on from {s.lost_card.fullname} c"
            f" join {s.patron.fullname} p on p.at_row = c.at_row",
        )
        # of an older system's note nobody knows who wrote it, nor when
        new_id = "gen_random_uuid()" if self._library.on_postgresql else "lower(hex(randomblob(16)))"
        self._put(
            t.patron_note,
            "id, patron_id, text, login, made_on",
            f"select {new_id}, {patron} + at_row, note, '', registered_on from {s.patron.fullname}"
            " where note <> ''",
        )
        self._put(
            t.loan,
            "id, item_id, patron_id, branch_id, lent_on, due_on, renewals",
            f"select {loan} + l.at_row, {item} + i.at_row, {patron} + c.at_row, l.branch_id, l.lent_on,"
            f" l.due_on, l.renewals from {s.loan.fullname} l join {s.item.fullname} i on i.number ="
            f" l.item_number join ({cards}) c on c.number = l.card_number",
        )
        if self._library.on_postgresql:
            self._count_on()

    def _put(self, table: sa.Table, columns: str, rows: str) -> None:
        # names of our own, and numbers
        with self._progress.stage(table.name, self._wanted[table.name]) as step:
            done = self._library.connection.exec_driver_sql(f"insert into {table.name} ({columns}) {rows}")
            step(done.rowcount)

    def _last_key(self, table: sa.Table) -> int:
        """The last key that was given in a table, to a row that may be gone."""
        run = self._library.connection.exec_driver_sql
        # a name of our own
        last = int(run(f"select coalesce(max(id), 0) from {table.name}").scalar_one())
        if self._library.on_postgresql:
            sequence = run(f"select pg_get_serial_sequence('{table.name}', 'id')").scalar_one()
            last = max(last, int(run(f"select last_value from {sequence}").scalar_one()))
        return last

    def _count_on(self) -> None:
        for table in _NUMBERED:
            highest = sa.select(sa.func.max(table.c.id)).scalar_subquery()
            self._library.connection.execute(
                sa.select(
                    sa.func.setval(
                        sa.func.pg_get_serial_sequence(table.name, "id"), sa.func.coalesce(highest, 1)
                    )
                )
            )
