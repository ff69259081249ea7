"""Sign-in to the training library: who works at this terminal, and at which branch it stands."""

from __future__ import annotations

import sqlalchemy as sa

from madoguchi.app.lending.facts import Desk
from madoguchi.app.server import tables as t
from madoguchi.app.staff.numbering import plan_in_force
from madoguchi.app.staff.passwords import NOBODY, verify
from madoguchi.app.staff.permissions import Role
from madoguchi.app.staff.session import SignedIn, SignInProblem


def sign_in(
    connection: sa.Connection, *, login: str, password: str, branch_code: str, terminal: str
) -> SignedIn | SignInProblem:
    """Signs a member of staff in at a branch's terminal.

    An unknown login, a wrong password and an account past its last day answer alike and take the
    same time, so that nobody learns which logins exist.

    Raises:
        LookupError: the terminal's branch is not one of the library's.
    """
    branch = connection.execute(
        sa.select(t.branch.c.id, t.branch.c.name, t.policy.c.command_prefix, t.policy.c.numbering)
        .join_from(t.branch, t.policy, sa.true())
        .where(t.branch.c.code == branch_code)
    ).one_or_none()
    if branch is None:
        raise LookupError(f"no branch has the code {branch_code!r}")
    person = connection.execute(
        sa.select(
            t.staff.c.login,
            t.staff.c.name,
            t.staff.c.role,
            t.staff.c.password_hash,
            t.staff.c.card_number,
            sa.func.coalesce(
                t.staff.c.active_until >= sa.func.library_day(0, type_=sa.Date), sa.true()
            ).label("active"),
        ).where(t.staff.c.login == login.strip())
    ).one_or_none()
    proved = verify(password, person.password_hash if person else NOBODY)
    if person is None or not proved or not person.active:
        return SignInProblem.NOT_KNOWN
    branches = connection.execute(
        sa.select(t.staff_branch.c.branch_id).where(t.staff_branch.c.login == person.login)
    ).scalars()
    if Role(person.role) is Role.CONTRACT_STAFF and branch.id not in set(branches):
        return SignInProblem.WRONG_BRANCH
    return SignedIn(
        desk=Desk(branch_id=branch.id, terminal=terminal, login=person.login),
        name=person.name,
        role=Role(person.role),
        branch=branch.name,
        command_prefix=branch.command_prefix,
        card_number=person.card_number,
        plan=plan_in_force(None, branch.numbering, branch.command_prefix),
    )
