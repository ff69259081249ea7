"""Who is signed in at a terminal, or why nobody is. Pure values, apart from the SQL that finds them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from madoguchi.app.lending.facts import Desk
from madoguchi.app.staff.permissions import Role


class SignInProblem(StrEnum):
    """Why nobody was signed in."""

    NOT_KNOWN = "not_known"
    WRONG_BRANCH = "wrong_branch"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A member of staff at this terminal.

    ``command_prefix`` is the library's own, for its ``CodePlan``; staff alone may know it: no log shows it.
    """

    desk: Desk
    name: str
    role: Role
    branch: str
    command_prefix: str = field(repr=False)
