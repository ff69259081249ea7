"""The synthetic library on either database: the same rows, whole, and made all at once or not at all."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa

from madoguchi.app.server import schema
from madoguchi.app.server import tables as t
from madoguchi.app.server.engine import embedded_url, make_engine
from madoguchi.app.synth import library as synth
from madoguchi.app.synth.library import Order, fill, fill_database, make_file
from madoguchi.app.synth.progress import Progress
from madoguchi.app.synth.sizes import sizes
from madoguchi.app.training.library import NotEmpty
from tests.support.cluster import Cluster
from tests.support.library import TODAY

SIZES = sizes(0.001)
SILENT = Progress()
# what is nobody's guess, drawn anew each time
DRAWN = {(t.policy, "command_prefix"), (t.staff, "password_hash")}

_numbers = count(1)


def new_file(folder: Path) -> sa.Engine:
    """An empty embedded library."""
    engine = make_engine(embedded_url(folder / f"empty_{next(_numbers)}.sqlite"))
    schema.upgrade(engine)
    return engine


@pytest.fixture(scope="module")
def empty_template(cluster: Cluster) -> str:
    """A database with the schema and nothing in it."""
    cluster.create_database("synth_template")
    engine = make_engine(cluster.url("synth_template", statement_timeout=0))
    schema.upgrade(engine)
    engine.dispose()
    return "synth_template"


def made_on(engine: sa.Engine, seed: int = 1) -> dict[str, int]:
    """Fills it, as of the tests' day."""
    postgresql = engine.dialect.name == "postgresql"
    with engine.connect() as connection:
        connection.exec_driver_sql("BEGIN" if postgresql else "BEGIN IMMEDIATE")
        counts = fill(connection, Order(SIZES, seed, TODAY), SILENT)
        connection.exec_driver_sql("COMMIT")
    return counts


@pytest.fixture(scope="module")
def both(
    cluster: Cluster, empty_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, sa.Engine]]:
    """The same library on both databases; tests leave it as it is."""
    cluster.create_database("synth_filled", template=empty_template)
    engines = {
        "sqlite": new_file(tmp_path_factory.mktemp("synth")),
        "postgresql": make_engine(cluster.url("synth_filled", statement_timeout=0)),
    }
    for engine in engines.values():
        made_on(engine)
    yield engines
    for engine in engines.values():
        engine.dispose()
    cluster.recover()
    cluster.drop_database("synth_filled")


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    """An empty library of one's own."""
    if request.param == "sqlite":
        engine = new_file(tmp_path)
        yield engine
        engine.dispose()
        return
    running: Cluster = request.getfixturevalue("cluster")
    name = f"synth_{next(_numbers)}"
    running.create_database(name, template=request.getfixturevalue("empty_template"))
    engine = make_engine(running.url(name, statement_timeout=0))
    yield engine
    engine.dispose()
    running.recover()
    running.drop_database(name)


def digests(engine: sa.Engine) -> dict[str, str]:
    """Of each table one of all its rows, in the order of their keys."""
    found = {}
    with engine.connect() as connection:
        for table in t.metadata.sorted_tables:
            columns = [column for column in table.c if (table, column.name) not in DRAWN]
            rows = connection.execute(sa.select(*columns).order_by(*table.primary_key)).all()
            found[table.name] = hashlib.sha256(repr([tuple(row) for row in rows]).encode()).hexdigest()
    return found


def rows_in(engine: sa.Engine, table: sa.Table) -> int:
    with engine.connect() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def test_the_same_seed_makes_the_same_rows_on_either_database(
    both: dict[str, sa.Engine], tmp_path: Path
) -> None:
    here = digests(both["sqlite"])
    assert here == digests(both["postgresql"])
    other = new_file(tmp_path)
    made_on(other, seed=2)
    changed = {name for name, found in digests(other).items() if found != here[name]}
    assert changed >= {"title", "title_creator", "item", "patron", "loan", "reservation", "statistic"}
    other.dispose()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_it_has_the_sizes_that_were_asked_for(both: dict[str, sa.Engine], kind: str) -> None:
    engine = both[kind]
    wanted = {
        t.patron: SIZES.patrons,
        t.title: SIZES.titles,
        t.item: SIZES.items,
        t.loan: SIZES.open_loans,
        t.reservation: SIZES.reservations,
    }
    assert {table: rows_in(engine, table) for table in wanted} == wanted
    with engine.connect() as connection:
        year = connection.execute(
            sa.select(sa.func.sum(t.statistic.c.amount)).where(t.statistic.c.act == "checkout")
        ).scalar_one()
        assert year == SIZES.loans_a_year
        lending_here = (
            sa.select(sa.func.count()).select_from(t.loan.join(t.item)).where(t.item.c.reference_only)
        )
        assert connection.execute(lending_here).scalar_one() == 0
    assert schema.differences(engine) == []


def test_no_row_of_a_file_refers_to_nothing(both: dict[str, sa.Engine]) -> None:
    with both["sqlite"].connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").first() is None
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"


def test_on_a_server_the_audit_holds_four_weeks_and_its_chains_are_whole(both: dict[str, sa.Engine]) -> None:
    with both["postgresql"].connect() as connection:
        run = connection.exec_driver_sql
        assert run("select * from audit.problems()").all() == []
        found = run("select act, count(*) from audit.record where chain > 0 group by act").all()
        acts = {row.act: row.count for row in found}
        assert acts["checkout"] == acts["return"] == round(SIZES.loans_a_year * 28 / 365)
        assert run("select count(*) from audit.viewed").scalar_one() > 0
        named = run(
            "select count(*) from loan l where lent_on > (select min(at)::date + 1 from audit.record"
            " where chain > 0) and not exists (select from audit.record r where r.act = 'checkout'"
            " and r.subject ->> 'loan' = l.id::text)"
        ).scalar_one()
        assert named == 0


def test_on_a_server_what_is_added_later_counts_on(both: dict[str, sa.Engine]) -> None:
    with both["postgresql"].connect() as connection:
        run = connection.exec_driver_sql
        for table in (t.title, t.item, t.patron, t.loan, t.reservation, t.statistic):
            following = run(f"select nextval(pg_get_serial_sequence('{table.name}', 'id'))").scalar_one()
            highest = connection.execute(sa.select(sa.func.max(table.c.id))).scalar_one()
            assert following > highest


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_nothing_is_made_over_a_library_that_holds_something(both: dict[str, sa.Engine], kind: str) -> None:
    before = digests(both[kind])
    with both[kind].connect() as connection, pytest.raises(NotEmpty, match="holds something"):
        fill(connection, Order(SIZES, 1, TODAY), SILENT)
    assert digests(both[kind]) == before


def test_another_houses_rules_are_not_mixed_with_these(empty: sa.Engine) -> None:
    with empty.connect() as connection:
        connection.execute(
            t.branch.insert().values(id=1, code="other", name="よその館", short_name="よそ", kind="library")
        )
    with empty.connect() as connection, pytest.raises(NotEmpty, match="other branches"):
        fill(connection, Order(SIZES, 1, TODAY), SILENT)


def test_titles_triggers_rest_meanwhile_and_the_index_is_made_once(
    empty: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    postgresql = empty.dialect.name == "postgresql"
    with empty.connect() as connection:
        run = connection.exec_driver_sql
        run("create table told (at integer)")
        if postgresql:
            run(
                "create function tell() returns trigger language plpgsql as"
                " 'begin insert into public.told values (1); return null; end'"
            )
            run("create trigger tell after insert on title for each row execute function tell()")
        else:
            run("create trigger tell after insert on title begin insert into told values (1); end")
    seen: list[tuple[int, int]] = []

    def index(connection: sa.Connection) -> None:
        counts = [
            connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for table in (t.title, t.title_creator)
        ]
        seen.append((counts[0], counts[1]))

    monkeypatch.setattr(synth, "rebuild", index)
    counts = made_on(empty)
    assert seen == [(counts["title"], counts["title_creator"])]
    with empty.connect() as connection:
        told = sa.text("select count(*) from told")
        assert connection.execute(told).scalar_one() == 0
        connection.execute(t.title.insert().values(id=10_000_000, title="後から"))
        assert connection.execute(told).scalar_one() == 1


def test_every_title_is_found_by_what_it_says(empty: sa.Engine) -> None:
    made_on(empty)
    with empty.connect() as connection:
        found = connection.exec_driver_sql("select * from title_search order by title_id").all()
        meant = connection.exec_driver_sql("select * from title_searched order by title_id").all()
    assert found == meant
    assert found


@pytest.mark.parametrize(("when", "kind"), [("item", KeyboardInterrupt), ("statistic", RuntimeError)])
def test_what_is_cut_off_leaves_nothing(
    when: str,
    kind: type[BaseException],
    cluster: Cluster,
    empty_template: str,
    tmp_path: Path,
) -> None:
    class CutOff(Progress):
        def stage(self, name: str, total: int):  # type: ignore[no-untyped-def]
            if name == when:
                raise kind
            return super().stage(name, total)

    path = tmp_path / "library.sqlite"
    with pytest.raises(kind):
        make_file(path, SIZES, 1, CutOff())
    assert list(tmp_path.iterdir()) == []
    name = f"synth_{next(_numbers)}"
    cluster.create_database(name, template=empty_template)
    engine = make_engine(cluster.url(name, statement_timeout=0))
    with pytest.raises(kind):
        fill_database(engine, SIZES, 1, CutOff())
    # the words of the mail come with the schema
    assert [table.name for table in t.metadata.sorted_tables if rows_in(engine, table)] == ["mail_template"]
    engine.dispose()
    cluster.drop_database(name)


def test_a_file_that_is_there_is_left_alone_and_half_a_file_is_not(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    path.write_text("somebody's", encoding="utf-8")
    with pytest.raises(NotEmpty, match="there already"):
        make_file(path, SIZES, 1, SILENT)
    assert path.read_text(encoding="utf-8") == "somebody's"
    other = tmp_path / "other.sqlite"
    other.with_name("other.sqlite.new").write_text("left by a run that was killed", encoding="utf-8")
    counts = make_file(other, SIZES, 1, SILENT)
    assert counts["title"] == SIZES.titles
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["library.sqlite", "other.sqlite"]
    engine = make_engine(embedded_url(other))
    assert rows_in(engine, t.item) == SIZES.items
    with engine.connect() as connection:
        last = connection.execute(sa.select(sa.func.max(t.statistic.c.day))).scalar_one()
    assert (
        dt.timedelta(0) < dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1) - last < dt.timedelta(days=20)
    )
    engine.dispose()
