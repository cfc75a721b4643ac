"""How Alembic reaches the database: through the connection that ``store.migrate`` hands over."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import JSON

from store.models import Base
from store.models.base import Utc


def _render(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Migrations name plain SQL types, so that they do not change when our classes do."""
    if kind == "type" and isinstance(item, Utc):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, JSON):
        return "DOCUMENT"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite changes a table by rebuilding it
    compare_type=True,
    transactional_ddl=True,
    render_item=_render,
)
context.run_migrations()
