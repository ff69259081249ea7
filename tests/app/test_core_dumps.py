"""The program's memory is nobody's to read, not even when it crashes."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

_PROGRAM = """
import ctypes, os, sys, resource
sys.path.insert(0, {root!r})
from madoguchi.app.core_dumps import forbid_core_dumps
forbid_core_dumps()
print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), flush=True)
os.kill(os.getpid(), {signal})
"""
ROOT = Path(__file__).parents[2]


def _run(folder: Path, *, forbidden: bool) -> subprocess.CompletedProcess[str]:
    program = _PROGRAM.format(root=str(ROOT), signal=int(signal.SIGSEGV))
    if not forbidden:
        program = program.replace("forbid_core_dumps()\nprint", "print")
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder, capture_output=True, text=True, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (1 << 20, 1 << 20)),
    )  # fmt: skip


def test_no_core_file_and_no_other_reader(tmp_path: Path) -> None:
    ran = _run(tmp_path, forbidden=True)
    assert ran.returncode == -signal.SIGSEGV, ran.stderr
    assert ran.stdout.strip() == "(0, 0) 0"
    assert list(tmp_path.iterdir()) == []


def test_without_it_the_kernel_would_write_one(tmp_path: Path) -> None:
    """Else the test above could not fail."""
    ran = _run(tmp_path, forbidden=False)
    assert ran.returncode == -signal.SIGSEGV, ran.stderr
    assert ran.stdout.strip() == f"({1 << 20}, {1 << 20}) 1"


def test_the_counter_forbids_them_before_it_shows_anything() -> None:
    """Asked of the program itself, as it runs."""
    program = (
        "import sys, madoguchi.__main__ as m, madoguchi.app.core_dumps as c\n"
        "def told(): print('forbidden'); raise SystemExit(7)\n"
        "c.forbid_core_dumps = told\n"
        "m.main([])\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip
    assert (ran.returncode, ran.stdout) == (7, "forbidden\n"), ran.stderr
