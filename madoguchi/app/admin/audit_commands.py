"""``audit``: verified on the server, exported with a signature, and an export checked anywhere."""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path

from madoguchi.app.admin.audit_export import check_export, digest_of, export
from madoguchi.app.admin.context import Commands, Context
from madoguchi.app.admin.database import rows
from madoguchi.app.admin.signing import public_key_file


def add_to(commands: Commands) -> None:
    """Adds the commands of this file."""
    audit = commands.add_parser("audit", help="who did what").add_subparsers(required=True)
    verify = audit.add_parser("verify", help="says what was changed, deleted, inserted or put elsewhere")
    verify.set_defaults(run=verify_audit)
    exported = audit.add_parser("export", help="writes FILE and FILE.sig")
    exported.add_argument("file", type=Path)
    for option, what in (("--from", "from this day on"), ("--to", "up to this day, itself included")):
        exported.add_argument(
            option, dest=option[2:] + "_day", type=dt.date.fromisoformat, metavar="YYYY-MM-DD", help=what
        )
    exported.set_defaults(run=export_audit)
    checked = audit.add_parser("check-export", help="whether FILE is as this server's key signed it")
    checked.add_argument("file", type=Path)
    how = checked.add_mutually_exclusive_group()
    how.add_argument("--key", type=Path, metavar="audit.pub", help="the public key, if not this server's")
    how.add_argument("--unsigned", action="store_true", help="written at a terminal: its chains alone")
    checked.set_defaults(run=check_exported)


def verify_audit(context: Context, _options: argparse.Namespace) -> int:
    """Says what is wrong with the chains, one line each; 1 if anything is."""
    with context.transaction() as connection:
        problems = rows(connection, "select kind, chain, seq, problem from audit.problems()")
        counted = rows(
            connection,
            "select (select count(*) from audit.record) as records,"
            " (select count(*) from audit.head) as chains, (select count(*) from audit.viewed) as views",
        )[0]
    for found in problems:
        context.say(
            f"NOT OK {found['kind']} chain {found['chain']}, record {found['seq']}: {found['problem']}"
        )
    if not problems:
        context.say(
            f"ok {counted['records']} records in {counted['chains']} chains, {counted['views']} views"
        )
    return 1 if problems else 0


def export_audit(context: Context, options: argparse.Namespace) -> int:
    """Writes the records of some days, and a signature beside them."""
    with context.transaction() as connection:
        count = export(
            connection, context.home.signing, options.file, first=options.from_day, last=options.to_day
        )
    context.say(f"{options.file}: {count} records, signed in {options.file}.sig")
    return 0


def check_exported(context: Context, options: argparse.Namespace) -> int:
    """Says what is wrong with an export; 1 if anything is. It asks no server."""
    key = None if options.unsigned else options.key or public_key_file(context.home.signing)
    problems = check_export(options.file, key)
    for problem in problems:
        context.say(f"NOT OK {problem}")
    if not problems and options.unsigned:
        context.say(f"ok chains; its digest, to be found in the audit: {digest_of(options.file)}")
    elif not problems:
        context.say("ok signature and chains")
    return 1 if problems else 0
