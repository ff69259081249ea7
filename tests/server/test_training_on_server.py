"""The same training library on a PostgreSQL server, made once and never over another."""

from __future__ import annotations

from functools import partial

import pytest
import sqlalchemy as sa

from madoguchi.app.catalogue.ndl import shipped_records
from madoguchi.app.lending.answers import CheckedOut
from madoguchi.app.lending.checkout import check_out
from madoguchi.app.server import tables as t
from madoguchi.app.server.central import CentralServer
from madoguchi.app.server.engine import make_engine
from madoguchi.app.staff.session import SignedIn
from madoguchi.app.training.library import NotEmpty, fill_empty
from madoguchi.app.training.situations import Case, ItemCase, case_number
from tests.support.cluster import Cluster
from tests.support.library import SOGO, new_id
from tests.support.staff import PASSWORD, door, enrol_terminals, let_in, terminal_number


def test_a_newcomer_could_lend_on_the_server(cluster: Cluster, database: str) -> None:
    engine = make_engine(cluster.url(database))
    built = fill_empty(engine, shipped_records().records)
    assert (built.items, built.patrons) == (1500, 60)
    with engine.connect() as connection:
        enrol_terminals(connection)
        let_in(connection, ["kunren"], "counter_staff")
    server = CentralServer(door(engine.url, cluster, terminal_number(SOGO, 0)))
    signed_in = server.sign_in("kunren", PASSWORD)
    assert isinstance(signed_in, SignedIn)
    answer = server.run(
        partial(
            check_out,
            operation=new_id(),
            visit=new_id(),
            card_number=case_number(Case.GOOD),
            item_number=ItemCase.BOOK_A.number,
            desk=signed_in.desk,
        )
    )
    assert isinstance(answer, CheckedOut)
    server.close()
    with engine.connect() as connection:
        number = connection.execute(
            t.title.insert().values(title="後から").returning(t.title.c.id)
        ).scalar_one()
    assert number == built.titles + 1
    with pytest.raises(NotEmpty):
        fill_empty(engine, shipped_records().records)
    with engine.connect() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(t.item)).scalar_one() == 1500
