"""What everybody sees of a quiz: questions, reveals, the podium."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cogs.quiz.deck import Person
from cogs.quiz.rules import Ending, Mode, Player, Rules, Vote
from cogs.quiz.scoring import Place, team_points
from cogs.quiz.texts import MODES, TEAMS, deck, seconds
from cogs.shared.language import N_, _, ngettext
from cogs.shared.wording import colour, escaped

MOST_LISTED = 10
_MEDALS = {1: "🥇", 2: "🥈", 3: "🥉"}
_STARS = "★★★"
HINTS = ("series", "letter", "looks")
ENDINGS: Mapping[Ending, str] = {
    Ending.PLAYED: N_("That was the last round."),
    Ending.SURVIVED: N_("Nobody is left to play on."),
    Ending.SILENCE: N_("Nobody has answered for three rounds, so I stopped."),
    Ending.DRY: N_("There are no more questions of that kind."),
    Ending.STOPPED: N_("The quiz was stopped."),
    Ending.FORGOTTEN: N_("The quiz stood still for too long, so I ended it."),
    Ending.UNPOSTED: N_("I can't write here as I need to, so I ended the quiz."),
    Ending.RESTARTED: N_(
        "I was away for too long, so I ended the quiz. What was scored until then counts."
    ),
}


def question_title(number: int, rounds: int) -> str:
    return _("Round {number} of {rounds}: who is it?").format(number=number, rounds=rounds)


def who_am_i(number: int, rounds: int) -> str:
    return _("Round {number} of {rounds}: who am I?").format(number=number, rounds=rounds)


def countdown(until_s: float) -> str:
    """Discord counts down by itself in every client."""
    return _("The time is up {when}.").format(when=f"<t:{round(until_s)}:R>")


def paused() -> str:
    return _("Paused: the clock stands still.")


def over() -> str:
    return _("The time is up.")


def how(rules: Rules) -> str:
    """The rules in one line."""
    return _("{mode} · {seconds} s a round · {deck}").format(
        mode=_(MODES[rules.mode]), seconds=rules.seconds, deck=deck(rules.deck)
    )


def started(host_id: int | None, rules: Rules) -> str:
    if host_id is None:
        text = ngettext("A quiz of {n} round!", "A quiz of {n} rounds!", rules.rounds)
    else:
        text = ngettext(
            "<@{host}> starts a quiz of {n} round!",
            "<@{host}> starts a quiz of {n} rounds!",
            rules.rounds,
        )
    return f"{text.format(host=host_id, n=rules.rounds)} {how(rules)}"


def join_a_team() -> str:
    return _("Choose a team, or answer and I put you into the smaller one.")


def back() -> str:
    return _("I was restarted in the middle of the quiz. No answer is lost, and on we go.")


def difficulty(value: float) -> str:
    """One to three stars."""
    return _STARS[: 1 + min(2, int(3 * value))]


def hint(kind: str, person: Person) -> str:
    """A hint by its word; "" where there is nothing to say."""
    if kind == "series":
        return _("The series is “{title}”.").format(title=escaped(person.series))
    if kind == "letter":
        letters = ", ".join(word[0] for word in person.names.romaji.split())
        return _("The first letters of the name: {letters}.").format(letters=letters)
    if person.hair and person.eyes:
        return _("Hair: {hair}. Eyes: {eyes}.").format(
            hair=colour(person.hair), eyes=colour(person.eyes)
        )
    if person.hair:
        return _("Hair: {hair}.").format(hair=colour(person.hair))
    return _("Eyes: {eyes}.").format(eyes=colour(person.eyes)) if person.eyes else ""


def hint_line(text: str) -> str:
    return _("Hint: {hint}").format(hint=text)


def it_was(name: str) -> str:
    return _("It was {name}.").format(name=escaped(name))


def picture_alt(number: int) -> str:
    """Before the reveal: nothing of who is in it."""
    return _("The picture of round {number}.").format(number=number)


def who_was_right(votes: Sequence[tuple[int, Vote]]) -> str:
    """Members with a right answer, fastest first."""
    if not votes:
        return _("Nobody knew it.")
    lines = [
        _("<@{member}>: {seconds} s, +{points}").format(
            member=member, seconds=seconds(vote.elapsed_s), points=vote.points
        )
        for member, vote in votes[:MOST_LISTED]
    ]
    more = len(votes) - MOST_LISTED
    if more > 0:
        lines.append(ngettext("and {n} more", "and {n} more", more).format(n=more))
    return "\n".join(lines)


RIGHT, SO_FAR = N_("Who was right"), N_("So far")


def rival(vote: Vote | None) -> str:
    if vote is None:
        return _("I had no idea.")
    if vote.right:
        return ngettext(
            "I knew it after {seconds} s, for {points} point.",
            "I knew it after {seconds} s, for {points} points.",
            vote.points,
        ).format(seconds=seconds(vote.elapsed_s), points=vote.points)
    return _("I was wrong.")


def gone() -> str:
    return _("I can't show this question any more, so nobody scores in it.")


def standing(
    places: Sequence[Place],
    mode: Mode,
    players: Mapping[int, Player],
    rival_points: int,
    *,
    medals: bool = False,
) -> str:
    """The points, best first."""
    lines = []
    if mode is Mode.TEAMS:
        totals = team_points(players)
        lines += [
            ngettext("**{team}**: {n} point", "**{team}**: {n} points", total).format(
                team=_(team), n=total
            )
            for team, total in zip(TEAMS, totals, strict=True)
        ]
    lines += [_line(one, mode, medals=medals) for one in places[:MOST_LISTED]]
    if len(places) > MOST_LISTED:
        more = len(places) - MOST_LISTED
        lines.append(ngettext("and {n} more", "and {n} more", more).format(n=more))
    if mode is Mode.BOT:
        lines.append(
            ngettext("And I: {n} point", "And I: {n} points", rival_points).format(n=rival_points)
        )
    return "\n".join(lines) or _("Nobody has played.")


def _line(place: Place, mode: Mode, *, medals: bool) -> str:
    medal = _MEDALS.get(place.rank, "") if medals and place.player.points else ""
    start = medal or f"{place.rank}."
    text = ngettext(
        "{start} <@{member}>: {n} point", "{start} <@{member}>: {n} points", place.player.points
    ).format(start=start, member=place.member_id, n=place.player.points)
    if mode is Mode.SURVIVAL:
        return text + " " + ("❤️" * place.player.lives or "💀")
    return text


PODIUM = N_("The podium")


def ending(why: Ending) -> str:
    return _(ENDINGS[why])


def beaten(names: int) -> str:
    return ngettext("{n} of you has beaten me.", "{n} of you have beaten me.", names).format(
        n=names
    )
