"""The bot on a stand-in Discord, on this machine: for people to try, and for scripts to call.

``--once`` prints what anybody in the channel could have read: everything in its JSON lines comes
out of the message that the bot sent, nothing out of the recogniser.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import dataclasses
import json
import logging
import re
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import bot
from cogs.shared.clock import Clock
from sandbox import InteractionHandle, Sandbox, SandboxError, StoredFile, StoredMessage

ROOT = Path(__file__).parent.parent
# Enough for the first start, which exports the networks to ONNX.
_PATIENCE_S = 300.0

_UNKNOWN = re.compile(r"I don't know (this one|these)")
_PERCENT = re.compile(r"(\d+) %")
_BRIEF = re.compile(r"-# ([\d, –…]+) · ([^,\n]+(?:, (?!\d+ %)[^,\n]+)*)(?:, ([\d %]+))?$", re.M)


@dataclasses.dataclass(frozen=True)
class Spoken:
    """One line of an answer: ``number`` 0 is the picture as a whole, ``name`` None an unknown."""

    number: int
    name: str | None
    probability: float


def read_answer(message: StoredMessage) -> list[Spoken]:
    """Reads back who was named, from the cards and, for crowds, from the small print under them.

    A card's title is ``"1, 3–5 · Ayanami Rei"``, ``"2 · I don't know this one"`` or ``"Whole
    picture · …"``; behind a spoiler the name stands bold in the description. *How sure* holds one
    percentage a number; an unknown has the percentage of its nearest guess, or 0.
    """
    found: list[Spoken] = []
    for embed in message.embeds:
        numbers, _, name = str(embed["title"]).partition(" · ")
        fields = {field["name"]: field["value"] for field in embed.get("fields", [])}
        description = embed.get("description", "")
        if name == "Spoiler" and (bold := re.search(r"\*\*(.+?)\*\*", description)):
            name = bold[1]
        found += _spoken(numbers, name, str(fields.get("How sure", description)))
    for numbers, name, sure in _BRIEF.findall(message.content):
        found += _spoken(numbers, name.strip("|"), sure)
    return sorted(found, key=lambda one: one.number)


def _spoken(numbers: str, name: str, sure: str) -> list[Spoken]:
    counted: list[int] = []
    for first, last in re.findall(r"(\d+)(?:–(\d+))?", numbers):
        counted += range(int(first), int(last or first) + 1)
    counted = counted or [0]
    percents = [int(percent) / 100 for percent in _PERCENT.findall(sure)]
    unknown = _UNKNOWN.fullmatch(name) is not None
    plain = None if unknown else re.sub(r"\\(.)", r"\1", name)
    percents += [percents[-1] if percents and not unknown else 0.0] * len(counted)
    return [Spoken(number, plain, p) for number, p in zip(counted, percents, strict=False)]


@contextlib.asynccontextmanager
async def running_bot(port: int = 0, clock: Clock | None = None) -> AsyncIterator[Sandbox]:
    """A stand-in Discord with the bot in it, ready to be asked. `clock` is that of its quizzes."""
    async with Sandbox(port=port) as sandbox:
        settings = dataclasses.replace(
            bot.Settings.from_env(),
            token=sandbox.token,
            discord_api=sandbox.rest_url,
            discord_gateway=sandbox.gateway_url,
            cooldown_s=0.0,
            shard_ids=None,
            shard_count=None,
        )
        async with (
            bot.open_services(settings) as services,
            bot.create_bot(
                settings, dataclasses.replace(services, clock=clock or services.clock)
            ) as it,
        ):
            running = asyncio.create_task(it.start(settings.token))
            ready = asyncio.create_task(sandbox.wait_ready(["whois", "Who is this?"]))
            await asyncio.wait({running, ready}, return_when=asyncio.FIRST_COMPLETED)
            if running.done():
                running.result()
            await ready
            print("loading the weights ...", file=sys.stderr)
            await services.recognizer.encoder.ready()
            try:
                yield sandbox
            finally:
                await it.drain()  # an answer is noted after it is shown
                await it.close()
                await asyncio.wait({running}, timeout=3)


async def ask(sandbox: Sandbox, picture: Path, out: Path) -> dict[str, Any]:
    """Asks ``/whois`` about one file; returns its JSON line and writes the annotated picture."""
    data = await asyncio.to_thread(picture.read_bytes)
    options = {"picture": (picture.name, data)}
    line: dict[str, Any] = {"picture": str(picture), "annotated": None, "alt": None, "faces": []}
    try:
        handle = await sandbox.slash(sandbox.member, sandbox.channel, "whois", options)
    except SandboxError as problem:  # Discord's client would not even send it
        return {**line, "error": str(problem), "ack_ms": None, "answer_ms": None}
    message = await wait_final(sandbox, handle)
    if message.files:
        annotated = message.files[0]
        target = await asyncio.to_thread(_write, out, picture, annotated)
        spoken = read_answer(message)
        line["annotated"], line["alt"] = str(target), annotated.description
        line["faces"] = [dataclasses.asdict(one) for one in spoken if one.number]
        whole = [one for one in spoken if not one.number]
        if whole:
            line["whole"] = {"name": whole[0].name, "probability": whole[0].probability}
    else:
        line["error"] = message.content
    line["ack_ms"], line["answer_ms"] = (
        round(handle.ack_ms or 0, 1),
        round(handle.answer_ms or 0, 1),
    )
    return line


async def wait_final(sandbox: Sandbox, handle: InteractionHandle) -> StoredMessage:
    """The answer itself: slow work tells of its progress first, in text alone.

    Raises:
        NoAnswer: it did not come.
    """
    await handle.wait_answer(_PATIENCE_S)

    def finished() -> list[StoredMessage]:
        return [
            one
            for one in handle.messages
            if one.has_answer and (one.files or one.embeds or one.ephemeral)
        ]

    await sandbox.wait_for(lambda: bool(finished()), _PATIENCE_S)
    return finished()[0]


_WRITTEN: set[Path] = set()


def _write(out: Path, picture: Path, annotated: StoredFile) -> Path:
    """``out/<stem>.jpg``; two pictures of one name in one run keep both their answers."""
    out.mkdir(parents=True, exist_ok=True)
    suffix = Path(annotated.filename).suffix
    target, number = out / f"{picture.stem}{suffix}", 2
    while target in _WRITTEN:
        target, number = out / f"{picture.stem}-{number}{suffix}", number + 1
    _WRITTEN.add(target)
    target.write_bytes(annotated.data)
    return target


async def once(pictures: Sequence[Path], out: Path) -> int:
    """One JSON line a picture on stdout; 1 where one of them could not be answered."""
    failed = False
    async with running_bot() as sandbox:
        for picture in pictures:
            print(f"asking about {picture} ...", file=sys.stderr)
            line = await ask(sandbox, picture, out)
            failed |= "error" in line
            print(json.dumps(line, ensure_ascii=False), flush=True)
    return 1 if failed else 0


async def show(port: int) -> int:
    """Posts the samples, asks who is in them, and serves the page until Ctrl-C."""
    async with running_bot(port) as sandbox:
        await _furnish(sandbox)
        samples = ROOT / "data" / "samples"
        await _ask_about(sandbox, "Do you know her?", [samples / "portrait.png"])
        await _ask_about(sandbox, "And them?", [samples / "friends.png", samples / "umbrella.png"])
        print(f"\nSee it, and ask yourself: {sandbox.page_url}   (Ctrl-C ends it)", flush=True)
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        await stop.wait()
    return 0


async def _furnish(sandbox: Sandbox) -> None:
    """More places to look at: a thread, a server without the bot, and a group of friends.

    Kai has the bot on his own account, so its commands are offered to him there all the same.
    """
    sandbox.channel.topic = "Pictures, and who is in them"
    sandbox.create_thread(sandbox.channel, "who drew this?", sandbox.other)
    sandbox.member.user_installed = True
    elsewhere = sandbox.create_guild("Film Night", sandbox.other, app_installed=False)
    sandbox.join(elsewhere, sandbox.member, sandbox.staff)
    lounge = sandbox.create_channel(elsewhere, "lounge")
    await sandbox.post(
        sandbox.other, lounge, "AniWhois is not in this server, only on Kai's account."
    )
    sandbox.group(sandbox.member, sandbox.other, sandbox.staff, name="Kai, Yuki, Mori")


async def _ask_about(sandbox: Sandbox, words: str, pictures: Sequence[Path]) -> None:
    """One member posts the pictures, another asks with the message command; prints the names."""
    names = " and ".join(picture.name for picture in pictures)
    print(
        f"{sandbox.member.name} posts {names}, {sandbox.other.name} asks who it is ...", flush=True
    )
    files = [(picture.name, picture.read_bytes()) for picture in pictures]
    posted = await sandbox.post(sandbox.member, sandbox.channel, words, files)
    handle = await sandbox.message_command(sandbox.other, posted, "Who is this?")
    for one in read_answer(await wait_final(sandbox, handle)):
        who = f"{one.name} ({one.probability:.0%})" if one.name else "someone unknown"
        print(f"  {one.number or 'whole picture'}: {who}", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/demo", description=__doc__)
    parser.add_argument("--once", nargs="+", type=Path, metavar="PICTURE", help="answer and leave")
    parser.add_argument(
        "--out", type=Path, default=Path("out"), help="folder for annotated pictures"
    )
    parser.add_argument("--port", type=int, default=0, help="port of the page (default: any free)")
    arguments = parser.parse_args()
    layout = "time=%(asctime)s level=%(levelname)s logger=%(name)s %(message)s"
    level = logging.INFO if arguments.once else logging.WARNING
    logging.basicConfig(stream=sys.stderr, level=level, format=layout)
    if missing := [str(path) for path in arguments.once or () if not path.is_file()]:
        parser.error(f"no such file: {', '.join(missing)}")
    try:
        job = once(arguments.once, arguments.out) if arguments.once else show(arguments.port)
        return asyncio.run(job)
    except KeyboardInterrupt:
        return 130
    except bot.SettingsError as problem:
        print(problem, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
