#!/usr/bin/env bash
# run.sh [ARGUMENTS]: start the program, at the display if there is one, and as a scripted tour if there is none.
# A subcommand of the program, or a question to it (--help, --version), is passed on as it is.
set -euo pipefail
cd "$(dirname "$0")/.."

installer/setup.sh run

case ${1:-} in
    -h | --help | --version | [!-]*) exec .venv/bin/madoguchi "$@" ;;
esac

if [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    echo "No display here: showing the tour instead."
    exec .venv/bin/madoguchi tour "$@"
fi

# Only Qt itself knows whether the display can be opened: a stale DISPLAY makes it abort.
if ! said=$(.venv/bin/python -c 'from PySide6.QtGui import QGuiApplication; QGuiApplication([])' 2>&1); then
    echo "The display ${DISPLAY:-$WAYLAND_DISPLAY} could not be opened: showing the tour instead. Qt says:"
    grep -m 1 . <<<"$said" | sed 's/^/  /'
    exec .venv/bin/madoguchi tour "$@"
fi
exec .venv/bin/madoguchi "$@"
