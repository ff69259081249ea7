"""What rows have to do with each other: the same number twice, references that lead nowhere. In the database.

Of two rows with one number the first is good. What refers to a row that was refused is refused, too, and told
apart from what refers to nothing: it becomes good by itself once that row is mended.
"""

from __future__ import annotations

import sqlalchemy as sa

from madoguchi.app.movein.columns import File
from madoguchi.app.movein.problems import NOTICES, Problem
from madoguchi.app.movein.staging import Staging


def compare(connection: sa.Connection, staging: Staging) -> None:
    """Finds what is wrong between rows and refuses those rows; in the caller's transaction."""
    _Comparison(connection, staging).run()


class _Comparison:
    def __init__(self, connection: sa.Connection, staging: Staging) -> None:
        self._connection = connection
        self._staging = staging

    def run(self) -> None:
        titles, items, patrons, loans = (self._staging.rows_of[file].fullname for file in File)
        lost = self._staging.lost_card.fullname
        self._later(File.TITLES, "title_id", Problem.DUPLICATE, f"select at_row, key from {titles}")
        self._refuse(File.TITLES)
        self._later(
            File.TITLES,
            "ndl_id",
            Problem.DUPLICATE,
            f"select at_row, ndl_id as key from {titles} where ndl_id is not null",
        )
        self._refuse(File.TITLES)
        self._later(
            File.ITEMS, "item_number", Problem.DUPLICATE, f"select at_row, number as key from {items}"
        )
        self._lost(File.ITEMS, "title_id", "title_key", File.TITLES, (titles,))
        self._refuse(File.ITEMS)
        self._cards(patrons, lost)
        self._refuse(File.PATRONS)
        self._later(
            File.PATRONS,
            "kana",
            Problem.SAME_PERSON,
            f"select at_row, person_key || '/' || birth_date as key from {patrons}",
        )
        self._lost(File.LOANS, "item_number", "item_number", File.ITEMS, (items,))
        self._lost(File.LOANS, "card_number", "card_number", File.PATRONS, (patrons, lost))
        self._refuse(File.LOANS)
        self._later(
            File.LOANS,
            "item_number",
            Problem.SECOND_LOAN,
            f"select at_row, item_number as key from {loans}",
        )
        self._refuse(File.LOANS)

    def _later(self, file: File, column: str, problem: Problem, rows: str) -> None:
        """Tells every row but the first of those with one key."""
        self._tell(
            file,
            column,
            problem,
            "select at_row from (select at_row, row_number() over (partition by key order by at_row) as place"
            f" from ({rows}) keyed) placed where place > 1",
        )

    def _cards(self, patrons: str, lost: str) -> None:
        """A number is one card's, lost or not: the first card in use has it, or else the first lost one."""
        placed = (
            "select at_row, lost, row_number() over (partition by number order by lost, at_row) as place from"
            f" (select at_row, number, 0 as lost from {patrons}"
            f" union all select at_row, number, 1 from {lost}) numbers"
        )
        for column, is_lost in (("card_number", 0), ("lost_cards", 1)):
            self._tell(
                File.PATRONS,
                column,
                Problem.DUPLICATE,
                f"select distinct at_row from ({placed}) placed where place > 1 and lost = {is_lost}",
            )

    def _lost(self, file: File, column: str, ours: str, other: File, theirs: tuple[str, ...]) -> None:
        """Tells the rows that refer to a row that was refused, or to none; ``theirs``: where it could be."""
        refused, nowhere = {
            File.TITLES: (Problem.TITLE_REFUSED, Problem.NO_SUCH_TITLE),
            File.ITEMS: (Problem.ITEM_REFUSED, Problem.NO_SUCH_ITEM),
            File.PATRONS: (Problem.PATRON_REFUSED, Problem.NO_SUCH_PATRON),
        }[other]
        table = self._staging.rows_of[file].fullname
        key = "key" if other is File.TITLES else "number"
        missing = " and ".join(
            f"not exists (select 1 from {place} there where there.{key} = o.{ours})" for place in theirs
        )
        known = (
            f"exists (select 1 from {self._staging.refused.fullname} r where r.file = '{other.value}'"
            f" and r.key = o.{ours})"
        )
        for problem, whether in ((refused, ""), (nowhere, "not ")):
            rows = f"select at_row from {table} o where {missing} and {whether}{known}"
            self._tell(file, column, problem, rows)

    def _tell(self, file: File, column: str, problem: Problem, rows: str) -> None:
        # names and words of our own
        notice = "true" if problem in NOTICES else "false"
        self._connection.exec_driver_sql(
            f"insert into {self._staging.problem.fullname} (file, at_row, column_name, code, notice)"
            f" select '{file.value}', at_row, '{column}', '{problem.value}', {notice} from ({rows}) told"
        )

    def _refuse(self, file: File) -> None:
        """Takes out the rows that something was told of, and what came with them; keeps their keys."""
        table, more = self._staging.rows_of[file].fullname, self._staging.more_of.get(file)
        key = "key" if file is File.TITLES else "item_number" if file is File.LOANS else "number"
        told = (
            f"select at_row from {self._staging.problem.fullname} where file = '{file.value}' and not notice"
        )
        run = self._connection.exec_driver_sql
        run(
            f"insert into {self._staging.refused.fullname} (file, key)"
            f" select '{file.value}', {key} from {table} where at_row in ({told})"
        )
        if more is not None:
            run(f"delete from {more.fullname} where at_row in ({told})")
        run(f"delete from {table} where at_row in ({told})")
