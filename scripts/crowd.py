"""Many people ask at once: how soon the bot acknowledges, what is lost, what memory it takes.

A real bot in a process of its own, with the shipped networks, on the stand-in Discord of this
process. ``python -m scripts.crowd`` prints the figures that stand in the README; it needs psutil
(``scripts/setup --dev``).
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import dataclasses
import io
import itertools
import json
import os
import random
import statistics
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

import psutil
from PIL import Image, ImageOps

from sandbox import InteractionHandle, Sandbox, SandboxError, StoredMessage, User
from scripts.demo import wait_final

ROOT = Path(__file__).parent.parent
_MIB = 1024 * 1024
_NEVER_MS = 3000.0  # that is when Discord gives up


@dataclasses.dataclass(frozen=True)
class Round:
    """What one round came to. ``refused`` got a sentence instead of an answer, ``lost`` nothing."""

    askers: int
    answered: int
    refused: int
    lost: int
    ack_ms_median: float
    ack_ms_95: float
    ack_ms_max: float
    answer_s_median: float
    answer_s_max: float
    memory_mib: float

    def line(self) -> str:
        return (
            f"{self.askers:>6}  {self.answered:>8}  {self.refused:>7}  {self.lost:>4}  "
            f"{self.ack_ms_median:>5.0f} / {self.ack_ms_95:>4.0f} / {self.ack_ms_max:>4.0f}  "
            f"{self.answer_s_median:>8.1f} / {self.answer_s_max:>5.1f}  {self.memory_mib:>10.0f}"
        )


HEAD = "askers  answered  refused  lost  ack ms (50/95/100 %)  answer s (50/100 %)  memory MiB"


def pictures(seed: int = 0) -> Iterator[bytes]:
    """The samples and variations of them, every one another file, for ever."""
    draw = random.Random(seed)
    samples = [
        Image.open(path).convert("RGB")
        for path in sorted((ROOT / "data" / "samples").glob("*.png"))
    ]
    for number in itertools.count():
        picture = samples[number % len(samples)]
        side = draw.randrange(480, 1600)
        picture = picture.resize((side, max(1, side * picture.height // picture.width)))
        if draw.random() < 0.5:
            picture = ImageOps.mirror(picture)
        if draw.random() < 0.3:
            picture = ImageOps.expand(picture, draw.randrange(10, 90), "black")
        out = io.BytesIO()
        picture.save(out, draw.choice(("JPEG", "PNG", "WEBP")))
        yield out.getvalue()


@contextlib.asynccontextmanager
async def running_bot(sandbox: Sandbox) -> AsyncIterator[psutil.Process]:
    """``python bot.py`` on this stand-in, as operators run it, without the pause of a member."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("DISCORD_")}
    variables = {
        "DISCORD_TOKEN": sandbox.token,
        "ANIWHOIS_DISCORD_API": sandbox.rest_url,
        "ANIWHOIS_DISCORD_GATEWAY": sandbox.gateway_url,
        "ANIWHOIS_COOLDOWN_S": "0",
        "ANIWHOIS_LOG_LEVEL": "WARNING",
        "ANIWHOIS_ANILIST": "off",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "bot.py", cwd=ROOT, env={**kept, **variables}
    )
    try:
        await sandbox.wait_ready(["whois"], timeout=120)
        yield psutil.Process(process.pid)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


@dataclasses.dataclass(frozen=True)
class Told:
    """What one asker got, and how long it took; ``message`` None: nothing."""

    handle: InteractionHandle
    message: StoredMessage | None
    took_s: float


async def ask(sandbox: Sandbox, person: User, picture: bytes) -> Told:
    """One asker, from the command to the answer. Progress that is told in between is no answer."""
    began = time.monotonic()
    options = {"picture": ("picture.png", picture)}
    handle = await sandbox.slash(person, sandbox.channel, "whois", options)
    try:
        message = await wait_final(sandbox, handle)
    except SandboxError:
        message = None
    return Told(handle, message, time.monotonic() - began)


async def play(
    sandbox: Sandbox,
    bot: psutil.Process,
    people: Sequence[User],
    made: Iterator[bytes],
    over_s: float,
) -> Round:
    """Everybody asks once, evenly within `over_s` seconds, whatever the bot does meanwhile."""
    began = time.monotonic()
    asking = []
    for number, person in enumerate(people):
        picture = await asyncio.to_thread(next, made)
        await asyncio.sleep(max(0.0, began + number * over_s / len(people) - time.monotonic()))
        asking.append(asyncio.create_task(ask(sandbox, person, picture)))
    told = await asyncio.gather(*asking)
    acks = sorted(_NEVER_MS if one.handle.ack_ms is None else one.handle.ack_ms for one in told)
    took_s = sorted(one.took_s for one in told)
    await asyncio.sleep(1.0)  # the last of them is noted after it was posted
    return Round(
        askers=len(people),
        answered=sum(one.message is not None and bool(one.message.files) for one in told),
        refused=sum(one.message is not None and not one.message.files for one in told),
        lost=sum(one.message is None for one in told),
        ack_ms_median=statistics.median(acks),
        ack_ms_95=acks[int(0.95 * (len(acks) - 1))],
        ack_ms_max=acks[-1],
        answer_s_median=statistics.median(took_s),
        answer_s_max=took_s[-1],
        memory_mib=bot.memory_info().rss / _MIB,
    )


async def crowd(askers: int, over_s: float, rounds: int) -> list[Round]:
    """`rounds` rounds after one that warms up; the first of the list is that one."""
    made = pictures()
    async with Sandbox() as sandbox, running_bot(sandbox) as bot:
        people = [sandbox.create_user(f"person{n}", f"Person {n}") for n in range(askers)]
        sandbox.join(sandbox.guild, *people)
        found = []
        print(HEAD, flush=True)
        for _ in range(rounds + 1):
            found.append(await play(sandbox, bot, people, made, over_s))
            print(found[-1].line(), flush=True)
        return found


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/crowd", description=__doc__)
    parser.add_argument("--askers", type=int, default=100, help="people, each of whom asks once")
    parser.add_argument("--over", type=float, default=60.0, help="seconds in which they ask")
    parser.add_argument("--rounds", type=int, default=3, help="rounds after the one to warm up")
    parser.add_argument("--json", action="store_true", help="one JSON line a round at the end")
    arguments = parser.parse_args()
    found = asyncio.run(crowd(arguments.askers, arguments.over, arguments.rounds))
    measured = found[1:]
    grown = measured[-1].memory_mib - found[0].memory_mib
    print(
        f"after warming up: slowest acknowledgement {max(one.ack_ms_max for one in measured):.0f} "
        f"ms, refused {sum(one.refused for one in measured)}, "
        f"lost {sum(one.lost for one in measured)}, memory {grown:+.0f} MiB over {len(measured)} "
        f"rounds; {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    )
    if arguments.json:
        for one in found:
            print(json.dumps(dataclasses.asdict(one)))
    return 1 if any(one.lost for one in found) else 0


if __name__ == "__main__":
    sys.exit(main())
