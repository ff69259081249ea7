"""Any faults, anywhere: each is told at its row and nothing else is, and the counts add up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from madoguchi.app.movein.columns import File
from madoguchi.app.movein.problems import NOTICES, Problem
from tests.admin.move_in_faults import FAULTS, Fault, plant
from tests.support.move_in import MAPS, Files, Place

# each kind of fault once, so that no row gets two
_SOME = st.lists(st.sampled_from(FAULTS), max_size=8, unique_by=lambda fault: (fault.file, fault.column))


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some=_SOME, encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp932"]), batch=st.integers(1, 30))
def test_read_is_good_and_refused(
    place: Place, tmp_path: Path, some: list[Fault], encoding: str, batch: int
) -> None:
    # the library is that of the example before
    for table in ("loan", "item", "title", "patron"):
        place.sql_do(f"delete from {table}")
    files = Files.of(20)
    planted = [plant(files, fault, at) for at, fault in enumerate(some)]
    folder = files.write(tmp_path / "old", encoding)
    arguments: list[Any] = ["--encoding", encoding.removesuffix("-sig"), "--batch", str(batch), "--again"]
    lines = place.done("stage", str(folder), *MAPS, *arguments)
    assert sorted(place.told()) == sorted(planted)
    refused = {(file, row) for file, row, _, problem in planted if Problem(problem) not in NOTICES}
    good = {}
    for file in File:
        out = sum(name == file.csv for name, _ in refused)
        read = len(files.rows[file])
        good[file] = read - out
        assert place.counted(lines)[file.csv] == (read, good[file], out)
    place.done("switch")
    assert {file: place.count(file.value.removesuffix("s")) for file in File} == good
