"""Every sentence of the settings, in one place.

Constants are marked (`N_`) and said (`_`) where they are shown.
"""

from __future__ import annotations

from cogs.shared.language import LANGUAGES, N_, _
from cogs.shared.wording import listed, percent
from store.types import CardDetail, NameOrder, QuizDefaults, ServerSettings

COMMAND = N_("How I behave in this server.")
TITLE = N_("Settings of this server")
ROLES = N_("Who teaches me without asking (nobody chosen: who may manage the server)")
APPROVAL = N_("Where staff decide about what others teach me")
LISTENING = N_("Channels in which I answer every picture")
CONFIDENCE = N_("From which confidence on I say a name")
DETAIL = N_("How much a card tells")
LANGUAGE = N_("My language here")
PLACES, ANSWERS = N_("Who and where …"), N_("Answers …")
CROPS_ON, CROPS_OFF = N_("Keep small pictures: on"), N_("Keep small pictures: off")
ORDERS = {
    NameOrder.FAMILY_FIRST: N_("Names: Ayanami Rei"),
    NameOrder.GIVEN_FIRST: N_("Names: Rei Ayanami"),
}
DETAILS = {
    CardDetail.SHORT: N_("Short: name and series"),
    CardDetail.NORMAL: N_("Normal"),
    CardDetail.FULL: N_("Full: everything I know"),
}
OWN_CONFIDENCE = N_("As I was trained")
OWN_LANGUAGE = N_("Each member's own")
NO_CONTENT = N_(
    "-# Discord doesn't show me what people post here until whoever runs me switches that on "
    "(`ANIWHOIS_MESSAGE_CONTENT`); listening waits for it."
)
CROPS = N_(
    "Small pictures (at most 128 × 128 pixels) of what was taught are kept only where that is "
    "switched on; switching it off deletes them."
)


def confidence(value: float | None) -> str:
    if value is None:
        return _(OWN_CONFIDENCE)
    return _("From {percent} on").format(percent=percent(value))


def chosen(setting: str, choice: str) -> str:
    """The choice of a menu that is in force."""
    return _("{setting}: {choice}").format(setting=setting, choice=choice)


def summary(settings: ServerSettings, *, content: bool) -> str:
    """What is set, in words. ``content``: Discord shows the bot what people post."""
    lines = [
        _teachers([f"<@&{role}>" for role in sorted(settings.teaching_roles)]),
        _approval(settings.approval_channel),
        _listening([f"<#{one}>" for one in sorted(settings.listening_channels)]),
        _naming(settings.naming_confidence),
        _language(settings.language),
        quiz_summary(settings.quiz),
        _(CROPS),
    ]
    if settings.listening_channels and not content:
        lines.append(_(NO_CONTENT))
    return "\n".join(lines)


def _teachers(roles: list[str]) -> str:
    if not roles:
        return _("Teaching at once: who may manage the server")
    return _("Teaching at once: {roles}").format(roles=listed(roles[:10]))


def _approval(channel_id: int | None) -> str:
    if channel_id is None:
        return _("Others' suggestions: nowhere")
    return _("Others' suggestions: {channel}").format(channel=f"<#{channel_id}>")


def _listening(channels: list[str]) -> str:
    if not channels:
        return _("Every picture answered in: no channel")
    return _("Every picture answered in: {channels}").format(channels=listed(channels[:10]))


def _naming(least: float | None) -> str:
    if least is None:
        return _("Names: as I was trained")
    return _("Names: from {percent} on").format(percent=percent(least))


def _language(locale: str | None) -> str:
    if locale not in LANGUAGES:
        return _("Language: each member's own")
    return _("Language: {language}").format(language=LANGUAGES[locale])


def quiz_page() -> str:
    return _("Quiz …")


def quiz_summary(quiz: QuizDefaults) -> str:
    return _(
        "Quiz: {deck}; {rounds} rounds of {seconds} s, {answers}, {mode}; spelling: {tolerance}"
    ).format(
        deck=quiz_deck(quiz.deck),
        rounds=quiz.rounds,
        seconds=quiz.seconds,
        answers=quiz_answers(quiz.answers),
        mode=quiz_mode(quiz.mode),
        tolerance=quiz_tolerance(quiz.tolerance),
    )


def quiz_rounds(rounds: int | None) -> str:
    """A number of rounds; None: what the menu is for."""
    if rounds is None:
        return _("Rounds of a quiz")
    return _("{count} rounds").format(count=rounds)


def quiz_seconds(seconds: int | None) -> str:
    """Seconds to answer; None: what the menu is for."""
    if seconds is None:
        return _("Time for an answer")
    return _("{count} seconds").format(count=seconds)


def quiz_answers(answers: str | None) -> str:
    """How members answer; None: what the menu is for."""
    known = {
        "buttons": _("four buttons"),
        "secret": _("a secret form"),
        "typed": _("typed in the channel"),
    }
    return _("How members answer") if answers is None else known.get(answers, answers)


def quiz_mode(mode: str | None) -> str:
    """Who scores; None: what the menu is for."""
    known = {
        "everyone": _("everyone who is right scores"),
        "first": _("the first one scores"),
        "teams": _("two teams"),
        "survival": _("survival with three lives"),
        "bot": _("beat the bot"),
    }
    return _("Who scores") if mode is None else known.get(mode, mode)


def quiz_deck(deck: str) -> str:
    known = {
        "clues": _("Clues: who am I?"),
        "pictures": _("Our pictures"),
        "anilist": _("AniList: well-known characters"),
    }
    return known.get(deck, deck)


def quiz_questions(deck: str) -> str:
    return _("Deck: {deck}").format(deck=quiz_deck(deck))


def quiz_tolerance(tolerance: str) -> str:
    known = {"exact": _("exact"), "normal": _("normal"), "lenient": _("lenient")}
    return known.get(tolerance, tolerance)


def quiz_spelling(tolerance: str) -> str:
    return _("Spelling: {tolerance}").format(tolerance=quiz_tolerance(tolerance))
