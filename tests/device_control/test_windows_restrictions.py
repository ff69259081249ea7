"""What is written to the registry, in which order, and that it is closed wherever that breaks off.

Nobody has run this on Windows: `is_open_for` is what its documents say of the values.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

import pytest

from madoguchi.device_control.policy import parse_rules
from madoguchi.device_control.windows import KEY, LISTS, Compiled, RegistryValue, compile_policy
from madoguchi.device_control.windows_restrictions import FLOOR, NotWritten, Registry, Restrictions
from tests.support.played_windows import PlayedWindows, played_module
from tests.support.windows_machine import MemoryRegistry, failing_at

KEYBOARD, SCANNER, PRINTER = "USB\\VID_046D&PID_C31C", "USB\\VID_0C2E&PID_0901", "USB\\VID_04B8&PID_0E15"

OLD = compile_policy(
    parse_rules(
        'allow id 046d:c31c interfaces 03:01:01 as "keyboard" because "tried"\n'
        'allow id 04b8:0e15 interfaces 07:01:02 as "printer" because "tried"\n'
        'block id 0951:1666 as "stick" because "lost"\n'
    )
)
NEW = compile_policy(
    parse_rules(
        'block id 0951:1667 as "stick" because "lost"\n'
        'block id 0951:1668 as "stick" because "lost"\n'
        'allow id 046d:c31c interfaces 03:01:01 as "keyboard" because "tried"\n'
        'allow id 0c2e:0901 serial "S1" interfaces 03:00:00 as "scanner" because "tried"\n'
    )
)
NOTHING = compile_policy(parse_rules(""))


def listed(registry: Registry, name: str) -> set[object]:
    return set(registry.values(f"{KEY}\\{name}").values())


def is_open_for(registry: Registry, device: str) -> bool:
    """Whether a new device of that ID is installed."""
    here = {name.lower(): data for name, data in registry.values(KEY).items()}

    def on(name: str) -> bool:
        return here.get(name.lower()) == 1

    if on("DenyDeviceIDs") and device in listed(registry, "DenyDeviceIDs"):
        return False
    if on("AllowDeviceIDs") and device in listed(registry, "AllowDeviceIDs"):
        return True
    if on("AllowInstanceIDs") and f"{device}\\S1" in listed(registry, "AllowInstanceIDs"):
        return True
    return on("AllowDenyLayered") or not on("DenyUnspecified")


def opens(registry: Registry) -> set[str]:
    return {each for each in (KEYBOARD, SCANNER, PRINTER, "USB\\VID_FFFF") if is_open_for(registry, each)}


class RegistryContract:
    """What holds of every registry. `registry` has nothing below `KEY`; `foreign` puts another type there."""

    def test_where_there_is_no_key_there_are_no_values(self, registry: Registry) -> None:
        assert registry.values(f"{KEY}\\AllowDeviceIDs") == {}

    def test_numbers_and_texts_are_read_back_as_they_were_written(self, registry: Registry) -> None:
        registry.put(RegistryValue(KEY, "DenyUnspecified", 1))
        registry.put(RegistryValue(f"{KEY}\\AllowDeviceIDs", "1", KEYBOARD))
        registry.put(RegistryValue(f"{KEY}\\AllowDeviceIDs", "2", ""))
        assert registry.values(KEY) == {"DenyUnspecified": 1}
        assert registry.values(f"{KEY}\\AllowDeviceIDs") == {"1": KEYBOARD, "2": ""}

    def test_a_value_is_written_over_in_capitals_or_small_letters(self, registry: Registry) -> None:
        registry.put(RegistryValue(KEY, "DenyUnspecified", 0))
        registry.put(RegistryValue(KEY.replace("SOFTWARE", "software"), "denyunspecified", 1))
        assert list(registry.values(KEY).values()) == [1]

    def test_what_is_taken_away_is_gone_and_more_than_that_is_no_fault(self, registry: Registry) -> None:
        registry.remove(KEY, "DenyUnspecified")
        registry.put(RegistryValue(KEY, "DenyUnspecified", 1))
        registry.put(RegistryValue(KEY, "AllowDenyLayered", 0))
        registry.remove(KEY, "DenyUnspecified")
        registry.remove(KEY, "DenyUnspecified")
        assert registry.values(KEY) == {"AllowDenyLayered": 0}
        registry.flush(KEY)

    def test_another_type_is_read_as_none_of_ours(
        self, registry: Registry, foreign: Callable[[str, str], None]
    ) -> None:
        registry.put(RegistryValue(KEY, "AllowDenyLayered", 0))
        foreign(KEY, "DenyUnspecified")
        assert registry.values(KEY) == {"AllowDenyLayered": 0, "DenyUnspecified": None}


class TestInMemory(RegistryContract):
    @pytest.fixture
    def registry(self) -> MemoryRegistry:
        return MemoryRegistry()

    @pytest.fixture
    def foreign(self, registry: MemoryRegistry) -> Callable[[str, str], None]:
        return registry.put_foreign


class TestOfWindowsPlayed(RegistryContract):
    """The code that calls Windows, on functions that are played (`tests.support.played_windows`)."""

    @pytest.fixture
    def windows(self) -> PlayedWindows:
        return PlayedWindows()

    @pytest.fixture
    def registry(self, windows: PlayedWindows) -> Registry:
        return played_module("windows_registry", windows).WindowsRegistry()  # type: ignore[no-any-return]

    @pytest.fixture
    def foreign(self, windows: PlayedWindows) -> Callable[[str, str], None]:
        def put(key: str, name: str) -> None:
            winreg = windows.registry
            access = winreg.KEY_SET_VALUE | winreg.KEY_WOW64_64KEY
            path = key.partition("\\")[2]
            with winreg.OpenKeyEx(winreg.HKEY_LOCAL_MACHINE, path, 0, access) as opened:
                winreg.SetValueEx(opened, name, 0, winreg.REG_MULTI_SZ, ["1"])

        return put

    def test_a_whole_policy_stands(self, registry: Registry) -> None:
        restrictions = Restrictions(registry)
        for compiled in (OLD, NEW):
            restrictions.write(compiled)
            assert restrictions.stands(compiled)


if sys.platform == "win32":
    import winreg

    from madoguchi.device_control.windows_registry import WindowsRegistry

    class TestOfWindows(RegistryContract):
        """Never run. For a machine to throw away, as an administrator: the restrictions are taken off."""

        @pytest.fixture
        def registry(self) -> Iterator[WindowsRegistry]:
            self._empty()
            yield WindowsRegistry()
            self._empty()

        @pytest.fixture
        def foreign(self) -> Callable[[str, str], None]:
            def put(key: str, name: str) -> None:
                path = key.partition("\\")[2]
                with winreg.CreateKeyEx(winreg.HKEY_LOCAL_MACHINE, path, 0, winreg.KEY_SET_VALUE) as opened:
                    winreg.SetValueEx(opened, name, 0, winreg.REG_MULTI_SZ, ["1"])

            return put

        @staticmethod
        def _empty() -> None:
            for key in (*(f"{KEY}\\{name}" for name in LISTS), KEY):
                try:
                    winreg.DeleteKey(winreg.HKEY_LOCAL_MACHINE, key.partition("\\")[2])
                except FileNotFoundError:
                    continue


@pytest.fixture
def registry() -> MemoryRegistry:
    return MemoryRegistry()


def test_a_policy_stands_as_it_was_compiled(registry: MemoryRegistry) -> None:
    restrictions = Restrictions(registry)
    for compiled in (OLD, NEW, NOTHING, OLD):
        restrictions.write(compiled)
        assert restrictions.stands(compiled)
        there = {
            RegistryValue(key, name, data)
            for key in (KEY, *(f"{KEY}\\{each}" for each in LISTS))
            for name, data in registry.values(key).items()
        }
        assert there == set(compiled.values)
    assert opens(registry) == {KEYBOARD, PRINTER}


def test_the_floor_alone_opens_nothing_new(registry: MemoryRegistry) -> None:
    restrictions = Restrictions(registry)
    assert opens(registry) == {KEYBOARD, SCANNER, PRINTER, "USB\\VID_FFFF"}
    assert not restrictions.is_closed()
    restrictions.close()
    assert restrictions.is_closed()
    assert opens(registry) == set()


def test_what_goes_before_the_restrictions_is_turned_off(registry: MemoryRegistry) -> None:
    registry.put(RegistryValue(KEY, "allowdenylayered", 1))
    registry.put(RegistryValue(KEY, "AllowAdminInstall", 1))
    registry.put(RegistryValue(KEY, "AllowDeviceClasses", 1))
    registry.put(RegistryValue(f"{KEY}\\AllowDeviceClasses", "1", "{36fc9e60-c465-11cf-8056-444553540000}"))
    registry.put(RegistryValue(f"{KEY}\\AllowDeviceIDs", "by hand", KEYBOARD))
    Restrictions(registry).write(NOTHING)
    assert Restrictions(registry).stands(NOTHING)
    assert listed(registry, "AllowDeviceClasses") == set()
    assert registry.values(f"{KEY}\\AllowDeviceIDs").keys().isdisjoint({"by hand"})
    assert opens(registry) == set()


@pytest.mark.parametrize("times", [1, 10_000], ids=["once", "for good"])
def test_wherever_it_breaks_off_it_is_no_more_open_and_in_the_middle_closed(times: int) -> None:
    # the switches by which it opens are the last; each write ends with a flush
    switches = 2 + sum(value.name.startswith("Allow") for value in NEW.values if value.key == KEY)
    found: list[tuple[set[str], bool, bool]] = []
    while True:
        registry = MemoryRegistry()
        restrictions = Restrictions(registry)
        restrictions.write(OLD)
        failing_at(registry, len(found), times=times)
        try:
            restrictions.write(NEW)
        except NotWritten as error:
            found.append((opens(registry), error.is_closed, restrictions.is_closed()))
        else:
            break
    # each change was once the one that went wrong
    assert len(found) > len(NEW.values)
    middle = found[len(FLOOR) : -switches]
    assert len(middle) > len(NEW.values) // 2
    assert all(which == (set(), True, True) for which in middle)
    assert all(opened <= {KEYBOARD, PRINTER} for opened, _, _ in found[: len(FLOOR)])
    assert all(opened <= {KEYBOARD, SCANNER} for opened, _, _ in found[-switches:])
    # broken off among the switches they are turned off again, if that can be written
    assert all(which == (set(), True, True) for which in found[-switches:]) or times > 1
    assert all(said == is_closed for _, said, is_closed in found)
    assert opens(registry) == {KEYBOARD, SCANNER}


def test_at_no_moment_is_it_more_open_than_before_or_after(registry: MemoryRegistry) -> None:
    restrictions = Restrictions(registry)
    restrictions.write(OLD)
    allowed: list[set[str]] = []
    denied: list[set[object]] = []

    def look() -> None:
        allowed.append(opens(registry))
        denied.append(listed(registry, "DenyDeviceIDs"))

    old = listed(registry, "DenyDeviceIDs")
    registry.after = look
    restrictions.write(NEW)
    new = listed(registry, "DenyDeviceIDs")
    # nothing by halves: what was open, then nothing, then what is to be open
    assert all(each <= {KEYBOARD, PRINTER} or each <= {KEYBOARD, SCANNER} for each in allowed)
    closed = [number for number, each in enumerate(allowed) if not each]
    assert closed == list(range(closed[0], closed[-1] + 1))
    # what is installed already is closed by the list of what is denied, which is whole at each moment
    assert old - new
    assert new - old
    assert all(each >= old or each >= new for each in denied)


def test_what_is_read_back_as_something_else_is_closed(registry: MemoryRegistry) -> None:
    restrictions = Restrictions(registry)
    put = registry.put

    def spoils(value: RegistryValue) -> None:
        put(value if value.value != SCANNER else RegistryValue(value.key, value.name, "USB"))

    registry.put = spoils  # type: ignore[method-assign]
    with_scanner = compile_policy(parse_rules('allow id 0c2e:0901 interfaces 03:00:00 as "x" because "x"\n'))
    with pytest.raises(NotWritten, match="read back") as failed:
        restrictions.write(with_scanner)
    assert failed.value.is_closed
    assert opens(registry) == set()


@pytest.mark.parametrize("change", ["switch", "entry", "missing", "type"])
def test_a_change_by_another_program_is_seen(registry: MemoryRegistry, change: str) -> None:
    restrictions = Restrictions(registry)
    restrictions.write(OLD)
    if change == "switch":
        registry.put(RegistryValue(KEY, "DenyUnspecified", 0))
    elif change == "entry":
        registry.put(RegistryValue(f"{KEY}\\AllowDeviceIDs", "99", "USB\\VID_FFFF"))
    elif change == "missing":
        registry.remove(f"{KEY}\\DenyDeviceIDs", "1")
    else:
        registry.put_foreign(KEY, "AllowDeviceIDs")
    assert not restrictions.stands(OLD)
    restrictions.write(OLD)
    assert restrictions.stands(OLD)


def test_a_policy_of_nothing_is_written_too(registry: MemoryRegistry) -> None:
    empty = Compiled(tuple(FLOOR), ())
    Restrictions(registry).write(empty)
    assert opens(registry) == set()
