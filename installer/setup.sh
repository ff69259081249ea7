#!/usr/bin/env bash
# setup.sh [run|test]: make this machine ready to run the program, or to run its tests.
#
# What is missing of installer/needs.txt is installed with apt when we are root or sudo asks no password;
# otherwise one message names it. Then .venv gets the locked dependencies. Does nothing twice.
set -euo pipefail
cd "$(dirname "$0")/.."

purpose=${1:-run}
case $purpose in run | test) ;; *) echo "usage: $0 [run|test]" >&2 && exit 2 ;; esac

oldest_python=11 # the minor version: 3.11
oldest_server=15
test_account=madoguchi-test # tests/support/account.py knows it too
python=.venv/bin/python

say() { printf 'setup: %s\n' "$*"; }

fail() {
    printf '\nsetup: %s\n' "$1" >&2
    shift
    [ $# -eq 0 ] || printf '  %s\n' "$@" >&2
    exit 1
}

# -- what the machine lacks ----------------------------------------------------------------------------------

has_server() {
    local bin version
    for bin in /usr/lib/postgresql/*/bin "$(pg_config --bindir 2>/dev/null || true)"; do
        [ -x "$bin/postgres" ] || continue
        version=$("$bin/postgres" --version | sed -E 's/.*\) ([0-9]+).*/\1/')
        [ "$version" -lt "$oldest_server" ] || return 0
    done
    return 1
}

has() { # kind name
    case $1 in
        lib) grep -q "^[[:space:]]*${2//./\\.} " <<<"$libraries" ;;
        command) command -v "$2" >/dev/null ;;
        driver) command -v odbcinst >/dev/null && odbcinst -q -d -n "${2//_/ }" >/dev/null 2>&1 ;;
        server) has_server ;;
        file) compgen -G "$2" >/dev/null ;;
        *) fail "installer/needs.txt: unknown kind '$1'" ;;
    esac
}

find_python() { # the version the locks were made with comes first
    local name
    for name in python3.11 python3 python3.12 python3.13; do
        if command -v "$name" >/dev/null \
            && "$name" -c "import sys; sys.exit(sys.version_info < (3, $oldest_python))" 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
}

venv_works() { # and has not been moved here from elsewhere, which its programs would not survive
    "$python" - <<EOF 2>/dev/null && head -n 2 .venv/bin/pip | grep -qF "$(pwd -P)/.venv/"
import importlib.util, sys
sys.exit(sys.version_info < (3, $oldest_python) or importlib.util.find_spec("pip") is None)
EOF
}

find_missing() { # sets missing_names and missing_packages
    local wanted kind name package seen=' '
    missing_names=() missing_packages=()
    libraries=$(/sbin/ldconfig -p 2>/dev/null || true)
    while read -r wanted kind name package; do
        case $wanted in '' | '#'*) continue ;; test) [ "$purpose" = test ] || continue ;; esac
        has "$kind" "$name" && continue
        missing_names+=("${name//_/ }")
        case $seen in *" $package "*) ;; *) missing_packages+=("$package") seen="$seen$package " ;; esac
    done <installer/needs.txt
    if ! venv_works && ! "${system_python:-python3}" -c 'import ensurepip, venv' 2>/dev/null; then
        missing_names+=("Python's venv module")
        missing_packages+=(python3-venv)
    fi
}

# -- installing it -------------------------------------------------------------------------------------------

apt() { # apt-get as root, asking nothing
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 "$@" </dev/null
}

install_packages() {
    local cluster_conf=/etc/postgresql-common/createcluster.conf log no_cluster=false
    log=$(mktemp)
    # The tests start servers of their own; the machine is not to get one that runs all day.
    if [[ " ${missing_packages[*]} " == *" postgresql "* && ! -e $cluster_conf ]]; then
        no_cluster=true
        $sudo mkdir -p "${cluster_conf%/*}"
        echo 'create_main_cluster = false' | $sudo tee "$cluster_conf" >/dev/null
    fi
    say "installing ${#missing_packages[@]} system packages with apt: ${missing_packages[*]}"
    # The machine's package lists may be absent or too old to find what they name.
    if ! apt install --no-install-recommends "${missing_packages[@]}" -y >"$log" 2>&1; then
        { apt update && apt install --no-install-recommends "${missing_packages[@]}" -y; } >>"$log" 2>&1 || {
            tail -n 20 "$log" >&2
            fail "apt could not install them (the whole output is in $log)"
        }
    fi
    rm -f "$log"
    if $no_cluster; then
        $sudo cp /usr/share/postgresql-common/createcluster.conf "$cluster_conf"
    fi
}

system_python=$(find_python)
find_missing
if [ ${#missing_packages[@]} -gt 0 ]; then
    sudo=
    if [ "$(id -u)" -ne 0 ]; then
        if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then sudo='sudo -n'; else sudo=none; fi
    fi
    if ! command -v apt-get >/dev/null; then
        fail "this is not Debian or Ubuntu; please install what brings these, then try again:" "${missing_names[@]}"
    elif [ "$sudo" = none ]; then
        fail "some system packages are missing. Please have them installed, then try again:" \
            "apt-get install --no-install-recommends ${missing_packages[*]}"
    fi
    install_packages
    find_missing
    [ ${#missing_names[@]} -eq 0 ] || fail "installed, and yet not there:" "${missing_names[@]}"
fi

# PostgreSQL refuses to run as root: the tests start it under this account.
if [ "$purpose" = test ] && [ "$(id -u)" -eq 0 ] && ! getent passwd "$test_account" >/dev/null; then
    /usr/sbin/useradd --system --user-group --no-create-home --home-dir /nonexistent \
        --shell /usr/sbin/nologin "$test_account"
    say "made the system account $test_account to run PostgreSQL in tests"
fi

# -- Python --------------------------------------------------------------------------------------------------

stamp() { # lock-name: what .venv must have been made from
    "$python" -c 'import sys; print(sys.version)'
    sha256sum "requirements/$1.txt" pyproject.toml
}

is_current() { [ -f ".venv/setup-$1" ] && [ "$(stamp "$1")" = "$(cat ".venv/setup-$1")" ]; }

if ! venv_works; then
    system_python=$(find_python)
    [ -n "$system_python" ] || fail "Python 3.$oldest_python or later was not found"
    say "making .venv with $("$system_python" --version)"
    rm -rf .venv
    "$system_python" -m venv .venv
fi

# The lock of the tests holds everything the program's own lock holds.
if [ "$purpose" = test ]; then lock=dev; else lock=run; fi
if ! is_current dev && { [ "$lock" = dev ] || ! is_current run; }; then
    say "installing the locked Python packages (the first time takes a minute or two)"
    pip() { "$python" -m pip --disable-pip-version-check --no-input "$@" >>.venv/setup.log 2>&1; }
    rm -f .venv/setup.log
    { pip install --require-hashes -r "requirements/$lock.txt" \
        && pip install --no-deps --no-build-isolation -e .; } || {
        tail -n 20 .venv/setup.log >&2
        fail "pip could not install them (its whole output is in .venv/setup.log)"
    }
    stamp "$lock" >".venv/setup-$lock"
fi
