"""The entry of ``madoguchi-server``, the administrator's command; what it does is in ``app.admin``."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence

from madoguchi.app.admin.commands import run
from madoguchi.app.admin.said import CannotDo


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; returns the exit status: 0 done, 1 not done or not well, 2 not understood."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    try:
        return run(arguments, _say)
    except CannotDo as error:
        sys.stderr.write(f"madoguchi-server: {error}\n")
        return 1
    except BrokenPipeError:
        return 1


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
