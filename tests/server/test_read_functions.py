"""The reads of the central server are the very statements that the embedded library runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from madoguchi.app.server import person_functions, read_functions, search_functions

_SQL = Path(read_functions.__file__).parent / "migrations" / "sql"


@pytest.mark.parametrize(
    ("files", "text"),
    [
        ("*_reads.sql", lambda: read_functions.functions_text(read_functions.COUNTER)),
        ("*_titles.sql", lambda: read_functions.functions_text(read_functions.CATALOGUE)),
        ("*_wanted.sql", lambda: read_functions.functions_text(read_functions.RESERVING)),
        ("*_queued.sql", lambda: read_functions.functions_text(read_functions.QUEUES)),
        ("*_persons.sql", lambda: read_functions.functions_text(read_functions.PATRONS)),
        ("*_lists.sql", lambda: read_functions.functions_text(read_functions.ROUNDS)),
        ("*_told.sql", lambda: read_functions.functions_text(read_functions.TELLING)),
        ("*_labels.sql", lambda: read_functions.functions_text(read_functions.LABELS)),
        ("*_comparing.sql", person_functions.functions_text),
        ("*_folding.sql", search_functions.functions_text),
    ],
)
def test_the_newest_migration_has_the_reads_as_they_are_now(files: str, text: Callable[[], str]) -> None:
    newest = max(_SQL.glob(files))
    lines = newest.read_text(encoding="utf-8").splitlines(keepends=True)
    while lines and (lines[0].startswith("--") or not lines[0].strip()):
        del lines[0]
    assert "".join(lines) == text(), (
        f"the statements or tables are not what {newest.name} makes of them: add a migration that brings the"
        " functions along (once released, that file stays as it is)"
    )
