"""The first tables."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0001"
down_revision: str | None = None
branch_labels: Any = None
depends_on: Any = None

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "answers",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=True),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("asker_id", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("pictures", DOCUMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_answers"),
    )
    op.create_index("ix_answers_asked_at", "answers", ["asked_at"], unique=False)
    op.create_index("ix_answers_asker_id", "answers", ["asker_id"], unique=False)
    op.create_index(
        "ix_answers_channel_id_message_id", "answers", ["channel_id", "message_id"], unique=False
    )
    op.create_index("ix_answers_guild_id", "answers", ["guild_id"], unique=False)
    op.create_table(
        "budgets",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("free_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_budgets"),
    )
    op.create_table(
        "catalog_cache",
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("value", DOCUMENT, nullable=True),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_catalog_cache"),
    )
    op.create_index("ix_catalog_cache_expires_at", "catalog_cache", ["expires_at"], unique=False)
    op.create_table(
        "servers",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("guild_id", name="pk_servers"),
    )
    op.create_table(
        "answer_vectors",
        sa.Column("answer_id", sa.String(length=16), nullable=False),
        sa.Column("picture", sa.Integer(), nullable=False),
        sa.Column("face", sa.Integer(), nullable=False),
        sa.Column("model_id", sa.String(length=200), nullable=False),
        sa.Column("dtype", sa.String(length=8), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"],
            ["answers.id"],
            name="fk_answer_vectors_answer_id_answers",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("answer_id", "picture", "face", name="pk_answer_vectors"),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("detail", DOCUMENT, nullable=False),
        sa.Column("undone_by", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["guild_id"], ["servers.guild_id"], name="fk_audit_guild_id_servers", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_actor_id", "audit", ["actor_id"], unique=False)
    op.create_index("ix_audit_at", "audit", ["at"], unique=False)
    op.create_index("ix_audit_guild_id_id", "audit", ["guild_id", "id"], unique=False)
    op.create_table(
        "characters",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.String(length=400), nullable=True),
        sa.Column("catalog_id", sa.String(length=100), nullable=True),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("series", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["guild_id"],
            ["servers.guild_id"],
            name="fk_characters_guild_id_servers",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_characters"),
        sa.UniqueConstraint("guild_id", "id", name="uq_characters_guild_id_id"),
        sa.UniqueConstraint("guild_id", "key", name="uq_characters_guild_id_key"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "corrections",
        sa.Column("answer_id", sa.String(length=16), nullable=False),
        sa.Column("picture", sa.Integer(), nullable=False),
        sa.Column("face", sa.Integer(), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=True),
        sa.Column("said", sa.String(length=100), nullable=True),
        sa.Column("truth", sa.String(length=100), nullable=True),
        sa.Column("catalog_id", sa.String(length=100), nullable=True),
        sa.Column("corrected_by", sa.BigInteger(), nullable=False),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"],
            ["answers.id"],
            name="fk_corrections_answer_id_answers",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("answer_id", "picture", "face", name="pk_corrections"),
    )
    op.create_index("ix_corrections_corrected_by", "corrections", ["corrected_by"], unique=False)
    op.create_index("ix_corrections_guild_id", "corrections", ["guild_id"], unique=False)
    op.create_table(
        "lessons",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("request_id", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("taught_by", sa.BigInteger(), nullable=False),
        sa.Column("taught_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("duplicates", sa.Integer(), nullable=False),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("channel_id", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["guild_id"],
            ["servers.guild_id"],
            name="fk_lessons_guild_id_servers",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_lessons"),
        sa.UniqueConstraint("guild_id", "id", name="uq_lessons_guild_id_id"),
        sa.UniqueConstraint("guild_id", "request_id", name="uq_lessons_guild_id_request_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_lessons_decided_by", "lessons", ["decided_by"], unique=False)
    op.create_index("ix_lessons_guild_id_state", "lessons", ["guild_id", "state"], unique=False)
    op.create_index("ix_lessons_taught_by", "lessons", ["taught_by"], unique=False)
    op.create_table(
        "listening_channels",
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["guild_id"],
            ["servers.guild_id"],
            name="fk_listening_channels_guild_id_servers",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("guild_id", "channel_id", name="pk_listening_channels"),
    )
    op.create_table(
        "settings",
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("listening_per_minute", sa.Integer(), nullable=False),
        sa.Column("approval_channel", sa.BigInteger(), nullable=True),
        sa.Column("keep_crops", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=True),
        sa.Column("name_order", sa.String(length=16), nullable=False),
        sa.Column("card_detail", sa.String(length=16), nullable=False),
        sa.Column("naming_confidence", sa.Double(), nullable=True),
        sa.Column("quiz", DOCUMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["guild_id"],
            ["servers.guild_id"],
            name="fk_settings_guild_id_servers",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("guild_id", name="pk_settings"),
    )
    op.create_table(
        "teaching_roles",
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("role_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["guild_id"],
            ["servers.guild_id"],
            name="fk_teaching_roles_guild_id_servers",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("guild_id", "role_id", name="pk_teaching_roles"),
    )
    op.create_table(
        "exemplars",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("character_id", sa.BigInteger(), nullable=False),
        sa.Column("lesson_id", sa.BigInteger(), nullable=False),
        sa.Column("model_id", sa.String(length=200), nullable=False),
        sa.Column("dtype", sa.String(length=8), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("evidence", DOCUMENT, nullable=True),
        sa.Column("removed_by", sa.BigInteger(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["guild_id", "character_id"],
            ["characters.guild_id", "characters.id"],
            name="fk_exemplars_guild_id_character_id_characters",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["guild_id", "lesson_id"],
            ["lessons.guild_id", "lessons.id"],
            name="fk_exemplars_guild_id_lesson_id_lessons",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_exemplars"),
        sa.UniqueConstraint("guild_id", "id", name="uq_exemplars_guild_id_id"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_exemplars_guild_id_character_id",
        "exemplars",
        ["guild_id", "character_id"],
        unique=False,
    )
    op.create_index(
        "ix_exemplars_guild_id_lesson_id", "exemplars", ["guild_id", "lesson_id"], unique=False
    )
    op.create_index(
        "uq_exemplars_active",
        "exemplars",
        ["guild_id", "character_id", "digest"],
        unique=True,
        sqlite_where=sa.text("active"),
        postgresql_where=sa.text("active"),
    )
    op.create_table(
        "crops",
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("exemplar_id", sa.BigInteger(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("width_px", sa.Integer(), nullable=False),
        sa.Column("height_px", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["guild_id", "exemplar_id"],
            ["exemplars.guild_id", "exemplars.id"],
            name="fk_crops_guild_id_exemplar_id_exemplars",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("guild_id", "exemplar_id", name="pk_crops"),
    )


def downgrade() -> None:
    op.drop_table("crops")
    op.drop_index(
        "uq_exemplars_active",
        table_name="exemplars",
        sqlite_where=sa.text("active"),
        postgresql_where=sa.text("active"),
    )
    op.drop_index("ix_exemplars_guild_id_lesson_id", table_name="exemplars")
    op.drop_index("ix_exemplars_guild_id_character_id", table_name="exemplars")
    op.drop_table("exemplars")
    op.drop_table("teaching_roles")
    op.drop_table("settings")
    op.drop_table("listening_channels")
    op.drop_index("ix_lessons_taught_by", table_name="lessons")
    op.drop_index("ix_lessons_guild_id_state", table_name="lessons")
    op.drop_index("ix_lessons_decided_by", table_name="lessons")
    op.drop_table("lessons")
    op.drop_index("ix_corrections_guild_id", table_name="corrections")
    op.drop_index("ix_corrections_corrected_by", table_name="corrections")
    op.drop_table("corrections")
    op.drop_table("characters")
    op.drop_index("ix_audit_guild_id_id", table_name="audit")
    op.drop_index("ix_audit_at", table_name="audit")
    op.drop_index("ix_audit_actor_id", table_name="audit")
    op.drop_table("audit")
    op.drop_table("answer_vectors")
    op.drop_table("servers")
    op.drop_index("ix_catalog_cache_expires_at", table_name="catalog_cache")
    op.drop_table("catalog_cache")
    op.drop_table("budgets")
    op.drop_index("ix_answers_guild_id", table_name="answers")
    op.drop_index("ix_answers_channel_id_message_id", table_name="answers")
    op.drop_index("ix_answers_asker_id", table_name="answers")
    op.drop_index("ix_answers_asked_at", table_name="answers")
    op.drop_table("answers")
