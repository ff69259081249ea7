"""Accounts, tokens, security descriptors, by `ctypes`. **Never run on Windows**: made from documents.

Sources: `ConvertStringSecurityDescriptorToSecurityDescriptor`, `LookupAccountName`, `GetSecurityInfo`,
`ImpersonateNamedPipeClient`, `OpenThreadToken`, `CheckTokenMembership`, `RevertToSelf`.
"""

from __future__ import annotations

import sys

if sys.platform == "win32":
    import ctypes
    import os
    from ctypes import wintypes
    from typing import Final

    from madoguchi.device_control.windows_serving import ADMINISTRATORS, Peer

    _advapi32 = ctypes.WinDLL("advapi32", use_last_error=True)
    _kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)

    _POINTER: Final = ctypes.c_void_p
    _TO_POINTER: Final = ctypes.POINTER(ctypes.c_void_p)
    _TO_DWORD: Final = ctypes.POINTER(wintypes.DWORD)

    _REVISION: Final = 1
    _TOKEN_QUERY: Final = 0x0008
    _TOKEN_USER: Final = 1
    _KERNEL_OBJECT: Final = 6
    _OWNER: Final = 0x00000001
    _SID_BYTES: Final = 68
    _NAME_CHARACTERS: Final = 256
    _SID_OF_A_USER: Final = 1

    # what is not said here ctypes takes for an int of 32 bits, which no handle or pointer is
    for _function, _result, _arguments in (
        (
            _advapi32.ConvertStringSecurityDescriptorToSecurityDescriptorW,
            wintypes.BOOL,
            (wintypes.LPCWSTR, wintypes.DWORD, _TO_POINTER, _POINTER),
        ),
        (_advapi32.ConvertSidToStringSidW, wintypes.BOOL, (_POINTER, ctypes.POINTER(wintypes.LPWSTR))),
        (_advapi32.ConvertStringSidToSidW, wintypes.BOOL, (wintypes.LPCWSTR, _TO_POINTER)),
        (
            _advapi32.LookupAccountNameW,
            wintypes.BOOL,
            (
                wintypes.LPCWSTR,
                wintypes.LPCWSTR,
                _POINTER,
                _TO_DWORD,
                wintypes.LPWSTR,
                _TO_DWORD,
                ctypes.POINTER(ctypes.c_int),
            ),
        ),
        (
            _advapi32.GetSecurityInfo,
            wintypes.DWORD,
            (
                wintypes.HANDLE,
                ctypes.c_int,
                wintypes.DWORD,
                _TO_POINTER,
                _TO_POINTER,
                _TO_POINTER,
                _TO_POINTER,
                _TO_POINTER,
            ),
        ),
        (_advapi32.ImpersonateNamedPipeClient, wintypes.BOOL, (wintypes.HANDLE,)),
        (_advapi32.RevertToSelf, wintypes.BOOL, ()),
        (
            _advapi32.OpenThreadToken,
            wintypes.BOOL,
            (wintypes.HANDLE, wintypes.DWORD, wintypes.BOOL, ctypes.POINTER(wintypes.HANDLE)),
        ),
        (
            _advapi32.GetTokenInformation,
            wintypes.BOOL,
            (wintypes.HANDLE, ctypes.c_int, _POINTER, wintypes.DWORD, _TO_DWORD),
        ),
        (
            _advapi32.CheckTokenMembership,
            wintypes.BOOL,
            (wintypes.HANDLE, _POINTER, ctypes.POINTER(wintypes.BOOL)),
        ),
        (_kernel32.GetCurrentThread, wintypes.HANDLE, ()),
        (_kernel32.CloseHandle, wintypes.BOOL, (wintypes.HANDLE,)),
        (_kernel32.LocalFree, _POINTER, (_POINTER,)),
    ):
        _function.restype, _function.argtypes = _result, _arguments

    class _SecurityAttributes(ctypes.Structure):
        _fields_ = (
            ("length", wintypes.DWORD),
            ("descriptor", ctypes.c_void_p),
            ("is_inherited", wintypes.BOOL),
        )

    class Security:
        """A security descriptor in memory, as `CreateNamedPipe` takes it; kept as long as this is."""

        def __init__(self, descriptor: str) -> None:
            """Makes it of SDDL. Raises OSError."""
            made = ctypes.c_void_p()
            _check(
                _advapi32.ConvertStringSecurityDescriptorToSecurityDescriptorW(
                    descriptor, _REVISION, ctypes.byref(made), None
                )
            )
            self._made = made
            self._attributes = _SecurityAttributes(ctypes.sizeof(_SecurityAttributes), made, False)

        @property
        def address(self) -> int:
            """Where its SECURITY_ATTRIBUTES are."""
            return ctypes.addressof(self._attributes)

        def free(self) -> None:
            """Gives the memory back."""
            _kernel32.LocalFree(self._made)
            self._made = ctypes.c_void_p()

    def sid_of(account: str) -> str | None:
        """The SID of a user by name; None: there is none, it is no user's, or it cannot be found out."""
        sid = ctypes.create_string_buffer(_SID_BYTES)
        domain = ctypes.create_unicode_buffer(_NAME_CHARACTERS)
        sid_size, domain_size = wintypes.DWORD(_SID_BYTES), wintypes.DWORD(_NAME_CHARACTERS)
        use = ctypes.c_int()
        found = _advapi32.LookupAccountNameW(
            None,
            account,
            sid,
            ctypes.byref(sid_size),
            domain,
            ctypes.byref(domain_size),
            ctypes.byref(use),
        )
        # a group or a domain may have that name, too
        if not found or use.value != _SID_OF_A_USER:
            return None
        return _sid_text(ctypes.cast(sid, ctypes.c_void_p))

    def owner_of(handle: int) -> str:
        """The SID of whose a pipe is, by a handle that has READ_CONTROL. Raises OSError."""
        owner, descriptor = ctypes.c_void_p(), ctypes.c_void_p()
        error = _advapi32.GetSecurityInfo(
            handle,
            _KERNEL_OBJECT,
            _OWNER,
            ctypes.byref(owner),
            None,
            None,
            None,
            ctypes.byref(descriptor),
        )
        if error:
            raise ctypes.WinError(error)
        try:
            return _sid_text(owner)
        finally:
            _kernel32.LocalFree(descriptor)

    def peer_of(pipe: int) -> Peer:
        """Who wrote what was read last from a pipe, at the agent's end. Raises OSError."""
        token = _client_token(pipe)
        try:
            return Peer(_user(token), _is_member(token, ADMINISTRATORS))
        finally:
            _kernel32.CloseHandle(token)

    def _client_token(pipe: int) -> wintypes.HANDLE:
        token = wintypes.HANDLE()
        _check(_advapi32.ImpersonateNamedPipeClient(pipe))
        try:
            # as the agent itself: the client may let itself be named and no more
            _check(
                _advapi32.OpenThreadToken(
                    _kernel32.GetCurrentThread(), _TOKEN_QUERY, True, ctypes.byref(token)
                )
            )
        finally:
            if not _advapi32.RevertToSelf():
                # this thread would go on as the client; Windows' document says to end the process
                os._exit(3)
        return token

    def _user(token: wintypes.HANDLE) -> str:
        size = wintypes.DWORD()
        # fails by design: it says how much room it needs
        _advapi32.GetTokenInformation(token, _TOKEN_USER, None, 0, ctypes.byref(size))
        room = ctypes.create_string_buffer(max(size.value, 1))
        _check(_advapi32.GetTokenInformation(token, _TOKEN_USER, room, size, ctypes.byref(size)))
        # TOKEN_USER begins with the pointer to the SID, which is behind it in the same room
        return _sid_text(ctypes.cast(room, ctypes.POINTER(ctypes.c_void_p)).contents)

    def _is_member(token: wintypes.HANDLE, group: str) -> bool:
        sid, is_member = ctypes.c_void_p(), wintypes.BOOL()
        _check(_advapi32.ConvertStringSidToSidW(group, ctypes.byref(sid)))
        try:
            _check(_advapi32.CheckTokenMembership(token, sid, ctypes.byref(is_member)))
        finally:
            _kernel32.LocalFree(sid)
        return bool(is_member)

    def _sid_text(sid: ctypes.c_void_p) -> str:
        text = wintypes.LPWSTR()
        _check(_advapi32.ConvertSidToStringSidW(sid, ctypes.byref(text)))
        try:
            return text.value or ""
        finally:
            _kernel32.LocalFree(ctypes.cast(text, ctypes.c_void_p))

    def _check(done: int) -> None:
        if not done:
            raise ctypes.WinError(ctypes.get_last_error())
