"""What pgbench reaches on the same library: the limit for terminals that lend at once.

One script calls the server's function `desk.lend` alone, once for each transaction; the other asks
`desk.read_checkout` first, as our checkout does. Every transaction lends another item, ten to a patron, and
the first of a visit looks at the card before it, as ours do. Whoever calls is a member of staff who has
signed in at a terminal, so each client is a process with a login and a certificate of its own.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from tests.bench.figures import BenchError
from tests.bench.stock import LOAD_CARDS, LOAD_ITEMS, VISIT, BenchLibrary
from tests.support.binaries import find_binaries
from tests.support.cluster import Cluster
from tests.support.library import SOGO
from tests.support.staff import PASSWORD, login_of, terminal_number
from tests.support.terminals import terminal_certificate

_NEXT = f"""\\set n :n + 1
\\set place :first + :n
\\set card {LOAD_CARDS} + :place / {VISIT}
\\set item {LOAD_ITEMS} + :place
\\if :n = 1
select desk.enter(gen_random_uuid(), true);
\\endif
\\if :n = 1 or :place % {VISIT} = 0
select gen_random_uuid() as visit \\gset
select desk.read_patron(:visit, :card);
\\endif
"""
_READ = "select desk.read_checkout(gen_random_uuid(), :visit, :card, :item);\n"
_LEND = "select desk.lend(gen_random_uuid(), :visit, :card, :item, :due);\n"
_SCRIPTS = {"lend": _NEXT + _LEND, "read_and_lend": _NEXT + _READ + _LEND}
_LOAN_DAYS = 14
_DONE = re.compile(r"number of transactions actually processed: (\d+)")
_FAILED = re.compile(r"number of failed transactions: (\d+)")
_RATE = re.compile(r"tps = ([\d.]+) \(without initial connection time\)")


class PgBench:
    """pgbench on a library of the cluster."""

    def __init__(self, cluster: Cluster, library: BenchLibrary, folder: Path) -> None:
        self._cluster, self._database, self._folder = cluster, str(library.url.database), folder
        self._due_on = cluster.psql(
            self._database, f"select ruled_due_day({SOGO}::smallint, {_LOAN_DAYS}::smallint)"
        )

    def run(self, script: str, clients: int, seconds: float, items: int) -> tuple[float, int]:
        """Transactions a second and how many there were; `items` are divided among the clients.

        Raises BenchError when pgbench fails, or the stock was too small for it.
        """
        file = self._folder / f"{script}.sql"
        file.write_text(_SCRIPTS[script], encoding="utf-8")
        share = items // clients
        running = [self._start(file, place, place * share, seconds) for place in range(clients)]
        reached = [_result(process) for process in running]
        return sum(rate for rate, _ in reached), sum(calls for _, calls in reached)

    def _start(self, file: Path, place: int, first: int, seconds: float) -> subprocess.Popen[str]:
        values = {"n": "0", "first": str(first), "due": self._due_on}
        return subprocess.Popen(
            [
                find_binaries() / "pgbench", "-n", "-M", "prepared", "-c", "1", "-j", "1",
                "-T", str(max(1, round(seconds))), "-f", file,
                *(f"-D{name}={value}" for name, value in values.items()),
            ],
            env=os.environ | self._line(place), text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def _line(self, place: int) -> dict[str, str]:
        cluster = self._cluster
        certificate = terminal_certificate(cluster, terminal_number(SOGO, place))
        return {
            "PGHOST": cluster.host, "PGPORT": str(cluster.port), "PGDATABASE": self._database,
            "PGUSER": login_of("clerk", place), "PGPASSWORD": PASSWORD,
            "PGSSLMODE": "verify-full", "PGSSLROOTCERT": str(cluster.ca_file),
            "PGSSLCERT": str(certificate.cert), "PGSSLKEY": str(certificate.key),
        }  # fmt: skip


def _result(process: subprocess.Popen[str]) -> tuple[float, int]:
    said, complained = process.communicate()
    counted, rate = _DONE.search(said), _RATE.search(said)
    if process.returncode or counted is None or rate is None:
        raise BenchError(f"pgbench: {complained.strip()}")
    failed = _FAILED.search(said)
    if failed is not None and int(failed[1]):
        raise BenchError(f"pgbench: {failed[0]}")
    return float(rate[1]), int(counted[1])
