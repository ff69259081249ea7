"""What pgbench reaches on the same library: the limit for terminals that lend at once.

One script calls the server's function `lend` alone, once for each transaction; the other reads first, with
the very statement our checkout reads by. Every transaction lends another item, ten to a patron, as ours do.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from sqlalchemy.dialects import postgresql

from madoguchi.app.server.statements import CHECKOUT
from tests.bench.figures import BenchError
from tests.bench.stock import LOAD_CARDS, LOAD_ITEMS, VISIT
from tests.support.binaries import find_binaries
from tests.support.cluster import Cluster
from tests.support.library import SOGO

_NEXT = f"""\\set n :n + 1
\\set place :client_id * :share + :n
\\set card {LOAD_CARDS} + :place / {VISIT}
\\set item {LOAD_ITEMS} + :place
"""
_LEND = "select lend(gen_random_uuid(), gen_random_uuid(), :card, :item, :due, cast(:branch as smallint));\n"
_LOAN_DAYS = 14
_NEW = "cast('00000000-0000-0000-0000-000000000001' as uuid)"
_OWN = {
    "card_number": ":card",
    "item_number": ":item",
    "branch_id": ":branch",
    "operation": _NEW,
    "visit": _NEW,
}
_DONE = re.compile(r"number of transactions actually processed: (\d+)")
_FAILED = re.compile(r"number of failed transactions: (\d+)")
_RATE = re.compile(r"tps = ([\d.]+) \(without initial connection time\)")


class PgBench:
    """pgbench on one database of the cluster."""

    def __init__(self, cluster: Cluster, database: str, folder: Path) -> None:
        self._cluster, self._database, self._folder = cluster, database, folder
        due_on = cluster.psql(database, f"select ruled_due_day({SOGO}::smallint, {_LOAN_DAYS}::smallint)")
        self._values = {"n": "0", "due": due_on, "branch": str(SOGO)}
        read, values = _read()
        self._scripts = {"lend": _NEXT + _LEND, "read_and_lend": _NEXT + read + _LEND}
        self._read_values = values

    def run(self, script: str, clients: int, seconds: float, items: int) -> tuple[float, int]:
        """Transactions a second and how many there were; `items` are divided among the clients.

        Raises BenchError when pgbench fails, or the stock was too small for it.
        """
        file = self._folder / f"{script}.sql"
        file.write_text(self._scripts[script], encoding="utf-8")
        share = items // clients
        values = self._values | {"share": str(share)}
        if script != "lend":
            values |= self._read_values
        done = subprocess.run(
            [
                find_binaries() / "pgbench", "-n", "-M", "prepared", "-c", str(clients),
                "-j", str(min(clients, 2)), "-T", str(max(1, round(seconds))), "-f", file,
                *(f"-D{name}={value}" for name, value in values.items()),
            ],
            env=os.environ | self._line(), capture_output=True, text=True, check=False,
        )  # fmt: skip
        counted, rate = _DONE.search(done.stdout), _RATE.search(done.stdout)
        if done.returncode or counted is None or rate is None:
            raise BenchError(f"pgbench: {done.stderr.strip()}")
        failed = _FAILED.search(done.stdout)
        if failed is not None and int(failed[1]):
            raise BenchError(f"pgbench: {failed[0]}")
        return float(rate[1]), int(counted[1])

    def _line(self) -> dict[str, str]:
        cluster = self._cluster
        return {
            "PGHOST": cluster.host, "PGPORT": str(cluster.port), "PGDATABASE": self._database,
            "PGUSER": cluster.superuser, "PGPASSWORD": cluster.password,
            "PGSSLMODE": "verify-full", "PGSSLROOTCERT": str(cluster.ca_file),
        }  # fmt: skip


def _read() -> tuple[str, dict[str, str]]:
    """Our checkout's read as pgbench takes it, and the values that are the same in each of its calls."""
    dialect = postgresql.dialect(paramstyle="named")  # type: ignore[no-untyped-call]
    expanded = CHECKOUT.compile(dialect=dialect).construct_expanded_state(dict.fromkeys(_OWN))
    text = expanded.statement
    for name, ours in _OWN.items():
        text = re.sub(rf"(?<!:):{name}\b", ours, text)
    values = {name: str(value) for name, value in expanded.parameters.items() if name not in _OWN}
    return text.replace("\n", " ") + ";\n", values
