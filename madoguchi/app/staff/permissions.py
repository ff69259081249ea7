"""What each role may do at a terminal (DOMAIN, "Who works at a terminal"). Pure."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """The roles of the library's staff."""

    COUNTER_STAFF = "counter_staff"
    CONTRACT_STAFF = "contract_staff"
    SYSTEM_STAFF = "system_staff"
    SECURITY_MANAGER = "security_manager"


class Permission(StrEnum):
    """Acts that not everybody may do."""

    LEND = "lend"
    OVERRIDE = "override"
    MANAGE_TERMINALS = "manage_terminals"
    READ_AUDIT = "read_audit"


_MAY = {
    Role.COUNTER_STAFF: frozenset({Permission.LEND, Permission.OVERRIDE}),
    Role.CONTRACT_STAFF: frozenset({Permission.LEND, Permission.OVERRIDE}),
    Role.SYSTEM_STAFF: frozenset({Permission.MANAGE_TERMINALS}),
    Role.SECURITY_MANAGER: frozenset({Permission.READ_AUDIT}),
}


def may(role: Role, permission: Permission) -> bool:
    """Whether a role carries a permission."""
    return permission in _MAY[role]
