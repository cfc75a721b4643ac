"""The log of teaching, a page at a time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import discord

from cogs.shared.language import _
from cogs.shared.refusals import NotHere, StaffOnly
from cogs.shared.safe import NOBODY, SafeItem, ServedInteraction, run
from cogs.shared.staff import is_staff
from cogs.teach import texts
from store.types.audit import GALLERY

if TYPE_CHECKING:
    from store.opening import Store

ENTRIES = 10


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """A page; its button leads to older entries."""

    text: str
    view: discord.ui.View


async def page_of(store: Store, guild_id: int, before: int | None) -> Page:
    """The entries older than `before`, newest first."""
    found = await store.audit.page(guild_id, kinds=GALLERY, before=before, limit=ENTRIES + 1)
    view = discord.ui.View(timeout=None)
    shown = found[:ENTRIES]
    if len(found) > ENTRIES:
        view.add_item(OlderButton(shown[-1].id))
    text = "\n".join(texts.entry(one) for one in shown) or _(texts.NOTHING_LOGGED)
    return Page(text, view)


class OlderButton(SafeItem[discord.ui.Button[Any]], template=r"teach:log:(?P<before>\d{1,18})"):
    """Shows older entries in the same message."""

    def __init__(self, before: int) -> None:
        super().__init__(discord.ui.Button(label=_(texts.OLDER), custom_id=f"teach:log:{before}"))
        self.before = before

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],
        item: discord.ui.Item[Any],
        match: re.Match[str],
        /,
    ) -> Self:
        return cls(int(match["before"]))

    async def callback(self, interaction: ServedInteraction) -> None:  # type: ignore[override]
        await run(interaction, self._show)

    async def _show(self, interaction: ServedInteraction) -> None:
        services = interaction.client.services
        if services.store is None or interaction.guild_id is None:
            raise NotHere
        if not await is_staff(interaction, services):
            raise StaffOnly
        page = await page_of(services.store, interaction.guild_id, self.before)
        await interaction.response.edit_message(
            content=page.text, view=page.view, allowed_mentions=NOBODY
        )
