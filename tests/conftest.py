"""What every test gets: a PostgreSQL of its own where it asks for one, and a run that refuses noise.

Settings that must hold before Qt or Hypothesis are first imported are made while this file is loaded, which
pytest does before any test module.
"""

import gc
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Generator, Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from madoguchi.app.server.engine import embedded_url
from tests.support.cluster import Cluster
from tests.support.library import SmallLibrary

IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}

# A test that needs a real window starts an Xvfb and a process of its own, with its own setting.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# The machine's language must not change what a test sees: numbers, dates, sorting, error messages.
for name in [name for name in os.environ if name.startswith("LC_")]:
    del os.environ[name]
os.environ.pop("LANGUAGE", None)
os.environ["LANG"] = os.environ["LC_ALL"] = "C.UTF-8"

# These tests never pull the plug, so nothing is owed to a disk: where the machine has memory to spare, what
# they write lies there.
_MEMORY = Path("/dev/shm")
_ENOUGH_BYTES = 6 << 30
if "TMPDIR" not in os.environ and _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ENOUGH_BYTES:
    os.environ["TMPDIR"] = tempfile.tempdir = str(_MEMORY)

hypothesis.settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
hypothesis.settings.register_profile("dev", deadline=None, print_blob=True)
hypothesis.settings.load_profile("ci" if IN_CI else "dev")

_THREAD_PATIENCE_SECONDS = 2.0
_WITH_WINDOWS = ("tests/counter/", "tests/app/test_manual_window.py", "tests/usb/test_window_in_vm.py")


def pytest_collection_finish(session: pytest.Session) -> None:
    """Leave the libraries out of collections now (`widgets/garbage.py`), while no test has made anything.

    The first window would do it in the midst of its test, and nothing of that test would ever be collected.
    """
    # not before the settings for Qt above
    from madoguchi.widgets.garbage import freeze_once

    del session
    gc.collect()
    freeze_once()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, bool, bool]:
    """Leave what has outlived a test with a window out of collections, too.

    Each window collects whole twice. What Qt holds of it (a slot that knows its page) no collection frees,
    and the next ones would go through all of that again: half of the time of the counter's tests.
    """
    ran = yield
    if any(folder in item.nodeid for folder in _WITH_WINDOWS):
        # brings Qt along, so not before the settings for it above
        from tests.support.outlived import mark_outlived

        gc.collect()
        gc.freeze()
        mark_outlived()
    return ran


# -- PostgreSQL ------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """One running PostgreSQL for the whole run; a test that kills or freezes it finds it well again after."""
    with Cluster() as running:
        yield running


@pytest.fixture(scope="session")
def database_template(cluster: Cluster) -> str:
    """The database that `database` copies: an empty one.

    A directory whose tests want the schema overrides this fixture with one that makes its own and returns its
    name; copying it costs some 40 ms.
    """
    cluster.create_database("template_empty")
    return "template_empty"


_numbers = count(1)


@pytest.fixture
def database(cluster: Cluster, database_template: str) -> Iterator[str]:
    """The name of a fresh database in `cluster`, a copy of `database_template`, dropped after the test."""
    name = f"test_{next(_numbers)}"
    cluster.create_database(name, template=database_template)
    yield name
    cluster.recover()
    cluster.drop_database(name)


@pytest.fixture(autouse=True)
def _cluster_is_well(request: pytest.FixtureRequest) -> Iterator[None]:
    """Thaw or start the server after a test that left it frozen or dead, for the next one's sake."""
    used: Cluster | None = request.getfixturevalue("cluster") if "cluster" in request.fixturenames else None
    yield
    if used is not None:
        used.recover()


# -- a small library --------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def library_template(cluster: Cluster) -> str:
    """A PostgreSQL database with the schema and the rules, to be copied."""
    name = "template_library"
    cluster.create_database(name)
    # a busy machine may take its time for what is made once
    library = SmallLibrary(cluster.url(name, statement_timeout=0), cluster)
    library.make()
    library.close()
    return name


@pytest.fixture(scope="session")
def library_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An embedded library with the schema and the rules, to be copied."""
    path = tmp_path_factory.mktemp("library") / "template.sqlite"
    made = SmallLibrary(embedded_url(path))
    made.make()
    with made.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode = DELETE")
    made.close()
    return path


# -- noise -----------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _no_leaked_threads() -> Iterator[None]:
    """Fail a test that leaves a thread running which would keep the program from ending."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + _THREAD_PATIENCE_SECONDS
    while leaked := [t for t in threading.enumerate() if t not in before and t.is_alive() and not t.daemon]:
        if time.monotonic() > deadline:
            pytest.fail(f"threads still running after the test: {', '.join(t.name for t in leaked)}")
        leaked[0].join(0.05)


# -- a run that is cut short ---------------------------------------------------------------------------


class _ToldAtOnce:
    """Names what failed at once: whoever ends a run for its time would never be told."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        reporter = self._config.pluginmanager.get_plugin("terminalreporter")
        if report.failed and reporter is not None:
            reporter.write_line(f"\n{report.when} of {report.nodeid} failed after {report.duration:.0f} s")


def pytest_configure(config: pytest.Config) -> None:
    """Where the tests are shared, the processes' own reports come together in one."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(_ToldAtOnce(config))


# -- in CI every test counts -----------------------------------------------------------------------


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """What a process that shares the run has left out it tells at its end; all of them collect the same."""
    told = getattr(node, "workeroutput", {}).get("deselected", 0)
    node.config.stash[_deselected] = max(told, node.config.stash.get(_deselected, 0))


def pytest_deselected(items: Sequence[pytest.Item]) -> None:
    """Count what is left out."""
    if items:
        stash = items[0].config.stash
        stash[_deselected] = stash.get(_deselected, 0) + len(items)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """With CI=true a run in which a test was skipped, expected to fail or left out has failed."""
    left_out = session.config.stash.get(_deselected, 0)
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["deselected"] = left_out
        return
    if not IN_CI:
        return
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    stats: dict[str, list[object]] = getattr(reporter, "stats", {})
    missed = {kind: len(stats[kind]) for kind in ("skipped", "xfailed", "xpassed") if stats.get(kind)}
    if left_out:
        missed["deselected"] = left_out
    if missed and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    session.config.stash[_missed] = missed


_deselected = pytest.StashKey[int]()
_missed = pytest.StashKey[dict[str, int]]()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say why such a run failed."""
    if missed := config.stash.get(_missed, {}):
        words = ", ".join(f"{number} {kind}" for kind, number in missed.items())
        terminalreporter.write_line(
            f"FAILED: CI=true and not every test ran to its end: {words}", red=True, bold=True
        )
