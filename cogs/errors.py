"""The one table from domain errors to sentences, and what happens to every other error."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from typing import Any

import discord
from discord import app_commands

from cogs.shared import refusals
from cogs.shared.language import _, ngettext
from cogs.shared.private import tell_privately
from cogs.shared.services import ServedBot
from cogs.shared.wording import decimal
from recognition import errors
from store import errors as store_errors

log = logging.getLogger(__name__)

_MEBI = 1024 * 1024
_UNKNOWN_INTERACTION = 10062


def _too_large(error: errors.PictureTooLarge) -> str:
    match error.what:
        case "bytes":
            text = _("That picture is too big for me. I can take up to {limit} MB.")
            return text.format(limit=error.limit // _MEBI)
        case "pixels":
            text = _(
                "That picture has too many pixels for me. I can take up to {limit} megapixels."
            )
            return text.format(limit=error.limit // 1_000_000)
        case "frames":
            return _("That animation is too long for me. A single frame of it would work.")
    text = _("That picture is too large for me. {limit} pixels a side is my limit.")
    return text.format(limit=decimal(error.limit))


def _busy(error: errors.EncoderBusy) -> str:
    return ngettext(
        "I'm busy right now: {count} person is ahead of you. Please try again in a moment.",
        "I'm busy right now: {count} people are ahead of you. Please try again in a moment.",
        error.waiting,
    ).format(count=error.waiting)


def _too_many_pictures(error: errors.TooManyPictures) -> str:
    return ngettext(
        "That is too much at once. I can learn from up to {count} picture at a time.",
        "That is too much at once. I can learn from up to {count} pictures at a time.",
        error.limit,
    ).format(count=error.limit)


def _too_soon(error: refusals.AskedTooSoon) -> str:
    seconds = max(1, round(error.wait_s))
    return ngettext(
        "Give me {count} more second, then ask me again.",
        "Give me {count} more seconds, then ask me again.",
        seconds,
    ).format(count=seconds)


def _nothing_here(error: refusals.NothingHere) -> str:
    return ngettext(
        "I see no picture in the last {count} message. Give me one, or right-click one → Apps.",
        "I see no picture in the last {count} messages. Give me one, or right-click one → Apps.",
        error.looked_at,
    ).format(count=error.looked_at)


def _file_too_large(error: refusals.FileTooLarge) -> str:
    text = _("That file is too big for me. I can take up to {limit} MB.")
    return text.format(limit=error.limit // _MEBI)


def _staff_only(error: refusals.StaffOnly) -> str:
    if error.what == "teach":
        return _("Only staff can do that here.")
    return _("Only members who may manage the server can do that.")


def _limit_reached(error: store_errors.LimitReached) -> str:
    if error.what == "pending_per_member":
        return _("Staff still have to look at what you taught me before. Please wait for them.")
    if error.what == "pending_per_server":
        return _(
            "Too much is waiting for staff already. Please try again when they have caught up."
        )
    if error.what == "quizzes_per_server":
        text = _("{limit} quizzes are running in this server. Please wait for one to end.")
        return text.format(limit=decimal(error.limit))
    text = _("That would be more than I can keep for one server ({limit}).")
    return text.format(limit=decimal(error.limit))


def _value_refused(error: store_errors.ValueRefused) -> str:
    if error.name == "target_id":
        return _("These two are one and the same already.")
    if error.name in ("name", "series"):
        return _("I can't take that name. 1 to 100 ordinary characters work, 200 for a series.")
    return _("I can't take that value.")


def _undo_conflict(error: store_errors.UndoConflict) -> str:
    match error.reason:
        case "undone":
            return _("That has been undone already.")
        case "name":
            return _("That can't be undone: its old name belongs to somebody else now.")
    return _("That can't be undone any more.")


def _already_decided(error: store_errors.AlreadyDecided) -> str:
    match error.state:
        case "learned":
            return _("Somebody was faster: that one is learned already.")
        case "rejected":
            return _("Somebody was faster: that one is rejected already.")
    return _("Somebody was faster: that one is undone already.")


def _always(sentence: str) -> Callable[[Any], str]:
    """For sentences that need no data. What stands in the brackets is translated, too."""
    return lambda error: _(sentence)


_SENTENCES: dict[type[Exception], Callable[[Any], str]] = {
    errors.PictureTooLarge: _too_large,
    errors.UnsupportedPicture: _always(
        "I can't read that file as a picture. PNG, JPG, WebP, GIF, AVIF and BMP work."
    ),
    errors.BrokenPicture: _always(
        "That picture seems to be damaged. Could you save it again and send it once more?"
    ),
    errors.PictureInQuiz: _always(
        "A quiz is asking right now who that is, so I won't say. Ask me again after the round!"
    ),
    errors.EncoderBusy: _busy,
    errors.CharacterUnknown: _always("I don't know anybody by that name here."),
    errors.CharacterNotAdded: _always("I came here knowing that one, so it stays as it is."),
    errors.TooManyPictures: _too_many_pictures,
    refusals.NoPictures: _always("I can't find a picture in that message."),
    refusals.PictureGone: _always("The picture is gone, so I can't look at it any more."),
    refusals.PictureTooSlow: _always(
        "Discord took too long to hand me that picture. Please try again in a moment."
    ),
    refusals.PictureUnreachable: _always(
        "Discord doesn't hand me that picture right now. Please try again in a moment."
    ),
    refusals.LinkRefused: _always(
        "I can only follow links that begin with http:// or https://, and no passwords in them."
    ),
    refusals.LinkUnreachable: _always("I can't get a picture from that link."),
    refusals.NothingHere: _nothing_here,
    refusals.ChannelUnreadable: _always(
        "I can't read this channel. Give me a picture or a link, or right-click one → Apps."
    ),
    refusals.ContentHidden: _always(
        "Discord doesn't show me that picture. Please right-click it → Apps → Who is this?"
    ),
    refusals.AlreadyAsking: _always("I'm still looking at your last picture. One at a time!"),
    refusals.AskedTooSoon: _too_soon,
    refusals.Stopping: _always("I'm just restarting. Please ask me again in a minute."),
    store_errors.UnknownAnswer: _always(
        "That answer is too old, I have forgotten it. Please ask me again."
    ),
    store_errors.NotYours: _always(
        "Only whoever asked, and staff, can change that answer. Ask me yourself to get your own."
    ),
    store_errors.AnswerChanged: _always("Somebody else was faster. Please look at it again."),
    store_errors.StoreUnavailable: _always(
        "I can't remember anything right now. Please try again in a moment."
    ),
    refusals.StaffOnly: _staff_only,
    refusals.OwnerOnly: _always("Only the owner of the server can do that."),
    refusals.NotHere: _always("That works only in a server that has invited me."),
    refusals.NoApprovalChannel: _always(
        "Here only staff can teach me. They can choose a channel for suggestions in `/settings`."
    ),
    refusals.NobodyTaught: _always("Nobody of that name was taught here. `/teach log` helps."),
    refusals.FileTooLarge: _file_too_large,
    store_errors.UnknownCharacter: _always("Nobody of that name was taught here any more."),
    store_errors.UnknownLesson: _always("That is no longer waiting; it may have expired."),
    store_errors.UnknownAction: _always("There is no such entry in this server's log."),
    store_errors.NothingToUndo: _always("There is nothing to undo."),
    store_errors.NameTaken: _always(
        "Somebody of that name was taught here already. `/teach merge` makes two into one."
    ),
    store_errors.PictureThere: lambda error: _(
        "The quiz of this server has that picture already: it is number {number}."
    ).format(number=error.picture_id),
    store_errors.UnknownQuizPicture: _always(
        "This server's quiz has no picture with that number. `/quiz pictures list` shows them."
    ),
    store_errors.AlreadyDecided: _already_decided,
    store_errors.UndoConflict: _undo_conflict,
    store_errors.LimitReached: _limit_reached,
    store_errors.ValueRefused: _value_refused,
    store_errors.BundleOfOtherModel: _always(
        "That file was made with another version of my eyes, so its numbers mean nothing to me."
    ),
    store_errors.BundleBroken: _always("That is no file of `/teach export`, or it is damaged."),
    app_commands.CommandNotFound: _always(
        "I've just been updated, and your Discord shows an old command. Please reload it."
    ),
    app_commands.CommandSignatureMismatch: _always(
        "I've just been updated, and your Discord shows an old command. Please reload it."
    ),
    app_commands.CheckFailure: _always("You aren't allowed to do that here."),
}


def sentence_for(error: Exception) -> str | None:
    """The friendly sentence for a domain error; None for everything that nobody expected."""
    if isinstance(error, refusals.ToldRefusal):
        return error.sentence()
    for kind in type(error).__mro__:
        if kind in _SENTENCES:
            return _SENTENCES[kind](error)
    return None


def apology(error: Exception, log_id: str) -> str:
    """What people read when something broke that should not; `log_id` finds it in the log."""
    if isinstance(error, errors.WeightsError | errors.ModelMismatch):
        return _(
            "I can't look at pictures right now: my installation is incomplete. "
            "Whoever runs me finds the reason in my log under `{code}`"
        ).format(code=log_id)
    return _(
        "Sorry, something went wrong on my side. "
        "If it happens again, tell whoever runs me this code: `{code}`"
    ).format(code=log_id)


def explain(error: Exception, where: str) -> str:
    """What to tell whoever caused an error; the log is told as well. ``where`` is for the log."""
    text = sentence_for(error)
    if text is not None:
        log.info("refused reason=%s", type(error).__name__)
        return text
    log_id = secrets.token_hex(4)
    log.error("unexpected id=%s where=%r", log_id, where, exc_info=error)
    return apology(error, log_id)


async def on_error(
    interaction: discord.Interaction[ServedBot], error: app_commands.AppCommandError
) -> None:
    """Answers every error of every command, ephemerally."""
    cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
    # A bot that is being stopped still says what went wrong before it leaves.
    with interaction.client.services.work.part():
        await _answer(interaction, cause)


async def _answer(interaction: discord.Interaction[ServedBot], cause: Exception) -> None:
    if isinstance(cause, discord.NotFound) and cause.code == _UNKNOWN_INTERACTION:
        log.warning("came too late to answer interaction=%d", interaction.id)
        return
    command = interaction.command.qualified_name if interaction.command else "a button"
    text = explain(cause, command)
    try:
        await tell_privately(interaction, text)
    except discord.HTTPException:
        log.exception("could not tell of it interaction=%d", interaction.id)


async def setup(bot: ServedBot) -> None:
    bot.tree.error(on_error)
