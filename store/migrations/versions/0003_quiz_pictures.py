"""Quiz pictures."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: Any = None
depends_on: Any = None

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "quiz_pictures",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("added_by", sa.BigInteger(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("character_id", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("series", sa.String(length=200), nullable=False),
        sa.Column("adult", sa.Boolean(), nullable=False),
        sa.Column("spoiler", sa.Boolean(), nullable=False),
        sa.Column("difficulty", sa.Double(), nullable=False),
        sa.Column("face", DOCUMENT, nullable=True),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("picture", sa.LargeBinary(), nullable=False),
        sa.Column("print", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["guild_id"],
            ["servers.guild_id"],
            name="fk_quiz_pictures_guild_id_servers",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_quiz_pictures"),
        sa.UniqueConstraint("guild_id", "digest", name="uq_quiz_pictures_guild_id_digest"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_quiz_pictures_added_by", "quiz_pictures", ["added_by"], unique=False)

    op.create_table(
        "running_pictures",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("print", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["guild_id"],
            ["servers.guild_id"],
            name="fk_running_pictures_guild_id_servers",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_running_pictures"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_running_pictures_expires_at", "running_pictures", ["expires_at"], unique=False
    )
    op.create_index("ix_running_pictures_key", "running_pictures", ["key"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_running_pictures_key", table_name="running_pictures")
    op.drop_index("ix_running_pictures_expires_at", table_name="running_pictures")
    op.drop_table("running_pictures")
    op.drop_index("ix_quiz_pictures_added_by", table_name="quiz_pictures")
    op.drop_table("quiz_pictures")
