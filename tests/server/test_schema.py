"""The schema's versions: up, down and up again on both databases, and the head equal to the tables."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from madoguchi.app.server import schema
from madoguchi.app.server.engine import embedded_url, make_engine
from madoguchi.app.server.tables import metadata
from madoguchi.barcode.symbology import TRAINING_PLAN, CodePlan
from tests.support.cluster import Cluster


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> sa.Engine:
    """An empty database."""
    if request.param == "sqlite":
        return make_engine(embedded_url(tmp_path / "empty.sqlite"))
    cluster: Cluster = request.getfixturevalue("cluster")
    return make_engine(cluster.url(request.getfixturevalue("database")))


def _names(engine: sa.Engine) -> set[str]:
    return set(sa.inspect(engine).get_table_names())


def _functions(engine: sa.Engine) -> set[str]:
    if engine.dialect.name == "sqlite":
        return set()
    query = sa.text(
        "select proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace where nspname = 'public'"
    )
    with engine.connect() as connection:
        return set(connection.execute(query).scalars())


def test_up_down_and_up_again(engine: sa.Engine) -> None:
    assert schema.current(engine) is None
    schema.upgrade(engine)
    assert schema.current(engine) == schema.head()
    assert _names(engine) >= set(metadata.tables)
    functions = _functions(engine)
    schema.downgrade(engine)
    assert schema.current(engine) is None
    assert _names(engine) == {"alembic_version"}
    assert _functions(engine) == set()
    schema.upgrade(engine)
    assert schema.current(engine) == schema.head()
    assert _functions(engine) == functions


def test_the_head_equals_the_tables(engine: sa.Engine) -> None:
    schema.upgrade(engine)
    assert schema.differences(engine) == []


def test_constraints_and_partial_indexes_are_those_of_the_tables(engine: sa.Engine) -> None:
    """What Alembic's comparison leaves out: checks, and what an index leaves out."""
    schema.upgrade(engine)
    inspector = sa.inspect(engine)
    for table in metadata.sorted_tables:
        checks = {check["name"] for check in inspector.get_check_constraints(table.name)}
        expected = {c.name for c in table.constraints if isinstance(c, sa.CheckConstraint)}
        assert checks == expected, table.name
        key = f"{engine.dialect.name}_where"
        partial = {
            index["name"]
            for index in inspector.get_indexes(table.name)
            if index.get("dialect_options", {}).get(key) is not None
        }
        assert partial == {index.name for index in table.indexes if index.dialect_kwargs.get(key) is not None}


def test_a_migration_that_fails_leaves_nothing_behind(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        connection.exec_driver_sql("create table transit (oddity integer)")
    with pytest.raises(sa.exc.DBAPIError):
        schema.upgrade(engine)
    assert _names(engine) == {"transit"}


# -- 0002: the prefix of the command barcodes --------------------------------------------------------

OLD_POLICY = """
insert into policy (id, time_zone, overdue_block_days, card_idle_years, max_renewals, due_on_open_day,
                    undo_minutes, shelf_open_days, backdate_days)
values (1, 'Asia/Tokyo', 30, 3, 1, true, 10, 7, 5)
"""


def _policy(engine: sa.Engine) -> dict[str, object]:
    with engine.connect() as connection:
        return dict(connection.exec_driver_sql("select * from policy").mappings().one())


def test_a_library_that_is_there_gets_a_prefix_of_its_own(engine: sa.Engine) -> None:
    prefixes = set()
    for _ in range(2):
        schema.upgrade(engine, "0001")
        with engine.connect() as connection:
            connection.exec_driver_sql(OLD_POLICY)
        before = _policy(engine)
        schema.upgrade(engine, "0002")
        after = _policy(engine)
        prefix = after.pop("command_prefix")
        assert isinstance(prefix, str)
        assert CodePlan(TRAINING_PLAN.rules, command_prefix=prefix).command_prefix == prefix
        assert after == before
        prefixes.add(prefix)
        schema.downgrade(engine, "0001")
        assert _policy(engine) == before
        schema.downgrade(engine)
    assert len(prefixes) == 2


@pytest.mark.parametrize("prefix", ["", "FGHJKMN", "FGHJKMNPFGHJKMNPF", None])
def test_a_prefix_that_could_be_guessed_is_refused(engine: sa.Engine, prefix: str | None) -> None:
    schema.upgrade(engine, "0001")
    with engine.connect() as connection:
        connection.exec_driver_sql(OLD_POLICY)
    schema.upgrade(engine, "0002")
    policy = metadata.tables["policy"]
    earlier = _policy(engine)
    with engine.connect() as connection, pytest.raises(sa.exc.DBAPIError):
        connection.execute(policy.update().values(command_prefix=prefix))
    assert _policy(engine) == earlier


# -- 0007: how many reservations at once -------------------------------------------------------------


def test_a_library_that_is_there_lets_six_be_reserved_at_once(engine: sa.Engine) -> None:
    schema.upgrade(engine, "0001")
    with engine.connect() as connection:
        connection.exec_driver_sql(OLD_POLICY)
    schema.upgrade(engine, "0006")
    before = _policy(engine)
    for _ in range(2):
        schema.upgrade(engine, "0007")
        assert _policy(engine) == before | {"max_reservations": 6}
        with engine.connect() as connection, pytest.raises(sa.exc.IntegrityError):
            # it is said, or nothing is
            connection.exec_driver_sql("update policy set max_reservations = null")
        schema.downgrade(engine, "0006")
        assert _policy(engine) == before


# -- 0004: where a patron registered; SQLite writes the table anew for it ------------------------------

OLD_PEOPLE = (
    "insert into branch (id, code, name, short_name, kind) values (1, 'a', 'a', 'a', 'library')",
    "insert into patron_category (code, name) values ('resident', '市民')",
    "insert into patron (id, name, kana, birth_date, category, last_used_on, registered_on)"
    " values (1, '見本', 'ミホン', '1980-04-01', 'resident', '2026-05-12', '2024-04-01')",
    "insert into card (number, patron_id, state, issued_on) values ('2', 1, 'active', '2024-04-01')",
    "insert into staff (login, name, role, password_hash) values ('itaku', 'x', 'contract_staff', '')",
    "insert into staff_branch (login, branch_id) values ('itaku', 1)",
    "insert into loan_override (id, visit_id, patron_id, refusal, reason, login, granted_at, item_erased)"
    f" values ('{1:032}', '{2:032}', 1, 'over_limit', '確認した', 'itaku', '2026-05-12 01:00:00+00:00',"
    " false)",
)


def test_nobody_goes_when_a_table_is_altered(engine: sa.Engine) -> None:
    def counted() -> list[int]:
        names = ("patron", "card", "staff", "staff_branch", "loan_override")
        with engine.connect() as connection:
            return [connection.exec_driver_sql(f"select count(*) from {name}").scalar_one() for name in names]

    schema.upgrade(engine, "0003")
    with engine.connect() as connection:
        for statement in OLD_PEOPLE:
            connection.exec_driver_sql(statement)
    schema.upgrade(engine)
    assert counted() == [1] * 5
    # whoever was there is found, too (0010)
    with engine.connect() as connection:
        found = connection.exec_driver_sql("select * from patron_search").all()
    assert [tuple(row) for row in found] == [(1, "ミホン", "見本", "ミホン", "")]
    schema.downgrade(engine, "0003")
    assert counted() == [1] * 5


# -- 0003: an override about an item ------------------------------------------------------------------

OLD_OVERRIDES = (
    "insert into patron_category (code, name) values ('resident', '市民')",
    "insert into patron (id, name, kana, birth_date, category, last_used_on, registered_on)"
    " values (1, '見本', 'ミホン', '1980-04-01', 'resident', '2026-05-12', '2024-04-01')",
    *(
        "insert into loan_override (id, visit_id, patron_id, refusal, reason, login, granted_at)"
        f" values ('{place:032}', '{100 + place % 2:032}', 1, '{refusal}', '確認した', 'clerk',"
        " '2026-05-12 01:00:00+00:00')"
        for place, refusal in enumerate(
            ["reserved", "reserved", "reference_only", "over_limit", "over_limit", "due_too_late"]
        )
    ),
)


def _overrides(engine: sa.Engine) -> list[dict[str, object]]:
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("select * from loan_override order by id")
        return [dict(row) for row in rows.mappings()]


def _texts_of_functions(engine: sa.Engine) -> list[tuple[str, ...]]:
    if engine.dialect.name == "sqlite":
        return []
    query = sa.text(
        "select proname, pg_get_function_arguments(p.oid), prosrc, proacl::text from pg_proc p"
        " join pg_namespace n on n.oid = p.pronamespace where nspname = 'public' order by 1, 2"
    )
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(query)]


def test_overrides_that_are_there_are_kept_up_and_down(engine: sa.Engine) -> None:
    schema.upgrade(engine, "0002")
    with engine.connect() as connection:
        for statement in OLD_OVERRIDES:
            connection.exec_driver_sql(statement)
    before, functions = _overrides(engine), _texts_of_functions(engine)
    for _ in range(2):
        schema.upgrade(engine, "0003")
        after = _overrides(engine)
        about = [(row["refusal"], row.pop("item_id"), bool(row.pop("item_erased"))) for row in after]
        assert after == before
        # which item it was about nobody knows: it holds for none
        assert about == [
            (row["refusal"], None, row["refusal"] in {"reserved", "reference_only"}) for row in before
        ]
        assert (_texts_of_functions(engine) == functions) is (engine.dialect.name == "sqlite")
        schema.downgrade(engine, "0002")
        assert _overrides(engine) == before
        assert _texts_of_functions(engine) == functions


def test_down_again_a_refusal_is_set_aside_once_a_visit(engine: sa.Engine) -> None:
    """The schema of before has no room for one for each item: the first given is kept."""
    schema.upgrade(engine)
    tables = metadata.tables
    with engine.connect() as connection:
        for statement in OLD_OVERRIDES[:2]:
            connection.exec_driver_sql(statement)
        connection.execute(
            tables["branch"].insert().values(id=1, code="a", name="a", short_name="a", kind="library")
        )
        connection.execute(tables["material_kind"].insert().values(code="book", loan_group="print"))
        connection.execute(tables["title"].insert().values(id=1, title="題"))
        connection.execute(
            tables["item"].insert(),
            [
                {"id": key, "number": f"{key}", "title_id": 1, "home_branch_id": 1, "kind": "book"}
                for key in (1, 2, 3)
            ],
        )
        noon = dt.datetime(2026, 5, 12, 12, tzinfo=dt.UTC)
        given = {"visit_id": UUID(int=9), "patron_id": 1, "reason": "確認した", "login": "clerk"}
        connection.execute(
            tables["loan_override"].insert(),
            [
                {
                    "id": UUID(int=key),
                    "refusal": "reserved",
                    "item_id": item,
                    "item_erased": item is None,
                    "granted_at": noon + dt.timedelta(seconds=seconds),
                    **given,
                }
                for key, item, seconds in ((1, 1, 30), (2, 2, 10), (3, None, 20), (4, None, 10))
            ],
        )
    schema.downgrade(engine, "0002")
    with engine.connect() as connection:
        kept = connection.exec_driver_sql("select id from loan_override").scalars().all()
    assert [UUID(str(key)) for key in kept] == [UUID(int=2)]
    schema.upgrade(engine)
    assert schema.differences(engine) == []


# -- 0011: notes in place of one text ----------------------------------------------------------------


def test_what_was_noted_of_a_patron_is_a_note_of_nobody_and_goes_back(engine: sa.Engine) -> None:
    schema.upgrade(engine, "0009")
    long = "あ" * 300 + "い" * 200
    with engine.connect() as connection:
        connection.exec_driver_sql(OLD_PEOPLE[1])
        for key, note in ((1, long), (2, ""), (3, "大活字本を希望")):
            connection.exec_driver_sql(OLD_PEOPLE[2].replace("values (1,", f"values ({key},"))
            connection.exec_driver_sql(f"update patron set note = '{note}' where id = {key}")
    notes = metadata.tables["patron_note"]
    for _ in range(2):
        schema.upgrade(engine)
        with engine.connect() as connection:
            kept = connection.execute(sa.select(notes)).all()
        assert {(note.patron_id, note.text) for note in kept} == {
            (1, "あ" * 300),
            (1, "い" * 200),
            (3, "大活字本を希望"),
        }
        assert {(note.login, note.blocks, note.made_on, note.ends_on) for note in kept} == {
            ("", False, dt.date(2024, 4, 1), None)
        }
        schema.downgrade(engine, "0009")
        with engine.connect() as connection:
            texts = connection.exec_driver_sql("select note from patron order by id").scalars().all()
        assert (len(texts[0]), texts[1:]) == (500, ["", "大活字本を希望"])
        with engine.connect() as connection:
            connection.exec_driver_sql(f"update patron set note = '{long}' where id = 1")
