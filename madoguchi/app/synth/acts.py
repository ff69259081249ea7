"""Four weeks of the audit, on the central server: what terminals did, and whose records were looked at.

A year would leave some six million records, and its chains take the server many minutes to link; four weeks
are what the month's export has. A checkout names the key of its loan: of one that is open, or of one that
is over and erased, whose key nothing has any more. Who was looked at is drawn apart from what was lent:
nothing here joins a person to an item, either.

The server itself links the chains, with the functions that every act uses.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from random import Random
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from madoguchi.app.synth.sizes import Sizes
from madoguchi.app.synth.store import Store
from madoguchi.app.synth.titles import Row
from madoguchi.app.synth.year import cells, shared_out
from madoguchi.app.training.branches import BRANCHES, BranchKind
from madoguchi.app.training.house import branch_ids
from madoguchi.app.training.situations import STAFF

WEEKS: Final = 4
_JST: Final = dt.timezone(dt.timedelta(hours=9))
_TERMINALS: Final = (6, 4, 4, 4)
_TERMINALS_IN_A_ROOM: Final = 2
_HOW: Final = ("checkout", "checkout", "checkout", "card", "search")

_made_here = sa.MetaData()

_act = sa.Table(
    "synth_act",
    _made_here,
    sa.Column("chain", sa.Integer, nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("act", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    prefixes=["TEMPORARY"],
    postgresql_on_commit="DROP",
)
_view = sa.Table(
    "synth_view",
    _made_here,
    sa.Column("chain", sa.Integer, nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("patron_id", sa.BigInteger, nullable=False),
    sa.Column("visit", sa.Uuid, nullable=False),
    sa.Column("how", sa.Text, nullable=False),
    prefixes=["TEMPORARY"],
    postgresql_on_commit="DROP",
)

_LINK = (
    """
    do $$
    declare r record; v_chain integer; v_seq bigint; v_hash bytea; v_at timestamptz;
    begin
        for r in select a.chain, a.at, a.who, a.act, a.subject::jsonb as subject from pg_temp.synth_act a
            order by a.chain, a.at, a.act, a.subject
        loop
            if v_chain is distinct from r.chain then
                if v_chain is not null then
                    insert into audit.head (chain, seq, at, hash) values (v_chain, v_seq, v_at, v_hash);
                end if;
                v_chain := r.chain; v_seq := 0; v_hash := audit.beginning('audit', r.chain);
            end if;
            v_seq := v_seq + 1; v_at := r.at;
            v_hash := audit.hash_of(v_hash, v_chain, v_seq, v_at, r.who, r.act, r.subject);
            insert into audit.record (chain, seq, at, who, act, subject, hash)
                values (v_chain, v_seq, v_at, r.who, r.act, r.subject, v_hash);
        end loop;
        if v_chain is not null then
            insert into audit.head (chain, seq, at, hash) values (v_chain, v_seq, v_at, v_hash);
        end if;
    end $$
    """,
    """
    do $$
    declare r record; v_chain integer; v_seq bigint; v_hash bytea; v_at timestamptz;
    begin
        for r in select * from pg_temp.synth_view v order by v.chain, v.at, v.visit loop
            if v_chain is distinct from r.chain then
                if v_chain is not null then
                    insert into audit.viewed_head (chain, first_hash, seq, at, hash)
                        values (v_chain, audit.beginning('views', v_chain), v_seq, v_at, v_hash);
                end if;
                v_chain := r.chain; v_seq := 0; v_hash := audit.beginning('views', r.chain);
            end if;
            v_seq := v_seq + 1; v_at := r.at;
            v_hash := audit.hash_of_view(v_hash, v_chain, v_seq, v_at, r.who, r.patron_id, r.visit, r.how);
            insert into audit.viewed (chain, seq, at, who, patron_id, visit, how, hash)
                values (v_chain, v_seq, v_at, r.who, r.patron_id, r.visit, r.how, v_hash);
        end loop;
        if v_chain is not null then
            insert into audit.viewed_head (chain, first_hash, seq, at, hash)
                values (v_chain, audit.beginning('views', v_chain), v_seq, v_at, v_hash);
        end if;
    end $$
    """,
)


def fill_audit(store: Store, loans: Sequence[Row], sizes: Sizes, seed: int, today: dt.date) -> int:
    """Writes the four weeks that ended yesterday; answers how many records."""
    _made_here.create_all(store.connection, checkfirst=False)
    acts = store.put_all(_act, _act.c.keys(), _acts(loans, sizes, seed, today))
    views = store.put_all(_view, _view.c.keys(), _views(sizes, seed, today))
    for statement in _LINK:
        store.connection.exec_driver_sql(statement)
    return acts + views


def _chains() -> dict[int, range]:
    """The terminals of each branch, numbered as they would be enrolled."""
    chains: dict[int, range] = {}
    after = 1
    for seed in BRANCHES:
        branch = branch_ids()[seed.code]
        number = _TERMINALS_IN_A_ROOM if seed.kind is BranchKind.ROOM else _TERMINALS[branch - 1]
        chains[branch] = range(after, after + number)
        after += number
    return chains


def _who() -> dict[int, list[str]]:
    """Who works at the terminals of each branch."""
    ids = branch_ids()
    everywhere = [seed.login for seed in STAFF if seed.role == "counter_staff"]
    found = {branch: list(everywhere) for branch in ids.values()}
    for seed in STAFF:
        if seed.role == "contract_staff":
            for code in seed.branches:
                found[ids[code]].append(seed.login)
    return found


class _Desks:
    """Draws a terminal, a moment within an hour, and who works there."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._chains, self._who = _chains(), _who()

    def __call__(self, branch: int, day: dt.date, hour: int) -> tuple[int, dt.datetime, str]:
        random = self._random
        moment = dt.datetime.combine(day, dt.time(hour), _JST) + dt.timedelta(
            microseconds=int(random.random() * 3_600_000_000)
        )
        return (
            random.choice(self._chains[branch]),
            moment.astimezone(dt.UTC),
            random.choice(self._who[branch]),
        )


def _acts(loans: Sequence[Row], sizes: Sizes, seed: int, today: dt.date) -> Iterator[Row]:
    random = Random(f"{seed} acts")
    desk = _Desks(random)
    back = 7 * WEEKS
    found = cells(today, back)
    weights = [cell[3] for cell in found]
    hours: dict[tuple[int, dt.date], list[int]] = {}
    for day, branch, hour, _ in found:
        hours.setdefault((branch, day), []).append(hour)
    still_open = 0
    for loan in loans:
        at, lent_on = loan[3], loan[4]
        if isinstance(at, int) and isinstance(lent_on, dt.date) and (at, lent_on) in hours:
            still_open += 1
            subject = json.dumps({"loan": loan[0], "waived": []})
            yield (*desk(at, lent_on, random.choice(hours[at, lent_on])), "checkout", subject)
    month = round(sizes.loans_a_year * back / 365)
    over = max(0, month - still_open)
    renewals = round(sizes.renewals_a_year * back / 365)
    lent, returned, renewed = (shared_out(total, weights) for total in (over, month, renewals))
    key = sizes.loans_a_year - over
    for day, branch, hour, _ in found:
        before = key
        for _ in range(next(lent)):
            key += 1
            yield (*desk(branch, day, hour), "checkout", json.dumps({"loan": key, "waived": []}))
        for act, number in (("return", next(returned)), ("renewal", next(renewed))):
            for _ in range(number):
                # of a loan made some time before
                subject = json.dumps({"loan": max(1, before - int(random.random() * month / 2))})
                yield (*desk(branch, day, hour), act, subject)


def _views(sizes: Sizes, seed: int, today: dt.date) -> Iterator[Row]:
    random = Random(f"{seed} views")
    desk = _Desks(random)
    back = 7 * WEEKS
    found = cells(today, back)
    numbers = shared_out(round(sizes.borrowers_a_year * back / 365), [cell[3] for cell in found])
    for (day, branch, hour, _), number in zip(found, numbers, strict=True):
        for _ in range(number):
            visit = UUID(int=random.getrandbits(128), version=4)
            patron = 1 + int(random.random() * sizes.patrons)
            yield (*desk(branch, day, hour), patron, visit, random.choice(_HOW))
