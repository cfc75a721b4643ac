"""Every sentence of the settings, in one place."""

from __future__ import annotations

from cogs.shared.language import _
from cogs.shared.wording import listed, percent
from store.types import CardDetail, NameOrder, QuizDefaults, ServerSettings

COMMAND = "How I behave in this server."
TITLE = "Settings of this server"
ROLES = "Who teaches me without asking (nobody chosen: who may manage the server)"
APPROVAL = "Where staff decide about what others teach me"
LISTENING = "Channels in which I answer every picture"
CONFIDENCE = "From which confidence on I say a name"
DETAIL = "How much a card tells"
LANGUAGE = "My language here"
PLACES, ANSWERS = "Who and where …", "Answers …"
CROPS_ON, CROPS_OFF = "Keep small pictures: on", "Keep small pictures: off"
ORDERS = {
    NameOrder.FAMILY_FIRST: "Names: Ayanami Rei",
    NameOrder.GIVEN_FIRST: "Names: Rei Ayanami",
}
DETAILS = {
    CardDetail.SHORT: "Short: name and series",
    CardDetail.NORMAL: "Normal",
    CardDetail.FULL: "Full: everything I know",
}
OWN_CONFIDENCE = "As I was trained"
OWN_LANGUAGE = "Each member's own"
LANGUAGES = {
    "en-US": "English",
    "ja": "日本語",
    "de": "Deutsch",
    "es-ES": "Español",
    "fr": "Français",
    "pt-BR": "Português",
}
NO_CONTENT = (
    "-# Discord doesn't show me what people post here until whoever runs me switches that on "
    "(`ANIWHOIS_MESSAGE_CONTENT`); listening waits for it."
)
CROPS = (
    "Small pictures (at most 128 × 128 pixels) of what was taught are kept only where that is "
    "switched on; switching it off deletes them."
)


def confidence(value: float | None) -> str:
    return OWN_CONFIDENCE if value is None else f"From {percent(value)} on"


def summary(settings: ServerSettings, *, content: bool) -> str:
    """What is set, in words. ``content``: Discord shows the bot what people post."""
    roles = [f"<@&{role}>" for role in sorted(settings.teaching_roles)]
    channels = [f"<#{one}>" for one in sorted(settings.listening_channels)]
    approval = f"<#{settings.approval_channel}>" if settings.approval_channel else "nowhere"
    language = LANGUAGES.get(settings.language or "", OWN_LANGUAGE)
    lines = [
        f"Teaching at once: {listed(roles[:10]) or 'who may manage the server'}",
        f"Others' suggestions: {approval}",
        f"Every picture answered in: {listed(channels[:10]) or 'no channel'}",
        f"Names: {confidence(settings.naming_confidence)}",
        f"Language: {language}",
        quiz_summary(settings.quiz),
        CROPS,
    ]
    if settings.listening_channels and not content:
        lines.append(NO_CONTENT)
    return "\n".join(lines)


def quiz_page() -> str:
    return _("Quiz …")


def quiz_summary(quiz: QuizDefaults) -> str:
    return _(
        "Quiz: {rounds} rounds of {seconds} s, {answers}, {mode}; spelling: {tolerance}"
    ).format(
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


def quiz_tolerance(tolerance: str) -> str:
    known = {"exact": _("exact"), "normal": _("normal"), "lenient": _("lenient")}
    return known.get(tolerance, tolerance)


def quiz_spelling(tolerance: str) -> str:
    return _("Spelling: {tolerance}").format(tolerance=quiz_tolerance(tolerance))
