"""The administrator's command of a terminal, `madoguchi-usb`, and what systemd runs as the agent."""

from __future__ import annotations

import sys
from collections.abc import Sequence

_USAGE = """madoguchi-usb install …      puts the agent on this terminal (--help)
madoguchi-usb uninstall …    takes it off again (--help)
madoguchi-usb check          says whether this terminal is protected; 0: it is
madoguchi-usb status         the agent's state, and every device
madoguchi-usb watch          tells what is decided, as it happens, until Ctrl-C
madoguchi-usb policy FILE    hands a signed policy to the agent
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command; 0: done, 1: not done or not well, 2: not understood."""
    command, *rest = list(sys.argv[1:] if arguments is None else arguments) or [""]
    if command == "agent" and not rest:
        if sys.platform == "win32":
            from madoguchi.device_control import windows_agent

            return windows_agent.main()
        else:
            from madoguchi.device_control import agent

            return agent.main()
    if sys.platform == "win32":
        if command in ("install", "uninstall", "check"):
            sys.stderr.write("not on Windows: see docs/device-control.md\n")
            return 2
    elif command == "install":
        from madoguchi.device_control import install

        return install.main(rest)
    elif command == "uninstall":
        from madoguchi.device_control import uninstall

        return uninstall.main(rest)
    from madoguchi.device_control import commands

    try:
        if command in ("check", "status", "watch") and not rest:
            return {"check": commands.check, "status": commands.status, "watch": commands.watch}[command]()
        if command == "policy" and len(rest) == 1:
            return commands.policy(rest[0])
    except BrokenPipeError:
        return 1
    sys.stderr.write(_USAGE)
    return 2


if __name__ == "__main__":
    sys.exit(main())
