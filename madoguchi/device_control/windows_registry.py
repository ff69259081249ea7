"""The registry of this machine, by `winreg`. **Never run on Windows**: made from documents.

The 64-bit view is named on purpose: a 32-bit Python would be shown another key of the same name.
"""

from __future__ import annotations

import sys

if sys.platform == "win32":
    import winreg
    from typing import Final

    from madoguchi.device_control.windows import RegistryValue
    from madoguchi.device_control.windows_restrictions import Data

    _ROOT: Final = "HKEY_LOCAL_MACHINE\\"

    class WindowsRegistry:
        """HKEY_LOCAL_MACHINE. See `windows_restrictions.Registry`."""

        def values(self, key: str) -> dict[str, Data]:
            """The values of a key, by name; none where there is no such key. Raises OSError."""
            found: dict[str, Data] = {}
            try:
                with self._open(key, winreg.KEY_READ) as opened:
                    for number in range(winreg.QueryInfoKey(opened)[1]):
                        name, data, kind = winreg.EnumValue(opened, number)
                        is_ours = (kind, type(data)) in ((winreg.REG_DWORD, int), (winreg.REG_SZ, str))
                        found[name] = data if is_ours else None
            except FileNotFoundError:
                return {}
            return found

        def put(self, value: RegistryValue) -> None:
            """Writes a value, and makes its key if there is none. Raises OSError: it is as it was."""
            access = winreg.KEY_SET_VALUE | winreg.KEY_CREATE_SUB_KEY | winreg.KEY_WOW64_64KEY
            path = value.key.removeprefix(_ROOT)
            with winreg.CreateKeyEx(winreg.HKEY_LOCAL_MACHINE, path, 0, access) as opened:
                if isinstance(value.value, int):
                    winreg.SetValueEx(opened, value.name, 0, winreg.REG_DWORD, value.value)
                else:
                    winreg.SetValueEx(opened, value.name, 0, winreg.REG_SZ, value.value)

        def remove(self, key: str, name: str) -> None:
            """Takes a value away, if it is there. Raises OSError."""
            try:
                with self._open(key, winreg.KEY_SET_VALUE) as opened:
                    winreg.DeleteValue(opened, name)
            except FileNotFoundError:
                return

        def flush(self, key: str) -> None:
            """Returns when the key is on the disk. Raises OSError."""
            with self._open(key, winreg.KEY_READ | winreg.KEY_SET_VALUE) as opened:
                winreg.FlushKey(opened)

        @staticmethod
        def _open(key: str, access: int) -> winreg.HKEYType:
            path = key.removeprefix(_ROOT)
            return winreg.OpenKeyEx(winreg.HKEY_LOCAL_MACHINE, path, 0, access | winreg.KEY_WOW64_64KEY)
