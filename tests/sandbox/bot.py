"""A small real discord.py bot with one command for each thing a bot can do."""

from __future__ import annotations

import asyncio
import io
from typing import Any

import discord
from discord import app_commands, ui
from discord.ext import commands

PNG = b"\x89PNG\r\n\x1a\n" + bytes(8) + (40).to_bytes(4, "big") + (30).to_bytes(4, "big") + bytes(9)
"""The first bytes of a 40 × 30 picture; enough for a content type and a size."""


class Note(ui.Modal, title="A note"):
    text: ui.TextInput[Any] = ui.TextInput(label="Text", max_length=50)

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"noted: {self.text.value}", ephemeral=True)


class Panel(ui.View):
    """Buttons and a menu."""

    def __init__(self) -> None:
        super().__init__(timeout=60)

    @ui.button(label="Count", custom_id="count")
    async def count(self, interaction: discord.Interaction, button: ui.Button[Any]) -> None:
        shown = interaction.message.content if interaction.message else "0"
        await interaction.response.edit_message(content=str(int(shown) + 1))

    @ui.button(label="Write", custom_id="write", style=discord.ButtonStyle.primary)
    async def write(self, interaction: discord.Interaction, button: ui.Button[Any]) -> None:
        await interaction.response.send_modal(Note())

    @ui.button(label="Later", custom_id="later")
    async def later(self, interaction: discord.Interaction, button: ui.Button[Any]) -> None:
        await interaction.response.defer()
        await interaction.edit_original_response(content="later")

    @ui.select(
        placeholder="Pick",
        custom_id="pick",
        max_values=2,
        options=[discord.SelectOption(label="Red", value="r"), discord.SelectOption(label="Blue")],
    )
    async def pick(self, interaction: discord.Interaction, menu: ui.Select[Any]) -> None:
        await interaction.response.send_message(",".join(menu.values), ephemeral=True)


class Club(commands.AutoShardedBot):
    """``seen`` and ``errors`` hold what the listeners got; ``gate`` holds back /slow."""

    def __init__(self, intents: discord.Intents | None = None, **options: Any) -> None:
        super().__init__(
            command_prefix=commands.when_mentioned,
            intents=intents or discord.Intents.default(),
            guild_ready_timeout=0.05,
            help_command=None,
            **options,
        )
        self.seen: list[discord.Message] = []
        self.errors: list[BaseException] = []
        self.resumes = 0
        self.gate = asyncio.Event()
        self._up = asyncio.Event()
        for command in (echo, slow, panel, hush, twice, cards, layout, wave, shelf, look, desk):
            self.tree.add_command(command)
        self.tree.error(self._keep)

    async def _keep(self, _: discord.Interaction, error: app_commands.AppCommandError) -> None:
        self.errors.append(getattr(error, "original", error))

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Discord wants 5 s between identifies; the sandbox has time."""

    async def wait_until_ready_here(self) -> None:
        await self._up.wait()

    async def on_ready(self) -> None:
        self._up.set()

    async def on_resumed(self) -> None:
        self.resumes += 1

    async def on_message(self, message: discord.Message) -> None:
        if message.author != self.user:
            self.seen.append(message)


@app_commands.command(description="Send a picture back")
@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
async def echo(
    interaction: discord.Interaction, picture: discord.Attachment, title: str = "a picture"
) -> None:
    await interaction.response.defer(thinking=True)
    try:
        data = await picture.read()
    except discord.HTTPException as failure:
        await interaction.followup.send(f"cannot read it: {failure.status}")
        return
    embed = discord.Embed(title=title, description=f"{len(data)} bytes")
    file = discord.File(io.BytesIO(data), picture.filename, description="what it was")
    await interaction.followup.send(embed=embed, file=file)


@app_commands.command(description="Wait for the gate, then answer")
async def slow(interaction: discord.Interaction[Club], defer: bool = False) -> None:
    if defer:
        await interaction.response.defer()
    await interaction.client.gate.wait()
    if defer:
        await interaction.followup.send("through")
    else:
        await interaction.response.send_message("through")


@app_commands.command(description="Show buttons")
async def panel(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("0", view=Panel())


class Desk(ui.View):
    """A menu of each kind of thing, a link, and a button that cannot be pressed."""

    def __init__(self) -> None:
        super().__init__(timeout=60)
        self.add_item(ui.Button(label="Read more", url="https://example.com/"))
        self.add_item(ui.Button(label="Not yet", custom_id="not-yet", disabled=True))

    @ui.select(cls=ui.UserSelect, placeholder="Who", custom_id="who", max_values=2)
    async def who(self, interaction: discord.Interaction, menu: ui.UserSelect[Any]) -> None:
        await interaction.response.send_message(",".join(one.display_name for one in menu.values))

    @ui.select(cls=ui.RoleSelect, placeholder="Which role", custom_id="role", min_values=0)
    async def role(self, interaction: discord.Interaction, menu: ui.RoleSelect[Any]) -> None:
        await interaction.response.send_message(",".join(one.name for one in menu.values) or "none")

    @ui.select(
        cls=ui.ChannelSelect,
        placeholder="Where",
        custom_id="where",
        channel_types=[discord.ChannelType.text],
    )
    async def where(self, interaction: discord.Interaction, menu: ui.ChannelSelect[Any]) -> None:
        await interaction.response.send_message(",".join(str(one.id) for one in menu.values))


@app_commands.command(description="Show menus of people, roles and channels")
async def desk(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("choose", view=Desk(), ephemeral=True)


@app_commands.command(description="Tell only you")
async def hush(interaction: discord.Interaction) -> None:
    await interaction.response.defer(ephemeral=True)
    await interaction.followup.send("psst")
    await interaction.followup.send("again", ephemeral=True)


@app_commands.command(description="Answer twice")
async def twice(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("once")
    again = discord.Interaction(data=interaction_copy(interaction), state=interaction._state)
    await again.response.send_message("twice")


def interaction_copy(interaction: discord.Interaction) -> Any:
    """The payload of an interaction, so that a second object can answer it as well."""
    return {
        "id": str(interaction.id),
        "type": 2,
        "token": interaction.token,
        "version": 1,
        "application_id": str(interaction.application_id),
        "attachment_size_limit": interaction.filesize_limit,
        "data": interaction.data,
        "channel": {},
    }


@app_commands.command(description="Ten embeds, with the picture inside")
async def cards(interaction: discord.Interaction) -> None:
    embeds = [discord.Embed(title=f"card {number}") for number in range(10)]
    embeds[0].set_image(url="attachment://sheet.png")
    file = discord.File(io.BytesIO(PNG), "sheet.png", description="ten people")
    await interaction.response.send_message(embeds=embeds, file=file)


class Sheet(ui.LayoutView):
    """Components v2: a box with text, a section with a thumbnail, and a gallery of one picture."""

    def __init__(self) -> None:
        super().__init__(timeout=60)
        again: ui.Button[Any] = ui.Button(label="Again", custom_id="again")
        self.add_item(
            ui.Container(
                ui.TextDisplay("## Three people"),
                ui.Section("Asuka", accessory=ui.Thumbnail("attachment://sheet.png")),
                ui.Separator(),
                ui.MediaGallery(
                    discord.MediaGalleryItem("attachment://sheet.png", description="three people")
                ),
                ui.File("attachment://sheet.png"),
                ui.ActionRow(again),
                accent_colour=0x5865F2,
            )
        )


@app_commands.command(description="Components v2")
async def layout(interaction: discord.Interaction) -> None:
    await interaction.response.defer()
    file = discord.File(io.BytesIO(PNG), "sheet.png", description="three people")
    await interaction.followup.send(view=Sheet(), file=file)


@app_commands.context_menu(name="Wave")
async def wave(interaction: discord.Interaction, user: discord.User) -> None:
    await interaction.response.send_message(f"hello {user.name}")


@app_commands.context_menu(name="Look at this")
async def look(interaction: discord.Interaction, message: discord.Message) -> None:
    sizes = [str(len(await file.read())) for file in message.attachments]
    await interaction.response.send_message(f"{message.content}: {', '.join(sizes)}")


class Shelf(app_commands.Group):
    @app_commands.command(description="Show a name")
    async def show(self, interaction: discord.Interaction, name: str) -> None:
        await interaction.response.send_message(name)

    @show.autocomplete("name")
    async def _names(
        self, interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        names = ["Asuka", "Rei", "Saber"]
        found = [name for name in names if name.lower().startswith(typed.lower())]
        return [app_commands.Choice(name=name, value=name.lower()) for name in found]


shelf = Shelf(name="shelf", description="Names")
