"""The web side puts applications in, and that is all; a one-time password is in one answer alone."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from tests.server.rights.world import Person, Staff, World

FIELDS = "number, name, kana, birth_date, category"
LETTERS = set("abcdefghjkmnpqrstuvwxyz23456789")


@pytest.fixture(scope="module")
def login(world: World) -> Iterator[str]:
    """A login of the web side's, as its administrator will make one."""
    name = "web_side_of_tests"
    world.admin(f"create role {name} login in role web_side")
    yield name
    world.admin(f"drop role {name}")


@pytest.fixture
def web(world: World, login: str) -> Iterator[Staff]:
    """A connection that is the web side's: who it is and who it may become."""
    with world.library.engine.connect() as connection:
        staff = Staff(connection)
        assert staff.run(f"set session authorization {login}").state == "00000"
        yield staff
        staff.run("reset session authorization")


@pytest.fixture
def clerk(world: World) -> Person:
    return world.person("counter_staff")


@pytest.fixture
def desk(world: World, clerk: Person) -> Iterator[Staff]:
    with world.at_work(clerk) as staff:
        yield staff


def apply(number: str, name: str = "藤沢 花子", **more: str) -> str:
    columns = ", ".join([FIELDS, *more])
    values = ", ".join([f"'{number}', '{name}', 'フジサワ ハナコ', '1990-04-01', 'resident'", *more.values()])
    return f"insert into application ({columns}) values ({values})"


def test_it_puts_an_application_in_and_may_do_nothing_else(world: World, web: Staff) -> None:
    day = world.value("select library_day(0)")
    assert web.run(apply("A-1")).state == "00000"
    # the day is the server's, whatever the session says the time is
    assert web.run("set timezone = 'Pacific/Kiritimati'").state == "00000"
    assert web.run(apply("A-2", postal_code="'2518601'", email="'a@example.jp'")).state == "00000"
    assert world.admin("select number, applied_on from application where number like 'A-%' order by 1") == [
        ("A-1", day),
        ("A-2", day),
    ]
    for tried in (
        "select * from application",
        "select number from application",
        "select count(*) from application",
        "table application",
        "copy application to stdout",
        "copy application (number) to stdout",
        apply("A-3") + " returning number",
        apply("A-1") + " on conflict (number) do update set name = 'x'",
        apply("A-1") + " on conflict (number) do nothing",
        apply("A-3", applied_on="'2020-01-01'"),
        "update application set name = 'x'",
        "delete from application",
        "truncate application",
        "select * from application_done",
        "select * from patron",
        "select * from web.password",
        "select web.make_password(1, now())",
        "select desk.list_applications(gen_random_uuid(), '', '', null)",
        "select library_day(0)",
        "select audit.note(0, 'x', 'x', '{}')",
        "set role madoguchi_owner",
        "create table mine (a text)",
        "create temporary table mine (a text)",
        "select lo_create(0)",
    ):
        assert web.run(tried).state == "42501", tried


def test_what_it_may_not_put_in_is_refused_and_not_repeated(world: World, web: Staff) -> None:
    world.admin("insert into application_done values (encode(sha256('B-done'), 'hex'), library_day(0))")
    for wrong, state in (
        (apply("B 1"), "23514"),
        (apply("B-\u202e1"), "23514"),
        (apply("B-1", "himitsu\u202eno"), "23514"),
        (apply("B-1", "himitsu\x07"), "23514"),
        (apply("B-1", "himitsu" * 20), "22001"),
        (apply("B-1", " "), "23514"),
        (apply("B-1", postal_code="'251860'"), "23514"),
        (apply("B-1").replace("1990-04-01", "2190-04-01"), "23514"),
        (apply("B-1").replace("1990-04-01", "infinity"), "23514"),
        (apply("B-1").replace("resident", "mayor"), "23514"),
        (apply("B-done"), "23505"),
    ):
        tried = web.run(wrong)
        assert tried.state == state, (wrong, tried)
        if "himitsu" in wrong:
            assert "himitsu" not in tried.said
    assert world.value("select count(*) from application where number like 'B%'") == 0


# -- whoever looks at applications ---------------------------------------------------------------------


def test_applications_are_shown_when_it_is_on_record_and_counted(world: World, clerk: Person) -> None:
    world.admin("delete from application")
    for number in ("C-1", "C-2"):
        world.admin(apply(number, "見本 秘密"))
    visit = uuid4()
    looks = [
        f"select desk.list_applications('{visit}', '', '', null)",
        f"select desk.open_application('{visit}', 'C-1')",
    ]
    for look in looks:
        shown = world.psql(clerk, ["begin", look, look, "savepoint s", look, "release s", look, "rollback"])
        words = " ".join(one.printed + one.said for one in shown)
        assert '"again"' in words
        assert "秘密" not in words
    noted = f"select act, subject from audit.record where who = '{clerk.login}' and act like 'application%'"
    assert world.admin(noted) == []
    with world.at_work(clerk) as desk:
        _looked_at(world, desk, visit, noted)


def _looked_at(world: World, desk: Staff, visit: UUID, noted: str) -> None:
    listed = desk.ask_again("desk.list_applications", visit, "", "", None)
    assert [row["number"] for row in listed["rows"]] == ["C-1", "C-2"]
    # nothing but what tells them apart
    assert set(listed["rows"][0]) == {"number", "name", "kana", "birth_year", "applied_on"}
    # under the same visit another one is another look
    assert desk.ask("desk.open_application", visit, "C-2")["refusal"] == "again"
    assert desk.ask("desk.list_applications", visit, "C-2", "", None)["refusal"] == "again"
    on_record = world.admin(noted)
    assert [act for act, _ in on_record] == [
        "applications listed",
        "application opened",
        "applications listed",
    ]
    assert "C-2" not in str(on_record)
    assert "秘密" not in str(on_record)
    # a look of another's shows nothing
    with world.at_work(world.person("counter_staff")) as colleague:
        assert colleague.ask("desk.list_applications", visit, "", "", None)["refusal"] == "again"
    rows = world.value("select list_rows_an_hour from account.rule")
    world.admin("update account.rule set views_an_hour = 1, list_rows_an_hour = 4")
    try:
        assert desk.ask("desk.open_application", uuid4(), "C-1")["refusal"] == "too_many_views"
        assert desk.ask("desk.list_applications", uuid4(), "", "", None)["refusal"] == "too_many_views"
    finally:
        world.admin(f"update account.rule set views_an_hour = 300, list_rows_an_hour = {rows}")


# -- the one-time password -------------------------------------------------------------------------------


def _issue(desk: Staff, world: World) -> tuple[str, int]:
    patron = world.library.id_of_patron(world.library.patron())
    answer = desk.ask_again("desk.issue_web_password", uuid4(), patron)
    assert answer["refusal"] is None, answer
    return answer["password"], patron


def test_it_is_easy_to_read_good_for_a_day_and_kept_as_a_verifier_alone(world: World, desk: Staff) -> None:
    made = [_issue(desk, world) for _ in range(5)]
    assert len({password for password, _ in made}) == 5
    for password, patron in made:
        parts = password.split("-")
        assert [len(part) for part in parts] == [4, 4, 4]
        assert set("".join(parts)) <= LETTERS
        ((verifier, temporary, hours),) = world.admin(
            "select verifier, temporary, extract(epoch from expires_at - library_clock()) / 3600"
            f" from web.password where patron_id = {patron}"
        )
        assert (temporary, hours) == (True, 24)
        assert verifier.startswith("$2a$10$")
        assert world.value(f"select web.crypt('{password}', '{verifier}') = '{verifier}'")


def test_it_is_said_once_and_another_one_takes_its_place_at_once(
    world: World, clerk: Person, desk: Staff
) -> None:
    patron, operation = world.library.id_of_patron(world.library.patron()), uuid4()
    # on record first, and nothing is made for it yet
    assert desk.ask("desk.issue_web_password", operation, patron)["refusal"] == "again"
    assert world.value(f"select count(*) from web.password where patron_id = {patron}") == 0
    first = desk.ask("desk.issue_web_password", operation, patron)["password"]
    assert desk.ask("desk.issue_web_password", operation, patron) == {"refusal": "made_already"}
    ((verifier,),) = world.admin(f"select verifier from web.password where patron_id = {patron}")
    second = desk.ask_again("desk.issue_web_password", uuid4(), patron)["password"]
    ((replaced,),) = world.admin(f"select verifier from web.password where patron_id = {patron}")
    assert world.value(f"select web.crypt('{first}', '{verifier}') = '{verifier}'")
    assert not world.value(f"select web.crypt('{first}', '{replaced}') = '{replaced}'")
    assert world.value(f"select web.crypt('{second}', '{replaced}') = '{replaced}'")
    assert desk.ask_again("desk.issue_web_password", uuid4(), 987_654)["refusal"] == "unknown_patron"
    # whoever takes it back has a word that opens nothing
    operation = uuid4()
    call = f"select desk.issue_web_password('{operation}', {patron})"
    shown = world.psql(clerk, [call, f"begin; {call}; rollback"])
    assert '"password"' in shown[1].printed
    assert world.admin(f"select verifier from web.password where patron_id = {patron}") == [(replaced,)]
    noted = world.admin(
        f"select subject from audit.record where who = '{clerk.login}' and act = 'web password issued'"
    )
    assert [json.loads(subject) for (subject,) in noted] == [{"patron": patron}] * 2
    world.admin(f"update card set state = 'lost' where patron_id = {patron}")
    call = f"select desk.issue_web_password('{uuid4()}', {patron})"
    assert "card_lost" in world.psql(clerk, [call, call])[1].printed


def test_it_is_in_the_answer_and_nowhere_else(world: World, desk: Staff) -> None:
    log = Path(world.cluster.log_path)
    chatty = {"log_statement": "all", "log_min_duration_statement": "0", "log_duration": "on"}
    for name, value in chatty.items():
        world.admin(f"alter system set {name} = '{value}'")
    world.admin("select pg_reload_conf()")
    before = log.stat().st_size
    try:
        assert desk.run("select 1").state == "00000"
        password, patron = _issue(desk, world)
        activity = world.admin("select query from pg_stat_activity")
        world.admin(f"select 'the end of {patron}'")
    finally:
        for name in chatty:
            world.admin(f"alter system reset {name}")
        world.admin("select pg_reload_conf()")
    with log.open("rb") as file:
        file.seek(before)
        written = file.read().decode()
    # even of a log that writes down every statement
    assert "issue_web_password" in written
    assert f"the end of {patron}" in written
    assert password not in written
    assert password not in str(activity)
    for table in (
        row[0]
        for row in world.admin(
            "select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace"
            " where c.relkind = 'r' and n.nspname !~ '^(pg_|information_schema)'"
        )
    ):
        found = world.value(f"select count(*) from {table} t where strpos(t::text, '{password}') > 0")
        assert found == 0, table


@pytest.mark.parametrize(
    "role", ["counter_staff", "contract_staff", "system_staff", "security_manager", "temporary"]
)
def test_nobody_reads_it_makes_one_past_the_function_or_plants_their_own(world: World, role: str) -> None:
    patron = world.library.id_of_patron(world.library.patron())
    world.admin(
        "insert into web.password"
        f" values ({patron}, web.crypt('geheim', web.gen_salt('bf')), true, 'infinity')"
    )
    before = world.admin("select * from web.password order by patron_id")
    tries = (
        f"select web.make_password({patron}, 'infinity')",
        "select web.erase_passwords('infinity')",
        "select web.crypt('geheim', web.gen_salt('bf'))",
        "select web.gen_random_bytes(8)",
        f"select verifier from web.password where patron_id = {patron}",
        "select expires_at, temporary from web.password",
        "select * from web.favourite",
        f"update web.password set expires_at = 'infinity' where patron_id = {patron}",
        "create function pg_temp.crypt(text, text) returns text language sql as 'select ''x'''",
        "set search_path = pg_temp, web, public",
        "select answer from operation",
        "select * from watch.application_look",
    )
    temporary = role == "temporary"
    person = world.person("counter_staff" if temporary else role, temporary=temporary)
    for tried in world.psql(person, tries):
        assert tried.state == "42501" or tried.printed in ("", "SET"), tried
    with contextlib.ExitStack() as stack:
        staff = Staff(stack.enter_context(world.connected(person)))
        for statement in tries:
            tried = staff.run(statement)
            assert tried.state == "42501" or tried.printed == "", (statement, tried)
    if role not in ("counter_staff", "contract_staff"):
        answer = world.psql(person, [f"select desk.issue_web_password(gen_random_uuid(), {patron})"])[0]
        assert answer.state == "42501"
    assert world.admin("select * from web.password order by patron_id") == before


def test_what_is_over_is_erased_by_the_watcher(world: World, desk: Staff) -> None:
    world.admin("delete from web.password")
    _, patron = _issue(desk, world)
    world.admin("update account.rule set web_password_hours = 1")
    try:
        _, other = _issue(desk, world)
        # one that somebody chose themselves has no end
        own = world.library.id_of_patron(world.library.patron())
        world.admin(f"insert into web.password (patron_id, verifier) values ({own}, 'their own')")
        world.library.pass_time(hours=2)
        world.admin("select watch.erase_web_side()")
        kept = [key for (key,) in world.admin("select patron_id from web.password order by 1")]
        assert kept == sorted([patron, own])
        assert other not in kept
    finally:
        world.library.pass_time(hours=-2)
        world.admin("update account.rule set web_password_hours = 24")


def test_settings_of_the_web_side_are_the_system_staffs(world: World) -> None:
    with world.at_work(world.person("system_staff")) as staff:
        listed = staff.ask("account.list_settings")["rows"]
        found = {row["name"]: (row["place"], row["value"]) for row in listed}
        assert found["application_days"] == ("policy", "30")
        assert found["web_password_hours"] == ("rule", "24")
        assert staff.ask("account.set_setting", "policy", "", "application_days", "30", "366") == {
            "refusal": "bad_value"
        }
        done = staff.ask("account.set_setting", "policy", "", "application_days", "30", "45")
        assert done == json.loads('{"refusal": null}')
    assert world.value("select application_days from policy") == 45
    world.admin("update policy set application_days = 30")
