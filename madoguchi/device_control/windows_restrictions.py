"""Device Installation Restrictions: closed first, opened last, read back. **Never run on Windows**.

The registry has no transaction here, so the order has to do: first what closes (`FLOOR`: nothing that is not
named is installed, and no list of what is allowed counts), then the lists, then what they were found to be
when read back, and only then the switches by which what is allowed counts. Broken off, it is closed; only
among the first values it may be as before, and among the last, if they cannot be taken back, open for a part
of the new policy. It is never open for anything else. A list of what is denied is never without the old
entries before it has the new ones: at each moment all of one of the two are in it.

That Windows goes by these values is what its documents say (`windows.py`), and not looked at here.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Final, Protocol

from madoguchi.device_control.windows import KEY, LISTS, Compiled, RegistryValue

Data = int | str | None
"""A REG_DWORD, a REG_SZ, or None for anything else that stands there."""

_ALLOW: Final = tuple(name for name in LISTS if name.startswith("Allow"))

FLOOR: Final = (
    RegistryValue(KEY, "DenyUnspecified", 1),
    RegistryValue(KEY, "AllowDenyLayered", 0),
    RegistryValue(KEY, "AllowAdminInstall", 0),
    *(RegistryValue(KEY, name, 0) for name in _ALLOW),
)
"""What closes, in this order: no new device is installed, whatever the lists say."""


class Registry(Protocol):
    """The registry of this machine. Names are the same in capitals and small letters."""

    def values(self, key: str) -> Mapping[str, Data]:
        """The values of a key, by name; none where there is no such key. Raises OSError."""

    def put(self, value: RegistryValue) -> None:
        """Writes a value, and makes its key if there is none. Raises OSError: it is as it was."""

    def remove(self, key: str, name: str) -> None:
        """Takes a value away, if it is there. Raises OSError."""

    def flush(self, key: str) -> None:
        """Returns when the key is on the disk. Raises OSError."""


class NotWritten(Exception):
    """The values do not stand as they should. `is_closed`: but the floor does."""

    def __init__(self, why: str, *, is_closed: bool) -> None:
        super().__init__(why)
        self.is_closed = is_closed


class Restrictions:
    """The restrictions of this machine."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def close(self) -> None:
        """Writes the floor alone, and reads it back. Raises NotWritten."""
        try:
            for value in FLOOR:
                self._registry.put(value)
            self._registry.flush(KEY)
        except OSError as error:
            raise NotWritten(_words(error), is_closed=self.is_closed()) from error
        if not self.is_closed():
            raise NotWritten("the floor was read back as something else", is_closed=False)

    def write(self, compiled: Compiled) -> None:
        """Writes a policy's values, the lists' switches last. Raises NotWritten: then see `is_closed`."""
        self.close()
        opens = {(KEY, name) for name in _ALLOW}
        last = [value for value in compiled.values if (value.key, value.name) in opens]
        try:
            for name, entries in _lists(compiled).items():
                self._rewrite(f"{KEY}\\{name}", entries)
            for value in compiled.values:
                if value.key == KEY and value not in last:
                    self._registry.put(value)
            if not self._stands(compiled, last):
                raise OSError("the values were read back as something else")
            self._registry.flush(KEY)
            for value in last:
                self._registry.put(value)
            self._registry.flush(KEY)
            if not self._stands(compiled, []):
                raise OSError("the values were read back as something else")
        except OSError as error:
            with suppress(NotWritten):
                self.close()
            raise NotWritten(_words(error), is_closed=self.is_closed()) from error

    def stands(self, compiled: Compiled) -> bool:
        """Whether the values are in the registry now, all of them and no entry more."""
        try:
            return self._stands(compiled, [])
        except OSError:
            return False

    def is_closed(self) -> bool:
        """Whether the floor is in the registry now."""
        try:
            here = _folded(self._registry.values(KEY))
        except OSError:
            return False
        return all(_is(here, value) for value in FLOOR)

    def _stands(self, compiled: Compiled, but: list[RegistryValue]) -> bool:
        here = _folded(self._registry.values(KEY))
        return all(
            _is(here, value) for value in compiled.values if value.key == KEY and value not in but
        ) and all(
            dict(self._registry.values(f"{KEY}\\{name}")) == entries
            for name, entries in _lists(compiled).items()
        )

    def _rewrite(self, key: str, entries: Mapping[str, Data]) -> None:
        before = dict(self._registry.values(key))
        if before == entries:
            return
        past = max((int(name) for name in before if name.isascii() and name.isdecimal()), default=0)
        past = max(past, len(entries))
        # behind the old ones, then over them, then without what is too much
        for number, entry in enumerate(entries.values(), past + 1):
            self._put(key, str(number), entry)
        for name, entry in entries.items():
            self._put(key, name, entry)
        for name in self._registry.values(key):
            if name not in entries:
                self._registry.remove(key, name)

    def _put(self, key: str, name: str, data: Data) -> None:
        if data is not None:
            self._registry.put(RegistryValue(key, name, data))


def _lists(compiled: Compiled) -> dict[str, dict[str, Data]]:
    found: dict[str, dict[str, Data]] = {name: {} for name in LISTS}
    for value in compiled.values:
        if value.key != KEY:
            found[value.key.removeprefix(f"{KEY}\\")][value.name] = value.value
    return found


def _folded(values: Mapping[str, Data]) -> dict[str, Data]:
    return {name.lower(): data for name, data in values.items()}


def _is(here: Mapping[str, Data], value: RegistryValue) -> bool:
    return here.get(value.name.lower()) == value.value


def _words(error: OSError) -> str:
    return f"{type(error).__name__}: {error}"
