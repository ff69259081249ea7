"""A named pipe of Windows, both ends of it. **Never run on Windows**: made from documents.

Everything is overlapped: reading and writing over one handle would else wait for each other. The calls are
those of `_winapi`, the module by which Python's own `multiprocessing` uses named pipes; it is not documented,
and it is in every Python for Windows since 3.3. Events and accounts are by `ctypes`.

Sources: "Named Pipes", `CreateNamedPipe`, `ConnectNamedPipe`, "Synchronous and Overlapped Input and Output".
"""

from __future__ import annotations

import sys

if sys.platform == "win32":
    import _winapi
    import ctypes
    import logging
    from contextlib import suppress
    from ctypes import wintypes
    from threading import Lock
    from typing import Final

    from madoguchi.device_control.channel import MOST_CLIENTS, PIPE
    from madoguchi.device_control.windows_accounts import Security, owner_of, peer_of
    from madoguchi.device_control.windows_serving import CLIENT_RIGHTS, OWNERS, Peer, Pipe, PipeEnd

    _log = logging.getLogger(__name__)

    _kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)
    _kernel32.CreateEventW.restype = wintypes.HANDLE
    _kernel32.CreateEventW.argtypes = (ctypes.c_void_p, wintypes.BOOL, wintypes.BOOL, wintypes.LPCWSTR)
    _kernel32.SetEvent.restype = wintypes.BOOL
    _kernel32.SetEvent.argtypes = (wintypes.HANDLE,)
    _kernel32.ResetEvent.restype = wintypes.BOOL
    _kernel32.ResetEvent.argtypes = (wintypes.HANDLE,)

    _ERROR_IO_INCOMPLETE: Final = 996
    _PIPE_REJECT_REMOTE_CLIENTS: Final = 0x8
    _SECURITY_SQOS_PRESENT: Final = 0x00100000
    _SECURITY_IDENTIFICATION: Final = 0x00010000
    _BUFFER_BYTES: Final = 65536
    _MOST_INSTANCES: Final = MOST_CLIENTS + 2
    """The window's, an administrator's, and the one that listens."""
    _BUSY_MILLISECONDS: Final = 1000

    class _Event:
        """Something that is waited for beside a pipe; set from any thread."""

        def __init__(self) -> None:
            handle = _kernel32.CreateEventW(None, True, False, None)
            if not handle:
                raise ctypes.WinError(ctypes.get_last_error())
            self.handle: int = handle

        def set(self) -> None:
            _kernel32.SetEvent(self.handle)

        def reset(self) -> None:
            _kernel32.ResetEvent(self.handle)

        def close(self) -> None:
            _winapi.CloseHandle(self.handle)

    def _end(operation: _winapi.Overlapped | None) -> None:
        """Has Windows let go of an operation's memory before its handle is closed."""
        if operation is not None:
            with suppress(OSError):
                operation.cancel()
                operation.GetOverlappedResult(True)

    def _is_over(error: OSError) -> bool:
        return error.winerror in (_winapi.ERROR_BROKEN_PIPE, _winapi.ERROR_NO_DATA)

    # -- the agent's ---------------------------------------------------------------------------------------

    class _AgentEnd(PipeEnd):
        def __init__(self, handle: int, left: set[_AgentEnd]) -> None:
            self._handle, self._left = handle, left
            self._reading: _winapi.Overlapped | None = None
            self._writing: _winapi.Overlapped | None = None
            self._fault: OSError | None = None
            self._has_ended = False
            self._left.add(self)

        def recv(self, size: int, /) -> bytes:
            """See `PipeEnd`; `size` is no less than what it reads at a time."""
            self._read_on()
            self._raise_fault()
            if self._reading is None:
                return b""
            try:
                _, error = self._reading.GetOverlappedResult(False)
            except OSError as gone:
                self._reading, self._has_ended = None, True
                if _is_over(gone):
                    return b""
                raise
            if error == _ERROR_IO_INCOMPLETE:
                raise BlockingIOError
            came = self._reading.getbuffer() or b""
            # the next one is not read before it was asked who wrote this
            self._reading = None
            return came

        def send(self, data: bytearray, /) -> int:
            """See `PipeEnd`."""
            self._settle()
            self._raise_fault()
            if self._writing is not None:
                raise BlockingIOError
            piece = bytes(data[:_BUFFER_BYTES])
            self._writing, _ = _winapi.WriteFile(self._handle, piece, overlapped=True)
            return len(piece)

        def peer(self) -> Peer:
            """See `PipeEnd`."""
            return peer_of(self._handle)

        def fileno(self) -> int:
            """See `PipeEnd`."""
            return self._handle

        def close(self) -> None:
            """See `PipeEnd`."""
            _end(self._reading)
            _end(self._writing)
            self._reading = self._writing = None
            self._left.discard(self)
            _winapi.CloseHandle(self._handle)

        def events(self) -> list[int] | None:
            """What is under way, to be waited for; None: the next call has something to say already."""
            self._settle()
            self._read_on()
            if self._fault is not None or self._reading is None:
                return None
            return [each.event for each in (self._reading, self._writing) if each is not None]

        def _settle(self) -> None:
            """Looks whether what was written is sent; what went wrong is said at the next call."""
            if self._writing is None:
                return
            try:
                _, error = self._writing.GetOverlappedResult(False)
            except OSError as gone:
                self._writing, self._fault = None, gone
                return
            if error != _ERROR_IO_INCOMPLETE:
                self._writing = None

        def _read_on(self) -> None:
            if self._reading is not None or self._has_ended:
                return
            try:
                self._reading, _ = _winapi.ReadFile(self._handle, _BUFFER_BYTES, overlapped=True)
            except OSError as gone:
                self._has_ended = True
                if not _is_over(gone):
                    self._fault = gone

        def _raise_fault(self) -> None:
            if self._fault is not None:
                raise self._fault

    class NamedPipe(Pipe):
        """The agent's side of the pipe."""

        def __init__(self, name: str = PIPE) -> None:
            self._name = name
            self._woken = _Event()
            self._descriptor = ""
            self._listening: int | None = None
            self._connecting: _winapi.Overlapped | None = None
            self._ends: set[_AgentEnd] = set()

        def listen(self, descriptor: str) -> None:
            """See `Pipe`."""
            self._descriptor = descriptor
            if self._listening is not None:
                return
            mode = _winapi.PIPE_ACCESS_DUPLEX | _winapi.FILE_FLAG_OVERLAPPED
            if not self._ends:
                # whoever made one of this name before is found out
                mode |= _winapi.FILE_FLAG_FIRST_PIPE_INSTANCE
            security = Security(descriptor)
            try:
                handle = _winapi.CreateNamedPipe(
                    self._name,
                    mode,
                    _winapi.PIPE_WAIT | _PIPE_REJECT_REMOTE_CLIENTS,
                    _MOST_INSTANCES,
                    _BUFFER_BYTES,
                    _BUFFER_BYTES,
                    0,
                    security.address,
                )
            finally:
                security.free()
            try:
                self._connecting = _winapi.ConnectNamedPipe(handle, overlapped=True)
            except OSError:
                _winapi.CloseHandle(handle)
                raise
            self._listening = handle

        def accept(self) -> PipeEnd:
            """See `Pipe`."""
            handle, connecting = self._listening, self._connecting
            if handle is None or connecting is None:
                raise BlockingIOError
            try:
                _, error = connecting.GetOverlappedResult(False)
            except OSError:
                # it was opened and closed at once
                self._listening = self._connecting = None
                _winapi.CloseHandle(handle)
                self.listen(self._descriptor)
                raise BlockingIOError from None
            if error == _ERROR_IO_INCOMPLETE:
                raise BlockingIOError
            self._listening = self._connecting = None
            end = _AgentEnd(handle, self._ends)
            try:
                self.listen(self._descriptor)
            except OSError as error_of_next:
                # the agent listens again in a second
                _log.error("nobody more can talk to the agent: %s", error_of_next)
            return end

        def wait(self, seconds: float) -> None:
            """See `Pipe`."""
            waited = [self._woken.handle]
            if self._connecting is not None:
                waited.append(self._connecting.event)
            for end in self._ends:
                events = end.events()
                if events is None:
                    return
                waited += events
            with suppress(InterruptedError):
                _winapi.WaitForMultipleObjects(waited, False, int(seconds * 1000))
            self._woken.reset()

        def wake(self) -> None:
            """See `Pipe`."""
            self._woken.set()

        def close(self) -> None:
            """See `Pipe`."""
            _end(self._connecting)
            if self._listening is not None:
                _winapi.CloseHandle(self._listening)
            self._listening = self._connecting = None

    # -- the window's --------------------------------------------------------------------------------------

    class PipeConnection:
        """The window's end. See `connection.Connection`."""

        def __init__(self, name: str, seconds: float) -> None:
            """Connects. Raises OSError: there is no such pipe, or it is not the agent's."""
            self._milliseconds = int(seconds * 1000)
            self._handle = self._open(name)
            self._closing = Lock()
            self._sending = Lock()
            self._is_closed = False
            try:
                if owner_of(self._handle) not in OWNERS:
                    raise PermissionError("a pipe of that name is somebody else's")
                self._hung_up = _Event()
            except OSError:
                _winapi.CloseHandle(self._handle)
                raise

        @staticmethod
        def _open(name: str) -> int:
            # the agent may learn who we are, and not act for us
            flags = _winapi.FILE_FLAG_OVERLAPPED | _SECURITY_SQOS_PRESENT | _SECURITY_IDENTIFICATION

            def opened() -> int:
                return _winapi.CreateFile(name, CLIENT_RIGHTS, 0, 0, _winapi.OPEN_EXISTING, flags, 0)

            try:
                return opened()
            except OSError as error:
                if error.winerror != _winapi.ERROR_PIPE_BUSY:
                    raise
            _winapi.WaitNamedPipe(name, _BUSY_MILLISECONDS)
            return opened()

        def send(self, data: bytes, /) -> None:
            """See `connection.Connection`."""
            with self._sending:
                if self._is_closed:
                    raise OSError("closed")
                operation, _ = _winapi.WriteFile(self._handle, data, overlapped=True)
                sent, _ = self._result(operation)
                if sent != len(data):
                    raise OSError("not all was sent")

        def receive(self) -> bytes:
            """See `connection.Connection`."""
            try:
                operation, _ = _winapi.ReadFile(self._handle, _BUFFER_BYTES, overlapped=True)
                _, is_whole = self._result(operation)
            except TimeoutError:
                raise
            except OSError as error:
                if _is_over(error):
                    return b""
                raise
            return (operation.getbuffer() or b"") if is_whole else b""

        def hang_up(self) -> None:
            """See `connection.Connection`."""
            with self._closing:
                if not self._is_closed:
                    self._hung_up.set()

        def close(self) -> None:
            """See `connection.Connection`."""
            self.hang_up()
            # whoever sends comes back first: the handle's number may be given anew at once
            with self._sending, self._closing:
                if not self._is_closed:
                    self._is_closed = True
                    _winapi.CloseHandle(self._handle)
                    self._hung_up.close()

        def _result(self, operation: _winapi.Overlapped) -> tuple[int, bool]:
            """How many bytes, and whether it was done; not, if it was hung up. Raises OSError."""
            waited = [self._hung_up.handle, operation.event]
            came = _winapi.WaitForMultipleObjects(waited, False, self._milliseconds)
            if came != _winapi.WAIT_OBJECT_0 + 1:
                operation.cancel()
            transferred, error = operation.GetOverlappedResult(True)
            if came == _winapi.WAIT_OBJECT_0:
                return transferred, False
            if error == _winapi.ERROR_OPERATION_ABORTED:
                raise TimeoutError
            return transferred, True
