"""The library's tables, and on PostgreSQL the functions that write them."""

import re
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_FUNCTIONS = Path(__file__).parents[1] / "sql" / "0001_functions.sql"
_big_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _functions() -> list[str]:
    # one statement at a time, and by the driver itself: the text holds colons and braces
    text = _FUNCTIONS.read_text(encoding="utf-8")
    return re.findall(r"^create function .*?(?=^create function |\Z)", text, re.MULTILINE | re.DOTALL)


def upgrade() -> None:
    op.create_table(
        "branch",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("short_name", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.CheckConstraint("kind IN ('library', 'room')", name=op.f("ck_branch_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_branch")),
        sa.UniqueConstraint("code", name=op.f("uq_branch_code")),
    )
    op.create_table(
        "material_kind",
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("loan_group", sa.String(length=8), nullable=False),
        sa.CheckConstraint(
            "code IN ('book', 'magazine', 'kamishibai', 'cd', 'cassette', 'video', 'dvd')",
            name=op.f("ck_material_kind_code"),
        ),
        sa.CheckConstraint(
            "loan_group IN ('print', 'audio', 'video')", name=op.f("ck_material_kind_loan_group")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_material_kind")),
    )
    op.create_table(
        "patron_category",
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_patron_category")),
    )
    op.create_table(
        "policy",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("time_zone", sa.String(length=40), nullable=False),
        sa.Column("overdue_block_days", sa.SmallInteger(), nullable=False),
        sa.Column("card_idle_years", sa.SmallInteger(), nullable=False),
        sa.Column("max_renewals", sa.SmallInteger(), nullable=False),
        sa.Column("due_on_open_day", sa.Boolean(), nullable=False),
        sa.Column("undo_minutes", sa.SmallInteger(), nullable=False),
        sa.Column("shelf_open_days", sa.SmallInteger(), nullable=False),
        sa.Column("backdate_days", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_policy_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy")),
    )
    op.create_table(
        "staff",
        sa.Column("login", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("card_number", sa.String(length=20), nullable=True),
        sa.Column("active_until", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "role IN ('counter_staff', 'contract_staff', 'system_staff', 'security_manager')",
            name=op.f("ck_staff_role"),
        ),
        sa.PrimaryKeyConstraint("login", name=op.f("pk_staff")),
        sa.UniqueConstraint("card_number", name=op.f("uq_staff_card_number")),
    )
    op.create_table(
        "title",
        sa.Column("id", _big_id, nullable=False),
        sa.Column("ndl_id", sa.String(length=64), nullable=True),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("title_kana", sa.String(length=1000), server_default="", nullable=False),
        sa.Column("volume", sa.String(length=200), server_default="", nullable=False),
        sa.Column("series", sa.String(length=500), server_default="", nullable=False),
        sa.Column("statement", sa.String(length=500), server_default="", nullable=False),
        sa.Column("publisher", sa.String(length=300), server_default="", nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=True),
        sa.Column("isbn", sa.String(length=13), nullable=True),
        sa.Column("ndc", sa.String(length=20), server_default="", nullable=False),
        sa.Column("edition", sa.String(length=100), server_default="", nullable=False),
        sa.Column("extent", sa.String(length=300), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_title")),
        sa.UniqueConstraint("ndl_id", name=op.f("uq_title_ndl_id")),
    )
    op.create_index(op.f("ix_title_isbn"), "title", ["isbn"], unique=False)
    op.create_table(
        "closed_day",
        sa.Column("branch_id", sa.SmallInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_closed_day_branch_id")),
        sa.PrimaryKeyConstraint("branch_id", "day", name=op.f("pk_closed_day")),
    )
    op.create_table(
        "item",
        sa.Column("id", _big_id, nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("title_id", _big_id, nullable=False),
        sa.Column("home_branch_id", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("reference_only", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("borrowed_from", sa.String(length=60), nullable=True),
        sa.Column("attachments", sa.String(length=300), server_default="", nullable=False),
        sa.Column("note", sa.String(length=500), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["home_branch_id"], ["branch.id"], name=op.f("fk_item_home_branch_id")),
        sa.ForeignKeyConstraint(["kind"], ["material_kind.code"], name=op.f("fk_item_kind")),
        sa.ForeignKeyConstraint(["title_id"], ["title.id"], name=op.f("fk_item_title_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item")),
        sa.UniqueConstraint("number", name=op.f("uq_item_number")),
    )
    op.create_index(op.f("ix_item_title_id"), "item", ["title_id"], unique=False)
    op.create_table(
        "loan_term",
        sa.Column("category", sa.String(length=16), nullable=False),
        sa.Column("loan_group", sa.String(length=8), nullable=False),
        sa.Column("max_loans", sa.SmallInteger(), nullable=False),
        sa.Column("loan_days", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("max_loans >= 0 AND loan_days > 0", name=op.f("ck_loan_term_sensible")),
        sa.ForeignKeyConstraint(["category"], ["patron_category.code"], name=op.f("fk_loan_term_category")),
        sa.PrimaryKeyConstraint("category", "loan_group", name=op.f("pk_loan_term")),
    )
    op.create_table(
        "patron",
        sa.Column("id", _big_id, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("kana", sa.String(length=100), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=False),
        sa.Column("category", sa.String(length=16), nullable=False),
        sa.Column("address", sa.String(length=200), server_default="", nullable=False),
        sa.Column("telephone", sa.String(length=30), server_default="", nullable=False),
        sa.Column("note", sa.String(length=500), server_default="", nullable=False),
        sa.Column("last_used_on", sa.Date(), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["category"], ["patron_category.code"], name=op.f("fk_patron_category")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patron")),
    )
    op.create_table(
        "staff_branch",
        sa.Column("login", sa.String(length=60), nullable=False),
        sa.Column("branch_id", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_staff_branch_branch_id")),
        sa.ForeignKeyConstraint(
            ["login"], ["staff.login"], name=op.f("fk_staff_branch_login"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("login", "branch_id", name=op.f("pk_staff_branch")),
    )
    op.create_table(
        "statistic",
        sa.Column("id", _big_id, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("hour", sa.SmallInteger(), nullable=False),
        sa.Column("branch_id", sa.SmallInteger(), nullable=False),
        sa.Column("act", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("ndc_class", sa.String(length=1), nullable=False),
        sa.Column("age_band", sa.String(length=8), nullable=False),
        sa.Column("category", sa.String(length=16), nullable=False),
        sa.Column("amount", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_statistic_branch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statistic")),
    )
    op.create_index("ix_statistic_day", "statistic", ["day", "branch_id"], unique=False)
    op.create_table(
        "title_creator",
        sa.Column("title_id", _big_id, nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("reading", sa.String(length=200), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["title_id"], ["title.id"], name=op.f("fk_title_creator_title_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("title_id", "position", name=op.f("pk_title_creator")),
    )
    op.create_table(
        "card",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("patron_id", _big_id, nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.CheckConstraint("state IN ('active', 'lost')", name=op.f("ck_card_state")),
        sa.ForeignKeyConstraint(
            ["patron_id"], ["patron.id"], name=op.f("fk_card_patron_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_card")),
    )
    op.create_index(op.f("ix_card_patron_id"), "card", ["patron_id"], unique=False)
    op.create_index(
        "uq_card_one_active",
        "card",
        ["patron_id"],
        unique=True,
        sqlite_where=sa.text("state = 'active'"),
        postgresql_where=sa.text("state = 'active'"),
    )
    op.create_table(
        "loan",
        sa.Column("id", _big_id, nullable=False),
        sa.Column("item_id", _big_id, nullable=False),
        sa.Column("patron_id", _big_id, nullable=False),
        sa.Column("branch_id", sa.SmallInteger(), nullable=False),
        sa.Column("lent_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("renewals", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("returned_on", sa.Date(), nullable=True),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(returned_on IS NULL) = (returned_at IS NULL)", name=op.f("ck_loan_returned_whole")
        ),
        sa.CheckConstraint("due_on >= lent_on", name=op.f("ck_loan_due_after_lent")),
        sa.CheckConstraint(
            "returned_on IS NULL OR returned_on >= lent_on", name=op.f("ck_loan_returned_after_lent")
        ),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_loan_branch_id")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_loan_item_id")),
        sa.ForeignKeyConstraint(["patron_id"], ["patron.id"], name=op.f("fk_loan_patron_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loan")),
    )
    op.create_index(op.f("ix_loan_item_id"), "loan", ["item_id"], unique=False)
    op.create_index(
        "ix_loan_open_of_patron",
        "loan",
        ["patron_id"],
        unique=False,
        sqlite_where=sa.text("returned_at IS NULL"),
        postgresql_where=sa.text("returned_at IS NULL"),
    )
    op.create_index(
        "ix_loan_to_erase",
        "loan",
        ["returned_at"],
        unique=False,
        sqlite_where=sa.text("returned_at IS NOT NULL"),
        postgresql_where=sa.text("returned_at IS NOT NULL"),
    )
    op.create_index(
        "uq_loan_one_open",
        "loan",
        ["item_id"],
        unique=True,
        sqlite_where=sa.text("returned_at IS NULL"),
        postgresql_where=sa.text("returned_at IS NULL"),
    )
    op.create_table(
        "loan_override",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("patron_id", _big_id, nullable=False),
        sa.Column("refusal", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("login", sa.String(length=60), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(trim(reason)) > 0", name=op.f("ck_loan_override_reasoned")),
        sa.ForeignKeyConstraint(
            ["patron_id"], ["patron.id"], name=op.f("fk_loan_override_patron_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loan_override")),
        sa.UniqueConstraint(
            "visit_id", "patron_id", "refusal", name=op.f("uq_loan_override_visit_id_patron_id_refusal")
        ),
    )
    op.create_index(op.f("ix_loan_override_patron_id"), "loan_override", ["patron_id"], unique=False)
    op.create_table(
        "transit",
        sa.Column("item_id", _big_id, nullable=False),
        sa.Column("to_branch_id", sa.SmallInteger(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_transit_item_id")),
        sa.ForeignKeyConstraint(["to_branch_id"], ["branch.id"], name=op.f("fk_transit_to_branch_id")),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_transit")),
    )
    op.create_table(
        "operation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("act", sa.String(length=12), nullable=False),
        sa.Column("loan_id", _big_id, nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["loan_id"], ["loan.id"], name=op.f("fk_operation_loan_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operation")),
    )
    op.create_index(op.f("ix_operation_loan_id"), "operation", ["loan_id"], unique=False)
    op.create_table(
        "reservation",
        sa.Column("id", _big_id, nullable=False),
        sa.Column("title_id", _big_id, nullable=False),
        sa.Column("item_id", _big_id, nullable=True),
        sa.Column("patron_id", _big_id, nullable=False),
        sa.Column("pickup_branch_id", sa.SmallInteger(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("trapped_item_id", _big_id, nullable=True),
        sa.Column("keep_until", sa.Date(), nullable=True),
        sa.Column("loan_id", _big_id, nullable=True),
        sa.CheckConstraint(
            "(state = 'lent') = (loan_id IS NOT NULL)", name=op.f("ck_reservation_lent_has_loan")
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'in_transit', 'ready', 'lent')", name=op.f("ck_reservation_state")
        ),
        sa.CheckConstraint(
            "state NOT IN ('in_transit', 'ready') OR trapped_item_id IS NOT NULL",
            name=op.f("ck_reservation_trapped_has_item"),
        ),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_reservation_item_id")),
        sa.ForeignKeyConstraint(
            ["loan_id"], ["loan.id"], name=op.f("fk_reservation_loan_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["patron_id"], ["patron.id"], name=op.f("fk_reservation_patron_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["pickup_branch_id"], ["branch.id"], name=op.f("fk_reservation_pickup_branch_id")
        ),
        sa.ForeignKeyConstraint(["title_id"], ["title.id"], name=op.f("fk_reservation_title_id")),
        sa.ForeignKeyConstraint(
            ["trapped_item_id"], ["item.id"], name=op.f("fk_reservation_trapped_item_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reservation")),
    )
    op.create_index(op.f("ix_reservation_loan_id"), "reservation", ["loan_id"], unique=False)
    op.create_index(op.f("ix_reservation_patron_id"), "reservation", ["patron_id"], unique=False)
    op.create_index(
        "ix_reservation_queue",
        "reservation",
        ["title_id", "placed_at"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(
        "uq_reservation_one_trap",
        "reservation",
        ["trapped_item_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('in_transit', 'ready')"),
        postgresql_where=sa.text("state IN ('in_transit', 'ready')"),
    )
    if _on_postgresql():
        for function in _functions():
            op.get_bind().exec_driver_sql(function)


def downgrade() -> None:
    if _on_postgresql():
        for function in reversed(_functions()):
            name = re.match(r"create function (\w+)", function)
            if name is None:
                raise ValueError("not the text of a function")
            op.get_bind().exec_driver_sql(f"drop function {name[1]}")
    op.drop_index(
        "uq_reservation_one_trap",
        table_name="reservation",
        sqlite_where=sa.text("state IN ('in_transit', 'ready')"),
        postgresql_where=sa.text("state IN ('in_transit', 'ready')"),
    )
    op.drop_index(
        "ix_reservation_queue",
        table_name="reservation",
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.drop_index(op.f("ix_reservation_patron_id"), table_name="reservation")
    op.drop_index(op.f("ix_reservation_loan_id"), table_name="reservation")
    op.drop_table("reservation")
    op.drop_index(op.f("ix_operation_loan_id"), table_name="operation")
    op.drop_table("operation")
    op.drop_table("transit")
    op.drop_index(op.f("ix_loan_override_patron_id"), table_name="loan_override")
    op.drop_table("loan_override")
    op.drop_index(
        "uq_loan_one_open",
        table_name="loan",
        sqlite_where=sa.text("returned_at IS NULL"),
        postgresql_where=sa.text("returned_at IS NULL"),
    )
    op.drop_index(
        "ix_loan_to_erase",
        table_name="loan",
        sqlite_where=sa.text("returned_at IS NOT NULL"),
        postgresql_where=sa.text("returned_at IS NOT NULL"),
    )
    op.drop_index(
        "ix_loan_open_of_patron",
        table_name="loan",
        sqlite_where=sa.text("returned_at IS NULL"),
        postgresql_where=sa.text("returned_at IS NULL"),
    )
    op.drop_index(op.f("ix_loan_item_id"), table_name="loan")
    op.drop_table("loan")
    op.drop_index(
        "uq_card_one_active",
        table_name="card",
        sqlite_where=sa.text("state = 'active'"),
        postgresql_where=sa.text("state = 'active'"),
    )
    op.drop_index(op.f("ix_card_patron_id"), table_name="card")
    op.drop_table("card")
    op.drop_table("title_creator")
    op.drop_index("ix_statistic_day", table_name="statistic")
    op.drop_table("statistic")
    op.drop_table("staff_branch")
    op.drop_table("patron")
    op.drop_table("loan_term")
    op.drop_index(op.f("ix_item_title_id"), table_name="item")
    op.drop_table("item")
    op.drop_table("closed_day")
    op.drop_index(op.f("ix_title_isbn"), table_name="title")
    op.drop_table("title")
    op.drop_table("staff")
    op.drop_table("policy")
    op.drop_table("patron_category")
    op.drop_table("material_kind")
    op.drop_table("branch")
