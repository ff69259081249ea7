"""Part of ``check``: the terminals' USB agents that say nothing, or nothing that can be taken."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import sqlalchemy as sa

from madoguchi.app.admin.database import rows

SILENT_DAYS: Final = 7
"""Longer than the closing days at the turn of the year: a terminal's agent writes a record at every start."""

# who may still come in and has a key; one that was never heard of is silent since it was given that
_AGENTS: Final = """
    select t.name, a.trouble, a.trouble_seq, a.heard_at is null as never,
           date_part('day', now() - coalesce(a.heard_at, k.made_at))::integer as days
    from account.usb_agent a join account.terminal t on t.id = a.terminal_id
    join web.usb_key k on k.terminal_id = t.id
    where t.revoked_at is null
      and (a.trouble is not null or coalesce(a.heard_at, k.made_at) < now() - make_interval(days => :days))
    order by t.branch_id, t.name
"""

_TROUBLES: Final = {
    "mac": "it is not this agent's, or was changed on the way",
    "order": "one before it is missing",
    "changed": "it was taken before, and said something else",
}


def agent_problems(connection: sa.Connection) -> Iterator[str]:
    """Agents that sent no record for ``SILENT_DAYS``, or whose records are not taken."""
    for row in rows(connection, _AGENTS, days=SILENT_DAYS):
        if row["trouble"] is not None:
            why = _TROUBLES[row["trouble"]]
            yield f"terminal {row['name']}: its record {row['trouble_seq']} was not taken: {why}"
        elif row["never"]:
            yield f"terminal {row['name']}: no record ever came since it has a key, {row['days']} days ago"
        else:
            yield f"terminal {row['name']}: the last record came {row['days']} days ago"
