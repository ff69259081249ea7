"""Alembic's entry: runs on the connection it is handed, and nowhere else."""

from alembic import context

from madoguchi.app.server.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transaction_per_migration=False,
    transactional_ddl=False,  # the caller's transaction holds the whole move
)
context.run_migrations()
