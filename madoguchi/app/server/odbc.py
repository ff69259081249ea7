"""SQLAlchemy's PostgreSQL dialect over pyodbc and psqlodbc: `postgresql+pyodbc`.

SQLAlchemy has none. Why there is one, and what was measured: docs/decisions/0002-postgresql-through-odbc.md.
What the URL may say is told by `connection_string` in odbc_connect. `pool_pre_ping`, isolation levels,
AUTOCOMMIT, savepoints, two-phase transactions and reflection are as in any other PostgreSQL dialect.

Not carried: range types, server-side cursors, COPY, NOTIFY, and see odbc_types for dates out of range.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any, NoReturn, TypeVar

from sqlalchemy import URL, exc, util
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql import HSTORE
from sqlalchemy.dialects.postgresql.base import PGCompiler, PGDialect, PGExecutionContext
from sqlalchemy.engine import cursor as engine_cursor
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor, ExecutionContext, IsolationLevel

from madoguchi.app.server import odbc_connect, odbc_types
from madoguchi.app.server.odbc_errors import (
    Fault,
    classify,
    dbapi_class_name,
    driver_error,
    is_lost,
    sqlstate,
)
from madoguchi.app.server.odbc_values import UnsendableTextError, checked_text, to_wire

__all__ = ["Fault", "PostgresOdbcDialect", "UnsafeConnectionError", "classify", "register", "sqlstate"]

_R = TypeVar("_R")

# "character not in repertoire": what PostgreSQL itself answers to a NUL in text.
_NO_CHARACTER = "22021"


class UnsafeConnectionError(exc.SQLAlchemyError):
    """The server answered, but the session is not as it must be: not encrypted, or not in UTC."""


def register() -> None:
    """Make `postgresql+pyodbc` known to SQLAlchemy. May be called twice."""
    registry.register("postgresql.pyodbc", __name__, PostgresOdbcDialect.__name__)


class OdbcCompiler(PGCompiler):
    """PostgreSQL's SQL, without the operators that have a question mark: to ODBC each is a parameter.

    The functions behind those operators give the same answers but use no index; `contains` (`@>`) does.
    """

    _JSONB_FUNCTIONS = {  # noqa: RUF012 - a table nobody writes to; ClassVar says nothing more here
        "?": "jsonb_exists",
        "?|": "jsonb_exists_any",
        "?&": "jsonb_exists_all",
        "@?": "jsonb_path_exists_opr",
    }
    _HSTORE_FUNCTIONS = {"?": "exist", "?|": "exists_any", "?&": "exists_all"}  # noqa: RUF012

    def visit_custom_op_binary(self, element: Any, operator: Any, **kw: Any) -> str:
        """Write an operator named by its text. Raises CompileError for one ODBC cannot carry."""
        if "?" not in operator.opstring:
            sql: str = super().visit_custom_op_binary(element, operator, **kw)  # type: ignore[no-untyped-call]
            return sql
        is_hstore = isinstance(element.left.type, HSTORE)
        name = (self._HSTORE_FUNCTIONS if is_hstore else self._JSONB_FUNCTIONS).get(operator.opstring)
        if name is None:
            raise exc.CompileError(f"the operator {operator.opstring} cannot be sent through ODBC")
        return f"{name}({self.process(element.left, **kw)}, {self.process(element.right, **kw)})"


class OdbcExecutionContext(PGExecutionContext):
    """One statement's execution, with the answers ODBC leaves out."""

    cursor: Any

    def post_exec(self) -> None:
        """Give an UPDATE or DELETE ... RETURNING that touched no row its empty result.

        ODBC calls that "no data": there are no column descriptions, and SQLAlchemy would take it for a
        statement that returns nothing.
        """
        columns = getattr(self.compiled, "_result_columns", None)
        if columns and self.cursor.description is None:
            description = [(column.keyname, None, None, None, None, None, None) for column in columns]
            self.cursor_fetch_strategy = engine_cursor.FullyBufferedCursorFetchStrategy(
                self.cursor, alternate_description=description, initial_buffer=[]
            )
        super().post_exec()  # type: ignore[no-untyped-call]


class PostgresOdbcDialect(PGDialect):
    """PostgreSQL over pyodbc and psqlodbc."""

    driver = "pyodbc"
    default_paramstyle = "qmark"
    supports_statement_cache = True
    supports_native_decimal = True
    supports_sane_rowcount_returning = True
    supports_sane_multi_rowcount = True
    supports_server_side_cursors = False
    # Many rows in one statement: without it an INSERT of many costs a round trip each.
    use_insertmanyvalues_wo_returning = True
    statement_compiler = OdbcCompiler
    execution_ctx_cls = OdbcExecutionContext
    colspecs = util.update_copy(PGDialect.colspecs, odbc_types.COLSPECS)

    @classmethod
    def import_dbapi(cls) -> ModuleType:
        """Import pyodbc, with ODBC's own pool off: SQLAlchemy's is the one that knows a dead connection."""
        pyodbc: Any = importlib.import_module("pyodbc")
        pyodbc.pooling = False
        module: ModuleType = pyodbc
        return module

    def retrieve_dbapi_version(self, dbapi: Any) -> util.VersionInfo:
        """Return pyodbc's version."""
        return util.parse_version_string(dbapi.version)

    # -- connecting ----------------------------------------------------------------------------------

    def create_connect_args(self, url: URL) -> tuple[list[str], dict[str, Any]]:
        """Return what `connect` is called with. Raises ArgumentError for what the URL may not say."""
        return [odbc_connect.connection_string(url)], {}

    def connect(self, *args: Any, **kwargs: Any) -> DBAPIConnection:
        """Open a connection. Raises ArgumentError for an unknown keyword, else pyodbc's error."""
        odbc_connect.check_connect_arguments(kwargs)
        connection: DBAPIConnection = self._call(self.loaded_dbapi.connect, *args, **kwargs)
        return connection

    def on_connect_url(self, url: URL) -> Callable[[DBAPIConnection], None]:
        """Return the check of every new connection: one round trip that asks the server what it sees.

        It raises UnsafeConnectionError, and the pool closes the connection, when the URL asks for TLS and the
        session is not encrypted (the driver ignores an SSL setting it does not understand), or when a setting
        the column types rely on did not take.
        """
        wants_tls = odbc_connect.wants_tls(url)

        return lambda connection: self._check_session(connection, wants_tls=wants_tls)

    def _check_session(self, connection: Any, *, wants_tls: bool) -> None:
        names = list(odbc_connect.FIXED_SETTINGS)
        settings = ", ".join(f"pg_catalog.current_setting('{name}')" for name in names)
        encrypted = "(SELECT ssl FROM pg_catalog.pg_stat_ssl WHERE pid = pg_catalog.pg_backend_pid())"
        row = self._ask(connection, f"SELECT {encrypted}, {settings}")
        if wants_tls and not row[0]:
            raise UnsafeConnectionError("the connection to the lending server is not encrypted")
        for name, wanted, found in zip(names, odbc_connect.FIXED_SETTINGS.values(), row[1:], strict=True):
            if found.partition(",")[0] != wanted:
                raise UnsafeConnectionError(f"the session's {name} is {found!r}, not {wanted!r}")

    def do_ping(self, dbapi_connection: Any) -> bool:
        """Ask the server for a sign of life, in one round trip. Raises pyodbc's error when there is none."""
        self._ask(dbapi_connection, "SELECT 1")
        return True

    def is_disconnect(self, e: Exception, connection: Any, cursor: Any) -> bool:
        """True when `e` says that the connection is gone."""
        return is_lost(e)

    # -- isolation -------------------------------------------------------------------------------------

    def get_isolation_level_values(self, dbapi_conn: Any) -> Sequence[IsolationLevel]:
        """Return the isolation levels there are."""
        return ("SERIALIZABLE", "REPEATABLE READ", "READ COMMITTED", "READ UNCOMMITTED", "AUTOCOMMIT")

    def set_isolation_level(self, dbapi_connection: Any, level: str) -> None:
        """Set the level of the transactions to come; costs nothing for AUTOCOMMIT, else one round trip."""
        dbapi_connection.rollback()  # the driver would commit what is open
        dbapi_connection.autocommit = True
        if level != "AUTOCOMMIT":
            self._set_for_session(dbapi_connection, f"ISOLATION LEVEL {level}")
            dbapi_connection.autocommit = False

    def detect_autocommit_setting(self, dbapi_conn: Any) -> bool:
        """True when the connection commits each statement by itself."""
        return bool(dbapi_conn.autocommit)

    def set_readonly(self, connection: Any, value: bool) -> None:
        """Make the transactions to come read-only, or not."""
        self._set_for_session(connection, "READ ONLY" if value else "READ WRITE")

    def get_readonly(self, connection: Any) -> bool:
        """True when transactions are read-only."""
        return bool(self._ask(connection, "SHOW default_transaction_read_only")[0] == "on")

    def set_deferrable(self, connection: Any, value: bool) -> None:
        """Make the transactions to come deferrable, or not."""
        self._set_for_session(connection, "DEFERRABLE" if value else "NOT DEFERRABLE")

    def get_deferrable(self, connection: Any) -> bool:
        """True when transactions are deferrable."""
        return bool(self._ask(connection, "SHOW default_transaction_deferrable")[0] == "on")

    def _set_for_session(self, connection: Any, characteristic: str) -> None:
        self._outside_transaction(
            connection, f"SET SESSION CHARACTERISTICS AS TRANSACTION {characteristic}", has_answer=False
        )

    def _ask(self, connection: Any, statement: str) -> Any:
        return self._outside_transaction(connection, statement, has_answer=True)

    def _outside_transaction(self, connection: Any, statement: str, *, has_answer: bool) -> Any:
        """Run a statement of ours in one round trip, no BEGIN before it and no COMMIT after it."""
        autocommit_before = connection.autocommit
        cursor = connection.cursor()
        try:
            connection.autocommit = True
            self._call(cursor.execute, statement)
            return cursor.fetchone() if has_answer else None
        finally:
            cursor.close()
            connection.autocommit = autocommit_before

    # -- statements ------------------------------------------------------------------------------------

    def do_execute(
        self, cursor: DBAPICursor, statement: str, parameters: Any, context: ExecutionContext | None = None
    ) -> None:
        """Run a statement with its parameters."""
        self._call(cursor.execute, self._checked(statement), self._to_wire(parameters))

    def do_execute_no_params(
        self, cursor: DBAPICursor, statement: str, context: ExecutionContext | None = None
    ) -> None:
        """Run a statement that has none."""
        self._call(cursor.execute, self._checked(statement))

    def do_executemany(
        self, cursor: DBAPICursor, statement: str, parameters: Any, context: Any = None
    ) -> None:
        """Run a statement once for each set of parameters, a round trip each.

        pyodbc's own executemany does the same but forgets how many rows were touched.
        """
        self._checked(statement)
        touched = 0
        for each in [self._to_wire(each) for each in parameters]:
            self._call(cursor.execute, statement, each)
            touched += max(cursor.rowcount, 0)
        if context is not None:
            context._rowcount = touched

    def do_commit(self, dbapi_connection: Any) -> None:
        """Commit. An error here leaves it open whether the server did: ask with the operation id."""
        self._call(super().do_commit, dbapi_connection)

    def do_rollback(self, dbapi_connection: Any) -> None:
        """Roll back."""
        self._call(super().do_rollback, dbapi_connection)

    def _checked(self, statement: str) -> str:
        try:
            return checked_text(statement)
        except UnsendableTextError as error:
            self._refuse(error)

    def _to_wire(self, parameters: Any) -> tuple[object, ...]:
        try:
            return tuple(map(to_wire, parameters))
        except UnsendableTextError as error:
            self._refuse(error)

    def _refuse(self, error: UnsendableTextError) -> NoReturn:
        raise self.loaded_dbapi.DataError(_NO_CHARACTER, f"[{_NO_CHARACTER}] {error}") from None

    # -- errors ----------------------------------------------------------------------------------------

    def _call(self, function: Callable[..., _R], *args: Any, **kwargs: Any) -> _R:
        """Call pyodbc; an error comes out in the class its SQLSTATE asks for.

        pyodbc knows ODBC's states only and raises a bare Error for most of PostgreSQL's.
        """
        try:
            return function(*args, **kwargs)
        except self.loaded_dbapi.Error as error:
            better = self._reclassified(error)
            if better is error:
                raise
            raise better.with_traceback(error.__traceback__) from None

    def _reclassified(self, error: BaseException) -> BaseException:
        name = dbapi_class_name(sqlstate(error) or "")
        if name is None or driver_error(error) is None or type(error).__name__ == name:
            return error
        better: BaseException = getattr(self.loaded_dbapi, name)(*error.args)
        return better
