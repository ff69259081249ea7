"""What holds of every account on the central server, wherever it is made. Pure."""

from __future__ import annotations

import re
import secrets
from typing import Final

LOGIN: Final = re.compile(r"[a-z][a-z0-9_]{2,29}")
"""What the server calls a member of staff by (account.add_staff)."""

LONGEST_NAME: Final = 100

# nothing that is read as something else from a slip of paper
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"


def temporary_password() -> str:
    """A password that nobody guesses (79 bits) and that can be read from paper."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
