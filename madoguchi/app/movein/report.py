"""The report: everything there is to say of rows, for whoever mends the files. No value is in it."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from madoguchi.app.movein.columns import File
from madoguchi.app.movein.problems import SENTENCES, Problem
from madoguchi.app.movein.staging import Staging

NAME: Final = "move-in-report.csv"
_AT_ONCE: Final = 5000
"""Far more than can be told of one row."""
HEADER: Final = ("file", "row", "column", "problem", "refused", "説明")


def write_report(connection: sa.Connection, staging: Staging, path: Path) -> int:
    """Writes it, whole or not at all; how many lines. A spreadsheet opens it as it is.

    Raises:
        OSError: it cannot be written.
    """
    unfinished = path.with_name(f".{path.name}.unfinished")
    lines = 0
    # nobody else's file is written into by a name that was there before
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(HEADER)
        for file, row, column, code, notice in _told(connection, staging):
            refused = "" if notice else "refused"
            writer.writerow((file.csv, row, column, code, refused, SENTENCES[Problem(code)]))
            lines += 1
    unfinished.replace(path)
    return lines


def _told(connection: sa.Connection, staging: Staging) -> Iterator[tuple[File, int, str, str, bool]]:
    """Everything that was told, a few thousand at a time."""
    problem = staging.problem.c
    for file in File:
        last = 0
        while True:
            query = (
                sa.select(problem.at_row, problem.column_name, problem.code, problem.notice)
                .where(problem.file == file.value, problem.at_row > last)
                .order_by(problem.at_row, problem.column_name, problem.code)
                .limit(_AT_ONCE)
            )
            found = connection.execute(query).all()
            if len(found) == _AT_ONCE:
                # what was told of the last row may go on
                found = [each for each in found if each.at_row != found[-1].at_row]
            for row in found:
                yield file, *row
            if not found:
                break
            last = found[-1].at_row
