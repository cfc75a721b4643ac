"""Names and descriptions of commands, options and choices in every language we have.

Discord shows each member the names of their own language; what it sends us, and what the
documentation says, is the English one.
"""

from __future__ import annotations

import discord
from discord import app_commands
from discord.app_commands import TranslationContextLocation as Location

from cogs.shared import language

CONTEXTS = {
    Location.command_name: "command",
    Location.group_name: "command",
    Location.parameter_name: "option",
    Location.choice_name: "choice",
}
"""A word that names something is translated apart from the same word in a sentence."""


class CatalogTranslator(app_commands.Translator):
    """Looks everything up in ``data/locales``."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        spoken = language.supported(str(locale))
        if spoken == language.ENGLISH:
            return None
        menu = isinstance(context.data, app_commands.ContextMenu)
        name = None if menu else CONTEXTS.get(context.location)
        with language.speaking(spoken):
            if name is None:
                return language._(string.message)
            return language.pgettext(name, string.message)
