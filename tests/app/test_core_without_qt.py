"""The counter's core works where there is no Qt: it is imported, and lends, in a process without it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

PROGRAM = '''
import importlib, pkgutil, sys
from datetime import date
from functools import partial
from pathlib import Path
from uuid import uuid4

class NoQt:
    """Has every import of Qt's binding fail, as where it was never installed."""

    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"PySide6", "shiboken6", "shibokensupport"}:
            raise ModuleNotFoundError(f"no module named {name!r}", name=name)
        return None

sys.meta_path.insert(0, NoQt())
for room in ("madoguchi.app", "madoguchi.barcode", "madoguchi.device_control"):
    package = importlib.import_module(room)
    print(room)
    for module in pkgutil.walk_packages(package.__path__, room + "."):
        # Alembic alone runs these two, in a context of its own
        if ".migrations.versions." not in module.name and not module.name.endswith(".migrations.env"):
            importlib.import_module(module.name)
            print(module.name)

from madoguchi.app.lending.checkout import check_out
from madoguchi.app.lending.facts import Desk
from madoguchi.app.server.engine import embedded_url, make_engine
from madoguchi.app.server.gateway import LendingServer
from madoguchi.app.training.library import reset
from madoguchi.app.catalogue.ndl import shipped_records
from madoguchi.app.training.situations import Case, ItemCase, case_number

path = Path(sys.argv[1])
reset(path, shipped_records().records)
server = LendingServer(make_engine(embedded_url(path)), limit_seconds=30)
answer = server.run(
    partial(
        check_out,
        operation=uuid4(),
        visit=uuid4(),
        card_number=case_number(Case.GOOD),
        item_number=ItemCase.BOOK_A.number,
        desk=Desk(branch_id=1, terminal="1", login="kunren"),
    )
)
server.close()
print(type(answer).__name__, answer.item.number)
print("qt", sorted(name for name in sys.modules if name.split(".")[0] in {"PySide6", "shiboken6"}))
'''


def test_every_module_of_the_core_is_imported_and_a_book_is_lent_without_qt(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROGRAM, str(tmp_path / "library.sqlite")],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=100,
        env=environment,
        cwd=tmp_path,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    *imported, lent, qt = ran.stdout.splitlines()
    assert lent.startswith("CheckedOut ")
    assert qt == "qt []"
    # the rooms were walked, not only named
    sources = {
        ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for room in ("app", "barcode", "device_control")
        for file in (ROOT / "madoguchi" / room).rglob("*.py")
        if file.parent.name != "versions" and file.name != "env.py"
    }
    assert sources <= set(imported)
