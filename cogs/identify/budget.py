"""Fits cards into one Discord message: ten embeds, 6,000 characters over all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import discord

from catalog import Catalog
from cogs.identify.cards import Card, Detail, embed_of, merged_unknowns
from cogs.identify.wording import length

MAX_EMBEDS = 10
MAX_EMBED_CHARACTERS = 6000


@dataclass(frozen=True, slots=True)
class Fitted:
    """``embeds`` in reading order, the cards that they show, and those that found no place."""

    embeds: list[discord.Embed]
    cards: list[Card]
    left_over: list[Card]


def pages_of(
    cards: Sequence[Card], catalog: Catalog, detail: Detail = Detail.NORMAL
) -> list[Fitted]:
    """All cards, a message's worth a page; what is most worth it first. At least one page."""
    pages = [fit(cards, catalog, detail)]
    while pages[-1].left_over:
        pages.append(fit(pages[-1].left_over, catalog, detail))
    return pages


def fit(cards: Sequence[Card], catalog: Catalog, detail: Detail = Detail.NORMAL) -> Fitted:
    """As many cards as fit, the known before the unknown; shorter cards before fewer cards."""
    ordered = sorted(cards, key=lambda card: card.order)
    if len(ordered) > MAX_EMBEDS:
        ordered = merged_unknowns(ordered)
    chosen = _most_worth_it(ordered, MAX_EMBEDS)
    embeds = [embed_of(card, catalog, detail) for card in chosen]
    for less in (Detail.NORMAL, Detail.SHORT):
        if less < detail and embed_characters(embeds) > MAX_EMBED_CHARACTERS:
            embeds = [embed_of(card, catalog, less) for card in chosen]
    while embed_characters(embeds) > MAX_EMBED_CHARACTERS:
        chosen = _most_worth_it(chosen, len(chosen) - 1)
        embeds = [embed_of(card, catalog, Detail.SHORT) for card in chosen]
    return Fitted(embeds, chosen, [card for card in ordered if card not in chosen])


def embed_characters(embeds: Sequence[discord.Embed]) -> int:
    """What counts towards Discord's limit over all embeds of a message."""
    total = 0
    for embed in embeds:
        texts = [embed.title, embed.description, embed.footer.text, embed.author.name]
        for field in embed.fields:
            texts += [field.name, field.value]
        total += sum(length(text) for text in texts if text)
    return total


def _most_worth_it(cards: Sequence[Card], most: int) -> list[Card]:
    """The first `most` cards, known characters first, back in reading order."""
    best = sorted(cards, key=lambda card: (card.name is None, card.order))[:most]
    return sorted(best, key=lambda card: card.order)
