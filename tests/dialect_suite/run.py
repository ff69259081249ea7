"""Run SQLAlchemy's own dialect suite through our dialect and, as the control, through psycopg.

    make test-dialect

Starts a PostgreSQL of its own, runs the suite once through each driver, compares test by test and writes
docs/dialect-suite.md. Ends with status 1 when a test that passes through psycopg does not through ours and
allowed.toml has no reason for it, or when a line of allowed.toml is out of date.
"""

import fnmatch
import json
import re
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import URL, create_engine

from madoguchi.app.server import odbc
from tests.support.cluster import Cluster

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
REPORT = ROOT / "docs" / "dialect-suite.md"
OURS, CONTROL = "pyodbc", "psycopg"
_SQL_DRIVER_VER = 7  # of SQLGetInfo, as ODBC numbers it
_KINDS = ("passed", "failed", "error", "skipped", "xfailed")
_ABSENT = {"outcome": "not run", "reason": ""}
# "suite.py::BooleanTest_postgresql+pyodbc_15_18::test_null": the part that names driver and server.
_BACKEND = re.compile(r"_postgresql\+\w+?_\d+_\d+(?=::)")

Outcomes = dict[str, dict[str, str]]


def main() -> int:
    """Run, compare, write; return the exit status."""
    odbc.register()
    with Cluster(settings={"max_prepared_transactions": "10"}) as cluster:
        # The suite's own table work may take longer than a clerk may be kept waiting.
        url = cluster.url("suite_ours", statement_timeout=0, lock_timeout=0)
        prepare(cluster, "suite_ours")
        prepare(cluster, "suite_control")
        control = run_suite(cluster.psycopg_url("suite_control"))
        ours = run_suite(url)
        versions = read_versions(url)
    differing = differences(ours, control)
    allowed = tomllib.loads((HERE / "allowed.toml").read_text(encoding="utf-8"))
    reasons = {name: reason_for(name, allowed) for name in differing}
    unexplained = [name for name in differing if reasons[name] is None and worse(name, ours, control)]
    outdated = [key for key in allowed if not any(fnmatch.fnmatchcase(name, key) for name in differing)]
    REPORT.write_text(report(ours, control, differing, reasons, versions), encoding="utf-8")
    for name in unexplained:
        print(f"{name}: {ours.get(name, _ABSENT)['outcome']}; passes through {CONTROL}", file=sys.stderr)
        print(f"    {ours.get(name, _ABSENT)['reason']}", file=sys.stderr)
    for key in outdated:
        print(f"allowed.toml: {key!r} explains nothing any more", file=sys.stderr)
    for driver, outcomes in ((OURS, ours), (CONTROL, control)):
        print(f"{driver}: {counts_in_words(outcomes)}")
    print(
        f"{len(differing)} tests differ, {len(unexplained)} without a reason; see {REPORT.relative_to(ROOT)}"
    )
    return 1 if unexplained or outdated else 0


def prepare(cluster: Cluster, database: str) -> None:
    """Make a database as SQLAlchemy's README.unittests asks for it."""
    cluster.create_database(database)
    cluster.psql(
        database,
        f"""
        CREATE SCHEMA test_schema;
        CREATE SCHEMA test_schema_2;
        CREATE EXTENSION hstore;
        CREATE EXTENSION citext;
        ALTER DATABASE {database} SET default_text_search_config = 'pg_catalog.english';
        """,
    )


def run_suite(url: URL) -> Outcomes:
    """Run the suite in a process of its own; return each test's outcome by its name without the driver.

    Raises SystemExit when the suite did not run to its end.
    """
    print(f"running SQLAlchemy's dialect suite through {url.get_driver_name()} ...", flush=True)
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "outcomes.json"
        done = subprocess.run(
            [
                sys.executable, "-m", "pytest", "-c", "/dev/null", "--rootdir", HERE, "--confcutdir", HERE,
                "-p", "tests.dialect_suite.plugin", "-p", "sqlalchemy.testing.plugin.pytestplugin",
                "-p", "no:pytest-qt", "-p", "no:cacheprovider", "-q", "--tb", "no", "--outcomes", path,
                "--dburi", url.render_as_string(hide_password=False), HERE / "suite.py",
            ],
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        # 0: all passed, 1: some failed; anything else is not an outcome of the tests.
        if done.returncode not in {0, 1} or not path.exists():
            sys.exit(f"the suite did not run:\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}")
        written: Outcomes = json.loads(path.read_text(encoding="utf-8"))
    if not written:
        sys.exit("the suite ran no test")
    return {_BACKEND.sub("", key.partition("::")[2]): outcome for key, outcome in written.items()}


def differences(ours: Outcomes, control: Outcomes) -> list[str]:
    """Return the names of the tests whose outcomes differ, or that only one of the two ran."""
    return sorted(
        name
        for name in ours.keys() | control.keys()
        if ours.get(name, _ABSENT)["outcome"] != control.get(name, _ABSENT)["outcome"]
    )


def worse(name: str, ours: Outcomes, control: Outcomes) -> bool:
    """True when a test passes through the control and does not through ours, for whatever reason."""
    return (
        control.get(name, _ABSENT)["outcome"] == "passed" and ours.get(name, _ABSENT)["outcome"] != "passed"
    )


def reason_for(name: str, allowed: dict[str, str]) -> str | None:
    """Return the reason allowed.toml has for a difference, or None."""
    return next((reason for key, reason in allowed.items() if fnmatch.fnmatchcase(name, key)), None)


def counts_in_words(outcomes: Outcomes) -> str:
    """Return how many tests ended how."""
    counts = Counter(outcome["outcome"] for outcome in outcomes.values())
    return ", ".join(f"{counts[kind]} {kind}" for kind in _KINDS if counts[kind])


def read_versions(url: URL) -> dict[str, str]:
    """Return the versions of everything between SQLAlchemy and the server, as the parts themselves say."""
    engine = create_engine(url)
    with engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        found = {
            "PostgreSQL": connection.exec_driver_sql("SHOW server_version").scalar_one().partition(" ")[0],
            "psqlodbc": raw.getinfo(_SQL_DRIVER_VER),
        }
    engine.dispose()
    manager = subprocess.run(["odbcinst", "--version"], capture_output=True, text=True, check=True)
    found["unixODBC"] = manager.stdout.split()[-1]
    packages = {name: version(name) for name in ("SQLAlchemy", "pyodbc", "psycopg")}
    return {**packages, **found, "Python": sys.version.partition(" ")[0]}


def report(
    ours: Outcomes,
    control: Outcomes,
    differing: list[str],
    reasons: dict[str, str | None],
    versions: dict[str, str],
) -> str:
    """Return the page to keep in docs/."""
    lines = [
        "# SQLAlchemy's dialect suite, ours beside psycopg",
        "",
        "Written by `make test-dialect` (tests/dialect_suite/run.py); do not edit. The same suite, the same",
        "server and the same declared features (tests/dialect_suite/requirements.py) through both drivers,",
        "compared test by test. The run fails when a test passes through psycopg and not through ours and",
        "tests/dialect_suite/allowed.toml has no reason for it.",
        "",
        ", ".join(f"{name} {number}" for name, number in versions.items()) + ".",
        "",
        "| outcome | " + " | ".join(f"postgresql+{driver}" for driver in (OURS, CONTROL)) + " |",
        "| --- | ---: | ---: |",
    ]
    counts = [Counter(outcome["outcome"] for outcome in outcomes.values()) for outcomes in (ours, control)]
    lines += [
        f"| {kind} | {counts[0][kind]} | {counts[1][kind]} |"
        for kind in _KINDS
        if any(c[kind] for c in counts)
    ]
    lines += ["", f"## Tests that differ: {len(differing)}", ""]
    if differing:
        lines += [f"| test | {OURS} | {CONTROL} | reason |", "| --- | --- | --- | --- |"]
    for name in differing:
        outcomes = " | ".join(each.get(name, _ABSENT)["outcome"] for each in (ours, control))
        lines.append(f"| `{name}` | {outcomes} | {reasons[name] or '**none known**'} |")
    failing = sorted(
        name
        for name, outcome in ours.items()
        if outcome["outcome"] in {"failed", "error"} and name not in differing
    )
    if failing:
        lines += [
            "",
            f"## Tests that fail through both: {len(failing)}",
            "",
            *(f"- `{name}`" for name in failing),
        ]
    skipped = Counter(name.partition("::")[0] for name, each in ours.items() if each["outcome"] == "skipped")
    lines += ["", "## Skipped, by class", "", "Features PostgreSQL or this version of it does not have.", ""]
    lines += [f"- {name}: {number}" for name, number in sorted(skipped.items())]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
