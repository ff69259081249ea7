"""What tests/conftest.py promises about every run, tried on small runs of their own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(directory: Path, tests: str, *arguments: str, ci: bool) -> "subprocess.CompletedProcess[str]":
    """Run `tests` with our conftest.py as a plugin and our settings, in a process of its own."""
    (directory / "test_small.py").write_text(tests, encoding="utf-8")
    strange = {"LC_ALL": "tr_TR.UTF-8", "LANG": "ja_JP.UTF-8", "LANGUAGE": "ja", "LC_NUMERIC": "de_DE.UTF-8"}
    environment = {name: value for name, value in os.environ.items() if name not in {"CI", "QT_QPA_PLATFORM"}}
    environment |= {**strange, "PYTHONPATH": str(ROOT), **({"CI": "true"} if ci else {})}
    return subprocess.run(
        [
            sys.executable, "-m", "pytest", "-p", "tests.conftest", "-p", "no:cacheprovider", *arguments,
            f"--rootdir={directory}", "-c", ROOT / "pyproject.toml", "-o", "addopts=",
            directory / "test_small.py",
        ],
        capture_output=True, encoding="utf-8", env=environment, cwd=directory, check=False, timeout=60,
    )  # fmt: skip


PASSES = "def test_passes(): pass\n"
SKIPS = PASSES + "import pytest\ndef test_skips(): pytest.skip('not today')\n"
SKIPS_WHOLE_MODULE = "import pytest\npytest.skip('not here', allow_module_level=True)\n"
TWO = PASSES + "def test_other(): pass\n"
XFAILS = PASSES + "import pytest\n@pytest.mark.xfail\ndef test_xfails(): assert False\n"


SHARED = ("-n", "2", "--dist", "loadfile")


@pytest.mark.parametrize("processes", [(), SHARED], ids=["one process", "two"])
@pytest.mark.parametrize(
    ("tests", "arguments", "complaint"),
    [
        pytest.param(SKIPS, (), "1 skipped", id="a test"),
        pytest.param(SKIPS_WHOLE_MODULE, (), "1 skipped", id="a module"),
        pytest.param(XFAILS, (), "1 xfailed", id="expected to fail"),
        pytest.param(TWO, ("-k", "passes"), "1 deselected", id="left out"),
    ],
)
def test_in_ci_a_test_not_run_fails_the_run(
    tmp_path: Path, tests: str, arguments: tuple[str, ...], complaint: str, processes: tuple[str, ...]
) -> None:
    at_home = run(tmp_path, tests, *processes, *arguments, ci=False)
    in_ci = run(tmp_path, tests, *processes, *arguments, ci=True)
    assert "CI=true" not in at_home.stdout
    assert at_home.returncode in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
    line = f"FAILED: CI=true and not every test ran to its end: {complaint}"
    assert line in in_ci.stdout.splitlines(), in_ci.stdout
    assert in_ci.returncode in (pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.NO_TESTS_COLLECTED)


def test_in_ci_a_run_of_passing_tests_passes(tmp_path: Path) -> None:
    done = run(tmp_path, PASSES, ci=True)
    assert done.returncode == 0, done.stdout
    assert "CI=true" not in done.stdout


def test_a_thread_left_running_fails_its_test_and_a_finished_one_does_not(tmp_path: Path) -> None:
    tests = (
        "import threading\n"
        "stop = threading.Event()\n"
        "def test_leaves_one():\n"
        "    threading.Thread(target=stop.wait, name='forgotten').start()\n"
        "def test_ends_its_own():\n"
        "    stop.set()\n"
        "    threading.Thread(target=lambda: None).start()\n"
    )
    done = run(tmp_path, tests, ci=False)
    assert "threads still running after the test: forgotten" in done.stdout
    assert "2 passed, 1 error" in done.stdout


def test_hypothesis_is_the_same_every_time_in_ci(tmp_path: Path) -> None:
    tests = (
        "import hypothesis\n"
        "def test_profile():\n"
        "    s = hypothesis.settings()\n"
        "    assert (s.derandomize, s.deadline, s.print_blob) == ({}, None, True)\n"
    )
    assert run(tmp_path, tests.format(True), ci=True).returncode == 0
    assert run(tmp_path, tests.format(False), ci=False).returncode == 0


def test_neither_the_machines_language_nor_its_display_is_seen(tmp_path: Path) -> None:
    tests = (
        "import os\n"
        "from PySide6.QtCore import QLocale\n"
        "def test_language(qapp):\n"
        "    assert QLocale.system().toString(1234.5) == '1234.5'\n"
        "    assert qapp.platformName() == 'offscreen'\n"
        "    assert not {'LANGUAGE', 'LC_NUMERIC'} & set(os.environ)\n"
        "    assert os.environ['LC_ALL'] == 'C.UTF-8'\n"
    )
    done = run(tmp_path, tests, ci=False)
    assert done.returncode == 0, done.stdout
