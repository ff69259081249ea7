"""Moving in: rows a second of staging and of switching, beside the same rows by COPY or executemany alone."""

from __future__ import annotations

import csv
import shutil
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa

from madoguchi.app.clock import LibraryClock
from madoguchi.app.movein.columns import COLUMNS, File
from madoguchi.app.movein.library import opened
from madoguchi.app.movein.stage import Order, stage
from madoguchi.app.movein.staging import Staging
from madoguchi.app.movein.switch import count_files, switch
from madoguchi.app.server import schema
from madoguchi.app.server.engine import embedded_url, make_engine
from madoguchi.app.synth.library import SEED, make_file
from madoguchi.app.synth.progress import Progress
from madoguchi.app.synth.sizes import sizes
from madoguchi.app.training.house import fill_rules
from tests.bench.figures import BenchError, Figure, Limit
from tests.bench.ground import POSTGRESQL, SQLITE, Ground

_DATABASE = "moved_in"
_LEAST_ITEMS = 1.5
"""Items for each loan, at least: about as many as an item is found for in a reasonable time."""

_ROWS = {
    File.TITLES: (
        "select id as title_id, title, title_kana, (select group_concat(name, ' ; ') from (select c.name from"
        " title_creator c where c.title_id = t.id order by position)) as creators, volume, series, publisher,"
        " year, isbn, ndc, edition, extent from title t order by id"
    ),
    File.ITEMS: (
        "select number as item_number, title_id, b.code as branch, i.kind, reference_only, borrowed_from,"
        " attachments, note from item i join branch b on b.id = i.home_branch_id order by i.id"
    ),
    File.PATRONS: (
        "select c.number as card_number, p.name, kana, birth_date, category, registered_on, last_used_on,"
        " c.issued_on as card_issued_on, (select group_concat(number, ';') from card l where"
        " l.patron_id = p.id and l.state = 'lost') as lost_cards,"
        " b.code as branch, postal_code, address, telephone, email,"
        " notice_by, proof, proof_seen_on, (select text from patron_note n where n.patron_id = p.id limit 1)"
        " as note from patron p join card c on c.patron_id = p.id and c.state = 'active'"
        " left join branch b on b.id = p.branch_id order by p.id"
    ),
    File.LOANS: (
        "select i.number as item_number, c.number as card_number, b.code as branch, lent_on, due_on, renewals"
        " from loan l join item i on i.id = l.item_id join card c on c.patron_id = l.patron_id and c.state ="
        " 'active' join branch b on b.id = l.branch_id where returned_at is null order by l.id"
    ),
}


def export(library: Path, folder: Path, encoding: str) -> dict[File, int]:
    """Writes an embedded library as an old system would; how many rows of what."""
    folder.mkdir(parents=True)
    counts = {}
    with sqlite3.connect(library) as connection:
        for file, query in _ROWS.items():
            with (folder / file.csv).open(
                "w", encoding=encoding, errors="replace", newline=""
            ) as opened_file:
                writer = csv.writer(opened_file)
                found = connection.execute(query)
                names = [column[0] for column in found.description]
                assert set(names) <= set(COLUMNS[file])
                writer.writerow(names)
                counts[file] = 0
                for row in found:
                    writer.writerow(["" if value is None else value for value in row])
                    counts[file] += 1
    connection.close()
    return counts


def measure(ground: Ground) -> Iterator[Figure]:
    """Every figure of this section."""
    # as few titles and items as there can be for all patrons and loans of the scale
    size = sizes(ground.sizes.move_in_scale)
    items = round(size.open_loans * _LEAST_ITEMS)
    size = replace(size, items=items, titles=items * 2 // 3, reservations=max(1, size.reservations // 10),
                   loans_a_year=items, renewals_a_year=items // 10, borrowers_a_year=items // 2)  # fmt: skip
    source, files = ground.folder / "old.sqlite", ground.folder / "old"
    make_file(source, size, SEED, Progress())
    counts = export(source, files, "cp932")
    for on in (SQLITE, POSTGRESQL):
        yield from _moved(ground, on, files, counts)
    shutil.rmtree(files)


def _moved(ground: Ground, on: str, files: Path, counts: dict[File, int]) -> Iterator[Figure]:
    today = LibraryClock().local().date()
    if on == SQLITE:
        url = embedded_url(ground.folder / "moved_in.sqlite")
    else:
        ground.cluster.create_database(_DATABASE)
        ground.closing.callback(ground.cluster.drop_database, _DATABASE)
        url = ground.cluster.url(_DATABASE, statement_timeout=0)
    engine = make_engine(url)
    schema.upgrade(engine)
    with engine.connect() as connection:
        fill_rules(connection, today)
    read = sum(counts.values())
    with opened(engine) as library:
        staging = _seconds(lambda: stage(library, Order(files, today), Progress(sys.stderr)))
        staged = count_files(Staging(library.connection), library.connection)
        if not all(count.adds_up for count in staged) or sum(count.read for count in staged) != read:
            raise BenchError("what was read does not add up")
        refused = sum(count.refused for count in staged)
        bare = _bare(ground, on, engine)
        written: dict[str, int] = {}
        switching = _seconds(lambda: written.update(switch(library, Progress(sys.stderr))))
    alone = "COPY alone, the same rows" if on == POSTGRESQL else "executemany alone, the same rows"
    limit = Limit(alone, read / bare)
    what = ", ".join(f"{number:,} {file.value}" for file, number in counts.items())
    yield Figure(
        "move_in", on, f"staged ({what}; {refused:,} refused)", "rows/s", read, {"": read / staging}, (limit,)
    )
    total = sum(written.values())
    yield Figure(
        "move_in", on, f"switched into {total:,} rows, with the search's index", "rows/s", read,
        {"": read / switching}, (limit,),
    )  # fmt: skip
    yield Figure("move_in", on, "both", "rows/s", read, {"": read / (staging + switching)}, (limit,))
    yield Figure("move_in", on, "both", "s", read, {"": staging + switching})
    engine.dispose()


def _bare(ground: Ground, on: str, engine: sa.Engine) -> float:
    """How long the staged rows take to be put into tables like theirs, nothing looked at or compared."""
    with engine.connect() as connection:
        staging = Staging(connection)
        tables = list(staging.rows_of.values())
        rows = {
            table: [tuple(row) for row in connection.exec_driver_sql(f"select * from {table.fullname}").all()]
            for table in tables
        }
    if on == SQLITE:
        other = sqlite3.connect(ground.folder / "bare.sqlite")
        other.execute("pragma journal_mode = wal")
        other.execute("pragma synchronous = full")

        def put_all() -> None:
            for table, values in rows.items():
                marks = ", ".join("?" * len(table.columns))
                other.executemany(f"insert into {table.name} values ({marks})", values)
            other.commit()

        for table in rows:
            names = ", ".join(f'"{column.name}"' for column in table.columns)
            other.execute(f"create table {table.name} ({names})")
        taken = _seconds(put_all)
        other.close()
        return taken
    url = engine.url
    with psycopg.connect(
        host=url.host, port=url.port, user=url.username, password=url.password, dbname=url.database,
        sslmode="require", autocommit=False,
    ) as line:  # fmt: skip
        for table in rows:
            line.execute(f"create temp table bare_{table.name} (like {table.fullname})")

        def copy_all() -> None:
            for table, values in rows.items():
                with line.cursor().copy(f"copy bare_{table.name} from stdin") as copy:
                    for row in values:
                        copy.write_row(row)
            line.commit()

        return _seconds(copy_all)


def _seconds(act: Callable[[], Any]) -> float:
    began = time.monotonic()
    act()
    return time.monotonic() - began
