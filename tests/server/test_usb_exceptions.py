"""An exception from the question to its end: two people, one terminal, a proof that the agent believes."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator
from uuid import uuid4

import pytest
import sqlalchemy as sa

from madoguchi.app.devices.approving import Approver, ApproverProblem
from madoguchi.app.devices.values import (
    CopyWay,
    DeviceRefusal,
    ExceptionState,
    Grant,
    HowEnded,
    Receipt,
    UsbException,
    Verdict,
)
from madoguchi.app.server.approver import ApproverSession
from madoguchi.app.server.central import CentralServer
from madoguchi.app.server.outage import Outage
from madoguchi.app.staff.session import SignedInElsewhere
from tests.server.rights.world import PASSWORD, SOGO, Person, World
from tests.support.cluster import Cluster
from tests.support.staff import door, terminal_number
from tests.support.usb_library import add_stick, agent_at, approving, signed_in
from tests.support.usb_sealed import SealedAgent, nonce_of

HERE = terminal_number(SOGO, 0)
ELSEWHERE = terminal_number(SOGO, 1)
REASON = "市史の原稿を 移すため"


@pytest.fixture(scope="module")
def world(cluster: Cluster, library_template: str) -> Iterator[World]:
    made = World(cluster, library_template, "library_of_usb")
    yield made
    made.close()


@pytest.fixture
def agent(world: World) -> SealedAgent:
    return agent_at(world, HERE)


@pytest.fixture
def clerk(world: World) -> Person:
    return world.person("counter_staff")


@pytest.fixture
def manager(world: World) -> Person:
    return world.person("security_manager")


def ask(server: CentralServer, agent: SealedAgent, serial: str, minutes: int = 15) -> tuple[int, str]:
    text, mac = agent.challenge(serial, minutes=minutes)
    number = server.run(lambda connected: connected.devices.ask_exception(text, mac, REASON))
    assert isinstance(number, int), number
    return number, nonce_of(text)


def read(server: CentralServer, number: int) -> UsbException:
    found = server.run(lambda connected: connected.devices.read_exception(number))
    assert isinstance(found, UsbException), found
    return found


def test_from_the_question_to_its_end(
    world: World, agent: SealedAgent, clerk: Person, manager: Person
) -> None:
    serial = add_stick(world, label="貸出用 1号")
    with signed_in(world, clerk) as server, approving(server) as session:
        process = server.run(lambda c: c.connection.exec_driver_sql("select pg_backend_pid()").scalar_one())
        number, nonce = ask(server, agent, serial)
        waiting = read(server, number)
        assert (waiting.state, waiting.reason, waiting.minutes) == (ExceptionState.WAITING, REASON, 15)
        assert 0 < waiting.left_seconds <= 600

        assert session.enter(manager.login, PASSWORD, beside=clerk.login) == Approver(manager.login, "職員")
        seen = session.read(number)
        assert isinstance(seen, UsbException)
        assert (seen.device_label, seen.device_owner, seen.serial) == ("貸出用 1号", "総務課", serial)
        assert (seen.login, seen.name, seen.terminal) == (clerk.login, "職員", agent.terminal)
        assert session.approve(number) == Grant(nonce, 15, agent.grant(nonce, 15))
        # whoever did not hear the answer is answered the same
        assert session.approve(number) == Grant(nonce, 15, agent.grant(nonce, 15))
        session.leave()

        # the clerk's session is the one that it was
        assert process == server.run(
            lambda c: c.connection.exec_driver_sql("select pg_backend_pid()").scalar_one()
        )
        assert read(server, number).state is ExceptionState.APPROVED
        agent.record("lease", at="2026-05-12T01:00:00.000+00:00", nonce=nonce, minutes=15)
        receipt = server.run(lambda c: c.devices.send_records(tuple(agent.records)))
        assert receipt == Receipt(1, *agent.receipt(1))
        assert read(server, number).state is ExceptionState.OPEN

        copy = uuid4()
        for _ in range(2):
            assert (
                server.run(
                    lambda c: c.devices.note_copy(
                        copy,
                        number,
                        way=CopyWay.FROM_STICK,
                        verdict=Verdict.CLEAN,
                        files=3,
                        size=5_000_000_000,
                    )
                )
                is None
            )
        server.run(
            lambda c: c.devices.note_copy(
                uuid4(), number, way=CopyWay.TO_STICK, verdict=Verdict.FOUND, files=1, size=70
            )
        )
        agent.record("lease_ended", at="2026-05-12T01:04:00.000+00:00", nonce=nonce, how="released")
        assert server.run(lambda c: c.devices.send_records(tuple(agent.records))) == Receipt(
            2, *agent.receipt(2)
        )
        ended = read(server, number)
    assert (ended.state, ended.how_ended, ended.decided_by) == (
        ExceptionState.ENDED,
        HowEnded.RELEASED,
        manager.login,
    )
    assert ended.begun_at is not None
    assert ended.ended_at is not None
    assert (ended.ended_at - ended.begun_at).total_seconds() == 240
    assert (ended.verdicts, ended.files, ended.bytes) == ((Verdict.CLEAN, Verdict.FOUND), 3, 5_000_000_000)
    acts = world.admin(
        "select act, who from audit.record r join account.terminal t on t.id = r.chain"
        f" where act like 'usb%' and t.name = '{agent.terminal}'"
        f" and who in ('{clerk.login}', '{manager.login}')"
        " order by seq"
    )
    assert acts == [
        ("usb exception asked", clerk.login),
        ("usb exception approved", manager.login),
        ("usb records taken", clerk.login),
        ("usb files copied", clerk.login),
        ("usb files copied", clerk.login),
        ("usb records taken", clerk.login),
    ]


def test_who_signs_in_to_approve_hears_why_not_and_the_clerk_works_on(
    world: World, agent: SealedAgent, clerk: Person, manager: Person
) -> None:
    other = world.person("counter_staff")
    staff = world.person("system_staff")
    temporary = world.person("security_manager", temporary=True)
    serial = add_stick(world)
    with signed_in(world, clerk) as server, approving(server) as session:
        number, _ = ask(server, agent, serial)
        for login, password, problem in (
            (manager.login, "chigau-kotoba-desu", ApproverProblem.NOT_KNOWN),
            ("nobody_like_this", PASSWORD, ApproverProblem.NOT_KNOWN),
            ("山田 花子", PASSWORD, ApproverProblem.NOT_KNOWN),
            (other.login, PASSWORD, ApproverProblem.WRONG_ROLE),
            (staff.login, PASSWORD, ApproverProblem.WRONG_ROLE),
            (clerk.login, PASSWORD, ApproverProblem.OWN_LOGIN),
            (f" {clerk.login.upper()} ", PASSWORD, ApproverProblem.OWN_LOGIN),
            (temporary.login, world.password_of(temporary), ApproverProblem.PASSWORD_NEEDED),
        ):
            assert session.enter(login, password, beside=clerk.login) is problem, login
            assert session.read(number) is DeviceRefusal.SESSION_ENDED
            assert session.approve(number) is DeviceRefusal.SESSION_ENDED
        assert read(server, number).state is ExceptionState.WAITING
        # nobody stays in who may not approve
        open_here = world.admin(
            "select e.login from account.session e join account.terminal t on t.id = e.terminal_id"
            f" where e.ended_at is null and t.name = '{agent.terminal}' and e.login in"
            f" ('{clerk.login}', '{other.login}', '{staff.login}', '{manager.login}', '{temporary.login}')"
        )
        assert open_here == [(clerk.login,)]


def test_a_manager_at_work_elsewhere_says_whether_to_come_here(
    world: World, agent: SealedAgent, clerk: Person, manager: Person
) -> None:
    serial = add_stick(world)
    there = dataclasses.replace(manager, terminal=ELSEWHERE)
    with signed_in(world, there), signed_in(world, clerk) as server, approving(server) as session:
        number, _ = ask(server, agent, serial)
        assert isinstance(session.enter(manager.login, PASSWORD, beside=clerk.login), SignedInElsewhere)
        assert session.approve(number) is DeviceRefusal.SESSION_ENDED
        assert isinstance(session.enter(manager.login, PASSWORD, beside=clerk.login), SignedInElsewhere)
        assert session.take_over() == Approver(manager.login, "職員")
        assert isinstance(session.approve(number), Grant)


def test_the_line_is_an_outage_and_not_an_answer(
    world: World, agent: SealedAgent, clerk: Person, manager: Person
) -> None:
    nowhere = door(world.library.url.set(port=1), world.cluster, HERE)
    session = ApproverSession(nowhere, limit_seconds=2.0)
    with pytest.raises(Outage):
        session.enter(manager.login, PASSWORD, beside=clerk.login)
    assert session.approve(1) is DeviceRefusal.SESSION_ENDED


def test_a_manager_who_is_put_out_meanwhile_approves_nothing(
    world: World, agent: SealedAgent, clerk: Person, manager: Person
) -> None:
    serial = add_stick(world)
    with signed_in(world, clerk) as server, approving(server) as session:
        number, _ = ask(server, agent, serial)
        assert isinstance(session.enter(manager.login, PASSWORD, beside=clerk.login), Approver)
        world.value(f"select account.disable_staff('{manager.login}')")
        refused: object = None
        try:
            refused = session.approve(number)
        except Outage:
            # the server ended the connection under the question; the next one is answered
            refused = session.approve(number)
        assert refused is DeviceRefusal.SESSION_ENDED
        assert read(server, number).state is ExceptionState.WAITING


def test_whatever_leaving_comes_to_the_managers_connection_and_password_are_gone(
    world: World, agent: SealedAgent, clerk: Person, manager: Person
) -> None:
    serial = add_stick(world)
    engines: list[sa.Engine] = []

    def counted(login: str, password: str) -> sa.Engine:
        engines.append(door(world.library.url, world.cluster, HERE)(login, password))
        return engines[-1]

    disposed: list[sa.Engine] = []
    with signed_in(world, clerk) as server:
        ask(server, agent, serial)
        session = ApproverSession(counted)
        assert isinstance(session.enter(manager.login, PASSWORD, beside=clerk.login), Approver)
        (engine,) = engines
        sa.event.listen(engine, "engine_disposed", disposed.append)
        connections = f"select count(*) from pg_stat_activity where usename = '{manager.login}'"
        assert world.value(connections) == 1
        world.admin("alter function desk.leave() rename to leave_not_there")
        try:
            with pytest.raises(sa.exc.DBAPIError):
                session.leave()
        finally:
            world.admin("alter function desk.leave_not_there() rename to leave")
        assert disposed == [engine]
        until = time.monotonic() + 30
        while world.value(connections):
            assert time.monotonic() < until
            time.sleep(0.01)


def test_it_is_refused_taken_back_or_lapses_and_stays_so(
    world: World, agent: SealedAgent, clerk: Person, manager: Person
) -> None:
    serial = add_stick(world)
    with signed_in(world, clerk) as server, approving(server) as session:
        first, _ = ask(server, agent, serial)
        second, _ = ask(server, agent, serial)
        third, _ = ask(server, agent, serial)
        assert isinstance(session.enter(manager.login, PASSWORD, beside=clerk.login), Approver)
        for _ in range(2):
            assert session.refuse(first) is None
            assert server.run(lambda c: c.devices.refuse_exception(second)) is None
        assert session.refuse(second) is DeviceRefusal.DECIDED_ALREADY
        world.admin(
            "update account.usb_exception set asked_at = asked_at - interval '10 minutes'"
            f" where number = {third}"
        )
        for number, why, state in (
            (first, DeviceRefusal.DECIDED_ALREADY, ExceptionState.REFUSED),
            (second, DeviceRefusal.DECIDED_ALREADY, ExceptionState.TAKEN_BACK),
            (third, DeviceRefusal.TOO_LATE, ExceptionState.LAPSED),
        ):
            assert session.approve(number) is why
            assert read(server, number).state is state
        assert (
            server.run(
                lambda c: c.devices.note_copy(
                    uuid4(), first, way=CopyWay.TO_STICK, verdict=Verdict.CLEAN, files=1, size=1
                )
            )
            is DeviceRefusal.NOT_OPEN
        )


def test_one_whose_end_nobody_reports_says_so(
    world: World, agent: SealedAgent, clerk: Person, manager: Person
) -> None:
    serial = add_stick(world)
    with signed_in(world, clerk) as server, approving(server) as session:
        number, nonce = ask(server, agent, serial, minutes=5)
        assert isinstance(session.enter(manager.login, PASSWORD, beside=clerk.login), Approver)
        assert isinstance(session.approve(number), Grant)
        agent.record("lease", nonce=nonce)
        server.run(lambda c: c.devices.send_records(tuple(agent.records)))
        world.admin(
            "update account.usb_exception set asked_at = asked_at - interval '16 minutes'"
            f" where number = {number}"
        )
        assert read(server, number).state is ExceptionState.NOT_REPORTED
        agent.record("lease_ended", nonce=nonce, how="of_a_later_version")
        server.run(lambda c: c.devices.send_records(tuple(agent.records)))
        assert read(server, number).how_ended is HowEnded.OTHER


def test_after_the_clerk_left_nothing_is_approved(
    world: World, agent: SealedAgent, clerk: Person, manager: Person
) -> None:
    serial = add_stick(world)
    with signed_in(world, clerk) as server, approving(server) as session:
        number, _ = ask(server, agent, serial)
        server.sign_out()
        assert isinstance(session.enter(manager.login, PASSWORD, beside=clerk.login), Approver)
        assert session.approve(number) is DeviceRefusal.REQUESTER_GONE


@pytest.mark.parametrize("kind", ["scanner", "other"])
def test_what_is_no_stick_of_the_register_is_not_asked_for(
    world: World, agent: SealedAgent, clerk: Person, kind: str
) -> None:
    serial, stick = add_stick(world, kind=kind), add_stick(world)
    world.admin(
        "update account.usb_device set disposed_on = '2026-05-11', disposed_what = '消去',"
        " disposed_by = '情報課', disposal_noted_by = 'x', disposal_noted_at = now()"
        f" where serial = '{stick}'"
    )
    composite = add_stick(world)

    def answer(server: CentralServer, serial: str, **said: str) -> object:
        text, mac = agent.challenge(serial, **said)
        return server.run(lambda c: c.devices.ask_exception(text, mac, REASON))

    with signed_in(world, clerk) as server:
        assert answer(server, serial) is DeviceRefusal.NOT_REGISTERED
        assert answer(server, "60A44CFFFFFF") is DeviceRefusal.NOT_REGISTERED
        assert answer(server, "-") is DeviceRefusal.NOT_REGISTERED
        assert answer(server, stick) is DeviceRefusal.DISPOSED
        assert answer(server, composite, usb_id="0951:1667") is DeviceRefusal.NOT_REGISTERED
        assert answer(server, composite, interfaces="03:01:01,08:06:50") is DeviceRefusal.INTERFACES_DIFFER


def test_a_terminal_without_a_key_has_no_exceptions(world: World, manager: Person) -> None:
    clerk = world.person("counter_staff", terminal=terminal_number(SOGO, 9))
    stranger = SealedAgent("nobody's", bytes(32))
    serial = add_stick(world)
    text, mac = stranger.challenge(serial)
    with signed_in(world, clerk) as server:
        assert server.run(lambda c: c.devices.ask_exception(text, mac, REASON)) is DeviceRefusal.NO_KEY
        stranger.record("started")
        assert server.run(lambda c: c.devices.send_records(tuple(stranger.records))) is DeviceRefusal.NO_KEY


def test_the_embedded_library_has_no_usb_control() -> None:
    from madoguchi.app.server.gateway import Connected, LendingServer

    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection, pytest.raises(LookupError):
        _ = Connected(connection).devices
    with pytest.raises(LookupError):
        LendingServer(engine).approver()
    engine.dispose()
