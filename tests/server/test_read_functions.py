"""The reads of the central server are the very statements that the embedded library runs."""

from __future__ import annotations

from pathlib import Path

from madoguchi.app.server import read_functions

_SQL = Path(read_functions.__file__).parent / "migrations" / "sql"


def test_the_newest_migration_has_the_reads_as_they_are_now() -> None:
    newest = max(_SQL.glob("*_reads.sql"))
    lines = newest.read_text(encoding="utf-8").splitlines(keepends=True)
    while lines and (lines[0].startswith("--") or not lines[0].strip()):
        del lines[0]
    assert "".join(lines) == read_functions.functions_text(), (
        f"the statements of the reads are not what {newest.name} makes of them: add a migration that brings"
        " the functions along (once released, that file stays as it is)"
    )
