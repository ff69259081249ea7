"""The locked requirements can be installed by anybody, from anywhere, and the two locks agree."""

import re
from pathlib import Path

import pytest

REQUIREMENTS = Path(__file__).parents[2] / "requirements"


def pins(lock: str) -> dict[str, str]:
    """Each locked package and the version it is locked at."""
    text = (REQUIREMENTS / lock).read_text(encoding="utf-8")
    return dict(re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", text, flags=re.MULTILINE))


@pytest.mark.parametrize("lock", ["run.txt", "dev.txt"])
def test_every_package_has_hashes_and_no_line_names_a_place(lock: str) -> None:
    text = (REQUIREMENTS / lock).read_text(encoding="utf-8")
    lines = [
        line for line in text.replace("\\\n", "").splitlines() if line and not line.lstrip().startswith("#")
    ]
    assert len(lines) == len(pins(lock)) > 10
    for line in lines:
        assert re.fullmatch(
            r"\S+==\S+( ; sys_platform == \"linux\")?(\s+--hash=sha256:[0-9a-f]{64})+\s*", line
        ), line
    assert "://" not in text


def test_the_lock_of_the_tests_holds_all_the_program_runs_on() -> None:
    """setup.sh takes a .venv made for the tests as good for running, too."""
    assert pins("run.txt").items() <= pins("dev.txt").items()
