"""What a branch looks for, sends and clears away; what lending and returning do to it."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

from madoguchi.app.server.sql_file import statements

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql"

_NEW = (
    "desk.clear_shelf",
    "desk.send_copies",
    "desk.not_found",
    "public.done_round",
    "public.begin_round",
    "desk.read_shelf",
    "desk.read_transits",
    "desk.read_pull_list",
    "public.on_its_way_again",
    "public.wait_again",
    "public.put_away",
    "public.is_there",
    "public.held_as_read",
    "public.held_head",
    "public.facts_of_shelf",
    "public.facts_of_transits",
    "public.facts_of_pull_list",
)

_SLIP_NAMES = "one of number_end kana_initial full"

# how functions differ from what they were: which words become which
_CHANGED = {
    "account.settings()": (
        (
            "('backdate_days', 'number', 0, 60)",
            f"('backdate_days', 'number', 0, 60), ('slip_name', '{_SLIP_NAMES}', 0, 0),\n"
            "            ('transit_days', 'number', 1, 60), ('missing_after', 'number', 1, 20)",
        ),
    ),
    # a setting may be one of several words
    "account.set_setting(text, text, text, text, text)": (
        (
            "when p_new !~ '^[0-9]{1,5}$' then true",
            "when v_is.kind like 'one of %'\n"
            "                             then not p_new = any (string_to_array(substr(v_is.kind, 8), ' '))\n"
            "                              when p_new !~ '^[0-9]{1,5}$' then true",
        ),
        (
            "case v_is.kind when 'yes' then 'boolean' else 'smallint' end",
            "case when v_is.kind = 'yes' then 'boolean' when v_is.kind like 'one of %' then 'text'\n"
            "                            else 'smallint' end",
        ),
    ),
    "desk.take_back(uuid, text, date, bigint, date)": (
        ("v_keep date; v_answer text;", "v_keep date; v_answer text; v_put jsonb;"),
        ("v_head := head_of_queue(v_item);", "v_head := held_head(v_item);"),
        (
            "    update reservation set trapped_item_id = v_item.id, keep_until = v_keep,\n"
            "            state = case when v_route = 'reservation_shelf' then 'ready' else 'in_transit' end\n"
            "        where id = v_head.id;\n"
            "    delete from transit where item_id = v_item.id;\n"
            "    if v_route = 'transit' then\n"
            "        insert into transit (item_id, to_branch_id, since) values (v_item.id, v_to, v_today);\n"
            "    end if;\n",
            "    v_put := put_away(v_item, v_head, v_here.branch_id, v_keep);\n",
        ),
        (
            "'branch_id', v_here.branch_id)::text;",
            "'branch_id', v_here.branch_id,\n        'expected', v_put ->> 'expected')::text;",
        ),
    ),
    "desk.lend(uuid, uuid, text, text, date)": (
        ("v_loan bigint; v_answer text;", "v_loan bigint; v_answer text; v_behind integer;"),
        (
            "    if v_head.id is not null and v_head.patron_id <> v_patron.id\n",
            "    if not held_as_read(v_own) then return refused('changed'); end if;\n"
            "    if v_head.id is not null and v_head.patron_id <> v_patron.id\n",
        ),
        (
            "    update reservation set state = 'waiting', trapped_item_id = null, keep_until = null\n"
            "        where trapped_item_id = v_item.id and state in ('in_transit', 'ready');\n"
            "    delete from transit where item_id = v_item.id;\n",
            "    v_behind := wait_again(v_item.id);\n"
            "    delete from transit where item_id = v_item.id;\n"
            "    perform is_there(v_item);\n",
        ),
        (
            "'reserved', v_own.id is not null)::text;",
            "'reserved', v_own.id is not null,\n"
            "                                   'waits_again', v_behind)::text;",
        ),
    ),
    "desk.cancel_lend(uuid)": (
        (
            "then 'in_transit' else 'waiting' end where loan_id = v_loan.id;\n",
            "then 'in_transit' else 'waiting' end where loan_id = v_loan.id;\n"
            "    perform on_its_way_again(v_loan.item_id, v_loan.branch_id);\n",
        ),
    ),
    # what is answered of a copy names it, and goes with its day
    "public.erase_returned()": (
        (
            "where act = 'reserve' and answer is not null",
            "where act in ('reserve', 'shelf_clear', 'not_found') and answer is not null",
        ),
    ),
    "desk.undo_return(uuid, uuid)": (
        (
            "    update reservation set state = 'waiting', trapped_item_id = null, keep_until = null\n"
            "        where trapped_item_id = v_loan.item_id and state in ('in_transit', 'ready');\n"
            "    delete from transit where item_id = v_loan.item_id;\n",
            "    perform wait_again(v_loan.item_id);\n"
            "    delete from transit where item_id = v_loan.item_id;\n"
            "    perform is_there(i) from item i where i.id = v_loan.item_id;\n",
        ),
    ),
    "desk.withdraw_patron(uuid, bigint)": (
        (
            "    -- as the watcher locks them (erase_returned): the loans before what was done with them\n",
            "    -- what lies ready for them is to be cleared away; what is on its way arrives first\n"
            "    insert into shelf_leftover (item_id, branch_id, since)\n"
            "        select trapped_item_id, pickup_branch_id, library_day(0) from reservation\n"
            "        where patron_id = p_patron and state = 'ready' on conflict do nothing;\n"
            "    -- as the watcher locks them (erase_returned): the loans before what was done with them\n",
        ),
    ),
}


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _erased_with_the_day(acts: str) -> None:
    """The index of the answers that go with their day."""
    op.drop_index("ix_operation_to_erase", table_name="operation")
    which = sa.text(f"{acts} AND answer IS NOT NULL")
    op.create_index(
        "ix_operation_to_erase", "operation", ["done_on"], sqlite_where=which, postgresql_where=which
    )


def upgrade() -> None:
    _erased_with_the_day("act IN ('reserve', 'shelf_clear', 'not_found')")
    if not _on_postgresql():
        return
    for file in ("0015_lists.sql", "0015_rounds.sql"):
        for statement in statements(_SQL / file):
            op.get_bind().exec_driver_sql(statement)
    _change(1)


def downgrade() -> None:
    _erased_with_the_day("act = 'reserve'")
    if not _on_postgresql():
        return
    _change(-1)
    for name in _NEW:
        op.get_bind().exec_driver_sql(f"drop function {name}")


def _change(way: int) -> None:
    """The functions as they are, with what this migration changes, or without it: others change them, too."""
    run = op.get_bind().exec_driver_sql
    for signature, changes in _CHANGED.items():
        text: str = run(f"select pg_get_functiondef('{signature}'::regprocedure)").scalar_one()
        for change in changes:
            old, new = change[::way]
            if text.count(old) != 1:
                raise ValueError(f"{signature} is not what this migration changes")
            text = text.replace(old, new)
        run(text)
