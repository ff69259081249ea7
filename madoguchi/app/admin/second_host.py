"""The second host, watched from the first: a commit waits for it while it is there, and for nobody while not.

PostgreSQL itself would wait for a lost standby for ever. Nobody may cancel such a wait one by one: the commit
stands on this host already, and cancelled it would be answered although the other host may never get it. So
the watcher takes the standby's name out of ``synchronous_standby_names``: every waiting commit is then
answered in good order, the counters show that the library goes on alone, and it is on record.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from typing import Final

import sqlalchemy as sa

GONE_AFTER_SECONDS: Final = 2.0
"""For how long a standby may be behind before commits wait for it no longer: less than an act may take."""
BACK_AFTER_LOOKS: Final = 5
"""How often in a row it must have been found level again before they do."""

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}")

_LOOK: Final = sa.text(
    "select current_setting('synchronous_standby_names'), pg_current_wal_flush_lsn()::text,"
    " coalesce((select bool_or(r.flush_lsn >= cast(:seen as pg_lsn)) from pg_stat_replication r"
    " where r.application_name = :name and r.state = 'streaming'), false)"
)

_log = logging.getLogger(__name__)


def checked_name(name: str) -> str:
    """The name, if a standby can be called so.

    Raises:
        ValueError: it is none of letters, digits, ``_`` and ``-``, 60 at most.
    """
    if _NAME.fullmatch(name) is None:
        raise ValueError(f"not the name of a standby: {name!r}")
    return name


class SecondHost:
    """Looks after the standby called ``name`` over one connection to the primary, as the watcher.

    It counts as level when it has on disk what the primary had at the look before. One that is connected but
    does not move, a frozen machine for instance, is gone as well: its commits wait.
    """

    def __init__(
        self, connection: sa.Connection, name: str, *, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._connection = connection
        self._name = checked_name(name)
        self._now = now
        self._seen = "0/0"
        self._seen_at = self._level_at = now()
        self._level_looks = 0
        self._said: bool | None = None

    def look(self) -> None:
        """Looks once, to be called every half a second, and changes what has to be changed.

        Raises:
            sqlalchemy.exc.DBAPIError: the server does not answer, or refuses.
        """
        names, written, level = self._connection.execute(
            _LOOK, {"seen": self._seen, "name": self._name}
        ).one()
        if level:
            self._level_at = self._seen_at
        self._seen, self._seen_at = written, self._now()
        self._level_looks = self._level_looks + 1 if level else 0
        waits = names != ""
        if waits and self._now() - self._level_at > GONE_AFTER_SECONDS:
            self._wait_for("")
            _log.warning("the second host is gone: commits are answered by this host alone")
            waits = False
        elif not waits and self._level_looks >= BACK_AFTER_LOOKS:
            self._wait_for(f'"{self._name}"')
            _log.info("the second host is back: commits wait for it")
            waits = True
        # after what lets waiting commits go: one of them may hold the chain that this is written to
        if self._said is not waits:
            self._connection.execute(sa.text("select watch.second_host(:there)"), {"there": waits})
            self._said = waits

    def _wait_for(self, names: str) -> None:
        # a setting takes no parameter; the name holds nothing that would need quoting
        self._connection.exec_driver_sql(f"alter system set synchronous_standby_names = '{names}'")
        self._connection.exec_driver_sql("select pg_reload_conf()")
