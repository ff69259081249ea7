"""The command sheet's prefix on both databases: the library's own, told at sign-in, made anew by who may."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace

import pytest
import sqlalchemy as sa

from madoguchi.app.command_sheet import NotAllowed, command_sheet, renew_command_prefix
from madoguchi.app.server import schema
from madoguchi.app.server import tables as t
from madoguchi.app.server.engine import make_engine
from madoguchi.app.staff.passwords import make_verifier
from madoguchi.app.staff.session import SignedIn
from madoguchi.app.staff.sign_in import sign_in
from madoguchi.barcode.commands import Command, command_of, command_text
from madoguchi.barcode.symbology import TRAINING_PLAN, CommandCode, Unknown, parse
from tests.support.cluster import Cluster
from tests.support.library import TODAY, SmallLibrary

PASSWORD = "三角定規 7 本"
READER = "reader"


def prefix_of(library: SmallLibrary) -> str:
    return str(library.value(sa.select(t.policy.c.command_prefix)))


def test_the_sheet_has_every_command_once_under_the_library_s_prefix(library: SmallLibrary) -> None:
    sheet = command_sheet(library.engine, TODAY)
    assert (sheet.library, sheet.made_on) == ("総合市民図書館", TODAY)
    entries = [entry for section in sheet.sections for entry in section.entries]
    assert {entry.command: entry.text for entry in entries} == {
        command: command_text(command, prefix_of(library)) for command in Command
    }
    assert len(entries) == len(Command)


def test_who_signs_in_is_told_the_prefix_and_no_log_is(library: SmallLibrary) -> None:
    with library.engine.connect() as connection:
        connection.execute(t.staff.update().values(password_hash=make_verifier(PASSWORD)))
        signed_in = sign_in(
            connection, login="clerk", password=PASSWORD, branch_code="minami", terminal="1番窓口"
        )
    assert isinstance(signed_in, SignedIn)
    assert signed_in.command_prefix == prefix_of(library)
    for value in (signed_in, command_sheet(library.engine, TODAY)):
        assert prefix_of(library) not in repr(value)


def test_a_new_prefix_makes_sheets_printed_before_worthless(library: SmallLibrary) -> None:
    before = command_sheet(library.engine, TODAY)
    rest = library.rows(sa.select(t.policy))[0] | {"command_prefix": ""}
    renewed = renew_command_prefix(library.engine)
    assert renewed == prefix_of(library)
    assert library.rows(sa.select(t.policy))[0] | {"command_prefix": ""} == rest
    plan = replace(TRAINING_PLAN, command_prefix=renewed)
    for section in before.sections:
        for entry in section.entries:
            assert isinstance(parse(entry.text, plan), Unknown)
    after = command_sheet(library.engine, TODAY)
    for section in after.sections:
        for entry in section.entries:
            code = parse(entry.text, plan)
            assert isinstance(code, CommandCode)
            assert command_of(code) is entry.command


def test_a_database_without_a_library_has_no_sheet_and_no_prefix(library: SmallLibrary) -> None:
    schema.downgrade(library.engine)
    schema.upgrade(library.engine)
    with pytest.raises(LookupError, match="no library"):
        command_sheet(library.engine)
    with pytest.raises(LookupError, match="no library"):
        renew_command_prefix(library.engine)


@pytest.fixture
def read_only(library: SmallLibrary, request: pytest.FixtureRequest) -> Iterator[sa.Engine]:
    """A way to the library for somebody who may read its rules and not write them."""
    if not library.on_postgresql:
        engine = make_engine(library.url)

        @sa.event.listens_for(engine, "connect")
        def read_only(connection: sqlite3.Connection, _record: object) -> None:
            connection.execute("PRAGMA query_only = ON")

        yield engine
        engine.dispose()
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    database = str(library.url.database)
    cluster.psql(
        database,
        f"create role {READER} login password 'read'; grant connect on database {database} to {READER};"
        f" grant usage on schema public to {READER}; grant select on policy to {READER}",
    )
    yield make_engine(cluster.url(database, READER, "read"))
    cluster.psql(database, f"drop owned by {READER}; drop role {READER}")


def test_who_may_not_write_the_rules_may_not_renew(library: SmallLibrary, read_only: sa.Engine) -> None:
    before = prefix_of(library)
    with pytest.raises(NotAllowed):
        renew_command_prefix(read_only)
    assert prefix_of(library) == before


def test_another_fault_of_the_database_is_not_a_refusal(library: SmallLibrary) -> None:
    schema.downgrade(library.engine, "0001")
    with pytest.raises(sa.exc.DBAPIError):
        renew_command_prefix(library.engine)
