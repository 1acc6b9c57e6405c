"""Builds what is to be measured, and measures it in rounds.

In one round every configuration of a program runs once, one after the other (interleave.c), program
after program; then the next round begins. So what else the machine does for a while meets all
configurations of a program alike, and not the same program in each round.
"""

import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from configs import BY_NAME
from suite import EMPTY, Failure, HERE, call, environment

EMPTY_ROUNDS = 20  # of the empty program, in each round of the others: it is over in a moment


class Progress:
    """A line that changes, on a terminal only."""

    def __init__(self):
        self.on = sys.stderr.isatty()
        self.start = time.monotonic()

    def show(self, text):
        if self.on:
            seconds = int(time.monotonic() - self.start)
            sys.stderr.write(f"\r\x1b[K{seconds // 60}:{seconds % 60:02d} {text}")
            sys.stderr.flush()

    def clear(self):
        if self.on:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def build(builder, programs, configs, flavours, jobs, progress):
    """Builds everything, some at once. Returns the commands, and why others are missing, both by
    program and (flavour, configuration); the flavour of native ones is None."""
    commands, failures = {name: {} for name in programs}, {name: {} for name in programs}
    with ThreadPoolExecutor(jobs) as pool:
        try:
            guests = {(p.name, flavour): pool.submit(builder.guests, p, flavour)
                      for p in programs.values() for flavour in flavours}  # fmt: skip
            for future in guests.values():
                future.result()
            waiting = []
            for program in programs.values():
                for flavour in (None, *flavours):
                    made = guests[program.name, flavour].result() if flavour else None
                    for name in wanted(configs, flavour):
                        future = pool.submit(builder.build, program, flavour, name, made)
                        waiting.append((program.name, (flavour, name), future))
            for count, (program, key, future) in enumerate(waiting, 1):
                progress.show(f"building: {count} of {len(waiting)}")
                try:
                    commands[program][key] = future.result()
                except Failure as failure:
                    failures[program][key] = str(failure)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return commands, failures


def wanted(configs, flavour):
    for name in configs:
        config = BY_NAME[name]
        if (config.kind == "native") == (flavour is None) and flavour in (None, *config.flavours):
            yield name


class Meter:
    """Takes the times of the commands; `samples` has them in nanoseconds by program and key."""

    def __init__(self, work, commands, failures, progress):
        self.tool, self.progress = work / "interleave", progress
        self.commands, self.failures = commands, failures
        self.samples = {name: {} for name in commands}
        self.rounds = 0
        call(("cc", "-O2", "-o", self.tool, HERE.parent / "interleave.c"))

    def round(self):
        for count, (program, commands) in enumerate(self.commands.items(), 1):
            self.progress.show(
                f"round {self.rounds + 1}: {program}, {count} of {len(self.commands)}")
            self.take(program, commands)
        self.rounds += 1

    def take(self, program, commands):
        keys = [key for key in commands if self.rounds == 0 or not BY_NAME[key[1]].slow]
        argv = [str(self.tool), str(EMPTY_ROUNDS if program == EMPTY else 1)]
        for index, key in enumerate(keys):
            name = ("+" if BY_NAME[key[1]].times_itself else "") + str(index)
            argv += [*([":::"] if index else []), name, *commands[key]]
        done = subprocess.run(argv, stdout=subprocess.PIPE, text=True,
                              env=environment() | {"INTERLEAVE_WARM": "1"})  # fmt: skip
        if done.returncode != 0:
            raise Failure(f"{program}: interleave ended with status {done.returncode}")
        for key, line in zip(keys, done.stdout.splitlines(), strict=True):
            row = json.loads(line)
            if row["status"] != 0:  # it was well when it was built
                self.failures[program][key] = f"ended with status {row['status']} when measured"
                self.samples[program].pop(key, None)
                del commands[key]
                continue
            times = self.samples[program].setdefault(key, {"cpu": [], "wall": [], "max_rss_kib": 0})
            times["cpu"].append(row["cpu_min"])
            times["wall"].append(row["min"])
            times["max_rss_kib"] = max(times["max_rss_kib"], row["max_rss"])

    def run(self, rounds, deadline, most):
        """`rounds` rounds; None: as many as will be over by the deadline, at least one."""
        while True:
            start = time.monotonic()
            self.round()
            now = time.monotonic()
            if self.rounds == (rounds or most) or (not rounds and now + (now - start) > deadline):
                return
