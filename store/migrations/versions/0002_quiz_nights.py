"""Quiz nights."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: Any = None
depends_on: Any = None

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "quiz_asked",
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("deck", sa.String(length=32), nullable=False),
        sa.Column("question_id", sa.String(length=100), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("missed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["guild_id"],
            ["servers.guild_id"],
            name="fk_quiz_asked_guild_id_servers",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("guild_id", "deck", "question_id", name="pk_quiz_asked"),
    )
    op.create_index("ix_quiz_asked_asked_at", "quiz_asked", ["asked_at"], unique=False)
    op.create_table(
        "quiz_seasons",
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["guild_id"],
            ["servers.guild_id"],
            name="fk_quiz_seasons_guild_id_servers",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("guild_id", "number", name="pk_quiz_seasons"),
    )
    op.create_table(
        "quizzes",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("host_id", sa.BigInteger(), nullable=True),
        sa.Column("uploader_id", sa.BigInteger(), nullable=True),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", DOCUMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["guild_id"],
            ["servers.guild_id"],
            name="fk_quizzes_guild_id_servers",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_quizzes"),
        sa.UniqueConstraint("channel_id", name="uq_quizzes_channel_id"),
        sa.UniqueConstraint("guild_id", "id", name="uq_quizzes_guild_id_id"),
    )
    op.create_index("ix_quizzes_host_id", "quizzes", ["host_id"], unique=False)
    op.create_index("ix_quizzes_uploader_id", "quizzes", ["uploader_id"], unique=False)
    op.create_table(
        "quiz_players",
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("quiz_id", sa.String(length=16), nullable=False),
        sa.Column("member_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("state", DOCUMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["guild_id", "quiz_id"],
            ["quizzes.guild_id", "quizzes.id"],
            name="fk_quiz_players_guild_id_quiz_id_quizzes",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("quiz_id", "member_id", name="pk_quiz_players"),
    )
    op.create_index("ix_quiz_players_member_id", "quiz_players", ["member_id"], unique=False)
    op.create_table(
        "quiz_scores",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("season", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("member_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("quizzes", sa.Integer(), nullable=False),
        sa.Column("wins", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("correct", sa.Integer(), nullable=False),
        sa.Column("total_ms", sa.BigInteger(), nullable=False),
        sa.Column("fastest_ms", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["guild_id", "season"],
            ["quiz_seasons.guild_id", "quiz_seasons.number"],
            name="fk_quiz_scores_guild_id_season_quiz_seasons",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("guild_id", "season", "member_id", name="pk_quiz_scores"),
    )
    op.create_index("ix_quiz_scores_member_id", "quiz_scores", ["member_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_quiz_scores_member_id", table_name="quiz_scores")
    op.drop_table("quiz_scores")
    op.drop_index("ix_quiz_players_member_id", table_name="quiz_players")
    op.drop_table("quiz_players")
    op.drop_index("ix_quizzes_uploader_id", table_name="quizzes")
    op.drop_index("ix_quizzes_host_id", table_name="quizzes")
    op.drop_table("quizzes")
    op.drop_table("quiz_seasons")
    op.drop_index("ix_quiz_asked_asked_at", table_name="quiz_asked")
    op.drop_table("quiz_asked")
