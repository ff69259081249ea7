"""The counter's reads as functions of the central server, written from the very statements SQLite runs.

Staff may not read a table; they call a function, which keeps its plan besides (planning a read anew was most
of a checkout's time). A migration holds the text as it was; ``tests/server/test_read_functions.py`` says when
the statements have moved on and the next migration must bring the functions along.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from madoguchi.app.server.label_statements import ITEM_RANGES, LABEL
from madoguchi.app.server.patron_statements import FILE, PERSON, USABLE_CATEGORIES
from madoguchi.app.server.queue_statements import QUEUED_TITLE, WAITED_FOR, WAITER, WHO_WAITS
from madoguchi.app.server.round_statements import SHELF, TO_LOOK_FOR, TRANSITS
from madoguchi.app.server.statements import CHECKOUT, ITEM, PATRON, RESERVATION, TODAY_AT_COUNTER
from madoguchi.app.server.telling_statements import SHELF_SLIP, TO_TELL
from madoguchi.app.server.title_statements import BRANCHES, COPIES, QUEUE, TITLE, TITLES_BY_ARRAY

Read = tuple[sa.Select[tuple[object, ...]] | sa.CompoundSelect[tuple[object, ...]], dict[str, str]]

COUNTER: Final[dict[str, Read]] = {
    "facts_of_patron": (PATRON, {"card_number": "text", "branch_id": "smallint"}),
    "facts_of_checkout": (
        CHECKOUT,
        {
            "operation": "uuid",
            "visit": "uuid",
            "card_number": "text",
            "item_number": "text",
            "branch_id": "smallint",
            "login": "text",
        },
    ),
    "facts_of_item": (ITEM, {"operation": "uuid", "item_number": "text", "branch_id": "smallint"}),
    "facts_of_today": (TODAY_AT_COUNTER, {"branch_id": "smallint"}),
}
"""What lending reads; the migrations hold it in ``…_reads.sql``."""

RESERVING: Final[dict[str, Read]] = {
    "facts_of_reservation": (
        RESERVATION,
        {
            "operation": "uuid",
            "card_number": "text",
            "title_id": "bigint",
            "item_number": "text",
            "pickup_branch_id": "bigint",
            "branch_id": "smallint",
        },
    ),
}
"""What reserving reads, and its guarded write reads again; the migrations hold it in ``…_wanted.sql``."""

QUEUES: Final[dict[str, Read]] = {
    "facts_of_waiter": (WAITER, {"card_number": "text"}),
    "facts_of_waited_for": (WAITED_FOR, {"patron_id": "bigint", "branch_id": "smallint"}),
    "facts_of_queued_title": (QUEUED_TITLE, {"title_id": "bigint"}),
    "facts_of_who_waits": (WHO_WAITS, {"title_id": "bigint", "login": "text"}),
}
"""What is shown of queues; the migrations hold it in ``…_queued.sql``."""

CATALOGUE: Final[dict[str, Read]] = {
    "facts_of_titles": (TITLES_BY_ARRAY, {"title_ids": "bigint[]", "branch_id": "smallint"}),
    "facts_of_title": (TITLE, {"title_id": "bigint"}),
    "facts_of_copies": (COPIES, {"title_id": "bigint", "branch_id": "smallint"}),
    "facts_of_queue": (QUEUE, {"title_id": "bigint"}),
    "facts_of_branches": (BRANCHES, {}),
}
"""What is shown of titles; the migrations hold it in ``…_titles.sql``."""

PATRONS: Final[dict[str, Read]] = {
    "facts_of_patron_file": (FILE, {"patron_id": "bigint"}),
    "facts_of_person": (PERSON, {"patron_id": "bigint"}),
    "facts_of_categories": (USABLE_CATEGORIES, {}),
}
"""What is shown of one patron; the migrations hold it in ``…_persons.sql``."""

ROUNDS: Final[dict[str, Read]] = {
    "facts_of_pull_list": (TO_LOOK_FOR, {"branch_id": "smallint"}),
    "facts_of_transits": (TRANSITS, {"branch_id": "smallint"}),
    "facts_of_shelf": (SHELF, {"branch_id": "smallint", "slip_name": "text"}),
}
"""The lists of a branch; the migrations hold it in ``…_lists.sql``."""

TELLING: Final[dict[str, Read]] = {
    "facts_to_tell": (TO_TELL, {"branch_id": "smallint"}),
    "facts_of_shelf_slip": (SHELF_SLIP, {"item_number": "text", "branch_id": "smallint"}),
}
"""Who is to be told, and what a shelf's slip says; the migrations hold it in ``…_told.sql``."""

LABELS: Final[dict[str, Read]] = {
    "facts_of_label": (LABEL, {"item_number": "text"}),
    "facts_of_item_ranges": (ITEM_RANGES, {}),
}
"""What labels say, and which numbers were allotted; the migrations hold it in ``…_labels.sql``."""

_FUNCTION = """\
create function public.{name}({arguments}) returns jsonb
language plpgsql stable set search_path = pg_catalog, public, pg_temp as $$
begin
    return (select jsonb_agg(to_jsonb(row_of)) from (
{statement}
    ) row_of);
end $$;
"""


def functions_text(reads: Mapping[str, Read]) -> str:
    """The functions, in SQL: each answers its rows as one JSON array, null where there are none."""
    return "\n".join(
        _FUNCTION.format(
            name=name,
            arguments=", ".join(f"p_{argument} {kind}" for argument, kind in arguments.items()),
            statement=_statement(select, arguments),
        )
        for name, (select, arguments) in reads.items()
    )


def _statement(
    select: sa.Select[tuple[object, ...]] | sa.CompoundSelect[tuple[object, ...]], arguments: dict[str, str]
) -> str:
    compiled = select.compile(dialect=postgresql.dialect(paramstyle="named"))  # type: ignore[no-untyped-call]
    # values only so that the statement can be written; what they are for is an argument of the function
    whole = compiled.construct_expanded_state(dict.fromkeys(arguments, 0))
    values = {name: value for name, value in whole.parameters.items() if name not in arguments}

    def written(match: re.Match[str]) -> str:
        name = match[1]
        return f"p_{name}" if name in arguments else _literal(values[name])

    # a cast is written with two colons, a parameter with one
    text = re.sub(r"(?<!:):([a-z_]\w*)", written, whole.statement)
    return "\n".join(line.rstrip() for line in text.splitlines())


def _literal(value: object) -> str:
    if isinstance(value, bool | int):
        return str(value).lower()
    if isinstance(value, str) and re.fullmatch(r"[\w,／]*", value):
        return f"'{value}'"
    raise TypeError("a statement of a read holds a value that is no plain word or number")
