"""What the quiz says to those who play and host; ``texts_stage.py`` has what everybody sees.

Constants are marked (`N_`) and said (`_`) where they are shown.
"""

from __future__ import annotations

from collections.abc import Mapping

from cogs.quiz.moves import Reply, Said
from cogs.quiz.rules import Answers, Mode, Tolerance
from cogs.shared.language import N_, _, ngettext
from cogs.shared.wording import decimal, escaped
from store.types import Score, Season

GROUP = N_("Quiz nights: who is it?")
START = N_("Start a quiz in this channel.")
STOP = N_("End the quiz of this channel; what was scored counts.")
PAUSE = N_("Stop the clock.")
RESUME = N_("Start the clock again.")
SKIP = N_("Skip this question. Members need a majority.")
HINT = N_("Ask for a hint. It costs points.")
STATS = N_("What you have scored in this server.")
LEADERBOARD = N_("Who is ahead in this server.")
SEASON = N_("Seasons of the leaderboard.")
RESET = N_("End this season and begin the next one.")

OPTION_DECK = N_("Where the questions come from")
OPTION_ROUNDS = N_("How many rounds: 1 to 50")
OPTION_SECONDS = N_("How many seconds a round has: 5 to 300")
OPTION_ANSWERS = N_("How to answer: four names, a form that nobody sees, or by typing")
OPTION_MODE = N_("Who scores")
OPTION_SERIES = N_("Only characters of this series")
OPTION_DIFFICULTY = N_("How hard the questions are")
OPTION_TOLERANCE = N_("How exactly a name has to be written")
OPTION_MISSED = N_("Only what this server has not known before")
OPTION_EVERYONE = N_("Vote for a hint that everybody sees")
OPTION_ALL_TIME = N_("All seasons together")

MODES: Mapping[Mode, str] = {
    Mode.EVERYONE: N_("Everyone who is right"),
    Mode.FIRST: N_("The first who is right"),
    Mode.TEAMS: N_("Two teams"),
    Mode.SURVIVAL: N_("Survival: three lives"),
    Mode.BOT: N_("Beat the bot"),
}
ANSWERS: Mapping[Answers, str] = {
    Answers.BUTTONS: N_("Buttons"),
    Answers.SECRET: N_("A secret form"),
    Answers.TYPED: N_("Typed in the channel"),
}
TOLERANCES: Mapping[Tolerance, str] = {
    Tolerance.EXACT: N_("Exact"),
    Tolerance.NORMAL: N_("Normal"),
    Tolerance.LENIENT: N_("Lenient"),
}
DIFFICULTIES: Mapping[str, str] = {
    "any": N_("Any"),
    "easy": N_("Easy"),
    "normal": N_("Medium"),
    "hard": N_("Hard"),
}
DECKS: Mapping[str, str] = {
    "clues": N_("Clues: who am I?"),
    "pictures": N_("Our pictures"),
    "host": N_("Host: pictures by /quiz host"),
    "anilist": N_("AniList: well-known characters"),
}
TEAMS = (N_("Red"), N_("Blue"))

ANSWER, HINT_BUTTON, SKIP_BUTTON = N_("Answer …"), N_("Hint"), N_("Skip")
FORM_TITLE, FORM_LABEL = N_("Who is it?"), N_("A name, in any spelling")
SURE, KEEP = N_("Begin the next season"), N_("Leave it as it is")


def deck(name: str) -> str:
    return _(DECKS[name]) if name in DECKS else name


def few(questions: int) -> str:
    return ngettext(
        "There is only {n} question of that kind, so it ends after it.",
        "There are only {n} questions of that kind, so it ends after them.",
        questions,
    ).format(n=questions)


def no_questions(*, missed: bool) -> str:
    if missed:
        return _("There is nothing of that kind that you have missed. Well done!")
    return _("I have no question of that kind that was not asked here within a month.")


def no_deck() -> str:
    return _("There is no such deck here.")


def needs_pictures() -> str:
    return _("The bot can only play with pictures. Please choose a deck that has some.")


def needs_content() -> str:
    return _(
        "Discord doesn't show me what people type here. Choose buttons or the secret form, or ask "
        "whoever runs me to switch on `ANIWHOIS_MESSAGE_CONTENT`."
    )


def cannot_post() -> str:
    return _("I need to be allowed to view this channel, write in it, and embed links and files.")


def busy() -> str:
    return _("A quiz is running in this channel already. `/quiz stop` ends it.")


def no_quiz() -> str:
    return _("There is no quiz in this channel.")


def round_over() -> str:
    return _("Too late: that round is over.")


def not_host() -> str:
    return _("Only whoever started the quiz, and staff, can do that.")


def deck_silent() -> str:
    return _("I can't get a question right now. Please try again in a moment.")


def reply(said: Reply, choice: str = "") -> str:
    """What a member is told about a move of his; ``choice`` is what he chose or typed."""
    match said.said:
        case Said.NOTED:
            return _("Noted: **{choice}**.").format(choice=escaped(choice))
        case Said.NEARLY:
            return _("Nearly! Look at the spelling and try again.")
        case Said.ALREADY:
            return _("You have answered already. One answer a round!")
        case Said.LATE:
            return round_over()
        case Said.PAUSED:
            return _("The quiz is paused.")
        case Said.OUT:
            return _("You have no lives left. Stay and watch!")
        case Said.NO_HINT:
            return _("There are no more hints.")
        case Said.COUNTED:
            return ngettext(
                "Your vote is counted. {n} more is needed.",
                "Your vote is counted. {n} more are needed.",
                said.n,
            ).format(n=said.n)
        case Said.SKIPPED:
            return _("Skipped.")
        case Said.JOINED:
            return _("You play for {team}.").format(team=_(TEAMS[said.n]))
        case Said.FULL:
            return _("That team has more members already. The other one needs you!")
        case Said.NOTHING:
            return _("There is nothing to do right now.")
        case Said.OVER:
            return no_quiz()
    return _("Done.")


def already_in(team: int) -> str:
    return _("You play for {team} already.").format(team=_(TEAMS[team]))


def hint(text: str) -> str:
    return _("A hint, for you alone: {hint}").format(hint=text)


def hint_for_all() -> str:
    return _("Everybody gets a hint.")


def paused() -> str:
    return _("Paused. `/quiz resume` goes on.")


def resumed() -> str:
    return _("On we go.")


def stopped() -> str:
    return _("That was it.")


def season_question(season: Season) -> str:
    return _(
        "Season {n} ends, and everybody begins season {next} without points. "
        "What was scored stays in the list of all time. Are you sure?"
    ).format(n=season.number, next=season.number + 1)


def season_begun(season: Season) -> str:
    return _("Season {n} has begun.").format(n=season.number)


def season_kept() -> str:
    return _("Nothing has changed.")


def board_title(season: Season | None) -> str:
    if season is None:
        return _("Leaderboard of all time")
    return _("Leaderboard of season {n}").format(n=season.number)


def nobody_scored() -> str:
    return _("Nobody has scored yet. `/quiz start` begins a quiz.")


def board_line(score: Score) -> str:
    return ngettext(
        "{rank}. <@{member}>: {n} point", "{rank}. <@{member}>: {n} points", score.points
    ).format(rank=score.rank, member=score.member_id, n=score.points)


def stats_title() -> str:
    return _("Your quiz nights")


def stats_season(season: Season | None) -> str:
    if season is None:
        return _("All time")
    return _("Season {n}").format(n=season.number)


def stats(score: Score | None) -> str:
    """One member's sums in words; None: nothing."""
    if score is None:
        return _("nothing yet")
    lines = [
        ngettext("{n} point, place {rank}", "{n} points, place {rank}", score.points).format(
            n=score.points, rank=score.rank
        ),
        ngettext("{n} quiz, {wins} won", "{n} quizzes, {wins} won", score.quizzes).format(
            n=score.quizzes, wins=score.wins
        ),
        _("{right} of {all} answers right").format(right=score.correct, all=score.answers),
    ]
    if score.correct and score.fastest_ms is not None:
        lines.append(
            _("{mean} s on average, {fastest} s at best").format(
                mean=seconds(score.total_ms / score.correct / 1000),
                fastest=seconds(score.fastest_ms / 1000),
            )
        )
    return "\n".join(lines)


def seconds(value_s: float) -> str:
    """One digit after the point."""
    return decimal(value_s, 1)
