"""The event handler, killed by SIGKILL at 200 random moments and started again each time: each event
arrives, whole and in order, and at most one is posted again for each kill."""

import itertools
import json
import random
import signal
import subprocess
import sys
import time

from cluster import BUILD, DEADLINE, ScaleTest, guest, main, sandboxed
from receiver import MOMENTS, POLICY, Handler, Receiver

SEED = 20_260  # of the moments
LONG = 60_000  # bytes of some events
MORE = 100  # lines that the input grows by


def events(rolls):
    """Lines without end: events of the type that is wanted, between them events of others and none."""
    for number in itertools.count():
        for _ in range(rolls.choice((0, 0, 1, 2))):
            yield rolls.choice(
                (b'{"id":"x%d","type":"other"}' % number, b"not an event %d" % number)
            )
        text = "x" * LONG if number % 50 == 0 else "é" * rolls.randrange(100)
        event = {"id": f"e{number}", "type": "wanted", "text": text}
        yield json.dumps(event, ensure_ascii=number % 2 == 0).encode()


class Kills(ScaleTest):
    @classmethod
    def guests(cls):
        cls.program = guest(cls.bin, "events/handler.c", *POLICY)

    def setUp(self):
        super().setUp()
        self.env |= sandboxed(self.program)

    def killed(self, handler, receiver, rolls):
        """Runs it until it is killed by a plan of chance; returns whether it was."""
        receiver.seen = 0
        receiver.plan = (rolls.choice(MOMENTS), rolls.randrange(1, 4), rolls.random() ** 3 * 0.01)
        with handler.input.open("rb") as stdin, receiver.lock:
            receiver.victim = subprocess.Popen(
                handler.argv(receiver.url),
                stdin=stdin,
                cwd=handler.folder,
                stderr=subprocess.PIPE,
                env=self.env,
            )
        if receiver.plan[0] == "at a time":
            time.sleep(rolls.random() ** 2 * 0.05)
            receiver.kill()
        _, error = receiver.victim.communicate(timeout=DEADLINE)
        if receiver.victim.returncode == -signal.SIGKILL:
            return True
        self.assertEqual(receiver.victim.returncode, 0, error)
        return False

    def check(self, handler, receiver, lines):
        """What holds at any time: all before the journal's position is with the server or dead."""
        position, at = handler.position(), 0
        bodies, dead = set(receiver.bodies()), handler.dead()
        for line in lines:
            if at >= position:
                break
            if b'"wanted"' in line:
                self.assertTrue(line in bodies, f"lost: {line[:40]}")
            elif b'"other"' not in line:
                self.assertEqual(dead.get(at), line + b"\n")
            at += len(line) + 1
        self.assertEqual(at, position)  # the end of a line
        return position

    def run_kills(self, program, kills):
        """Until it was killed so often; when it is done with its input, that grows."""
        rolls = random.Random(SEED)
        source, lines = events(random.Random(SEED)), []
        handler = Handler(self.dir, program)
        before = done = 0
        with Receiver() as receiver:
            while done < kills:
                if before == sum(len(line) + 1 for line in lines):
                    more = list(itertools.islice(source, MORE))
                    lines += more
                    with handler.input.open("ab") as file:
                        file.writelines(line + b"\n" for line in more)
                done += self.killed(handler, receiver, rolls)
                position = self.check(handler, receiver, lines)
                self.assertGreaterEqual(position, before)
                before = position
            receiver.plan = None
            with handler.input.open("rb") as stdin:
                subprocess.run(
                    handler.argv(receiver.url),
                    stdin=stdin,
                    cwd=handler.folder,
                    env=self.env,
                    check=True,
                    stderr=subprocess.DEVNULL,
                    timeout=DEADLINE,
                )
        self.assertEqual(self.check(handler, receiver, lines), handler.input.stat().st_size)
        expected = [line for line in lines if b'"wanted"' in line]
        bodies = receiver.bodies()
        # All, whole, in order, and nothing else.
        self.assertTrue(list(dict.fromkeys(bodies)) == expected, "events are lost or not whole")
        again = len(bodies) - len(expected)
        self.assertLessEqual(again, kills)
        for key, body in receiver.got:
            self.assertEqual(key, json.loads(body)["id"])
        bad = [line + b"\n" for line in lines if line.startswith(b"not")]
        self.assertEqual([line for _, line in sorted(handler.dead().items())], bad)
        print(f"{kills} kills, {len(expected)} events, {again} posted again", file=sys.stderr)

    def test_compiled(self):
        self.run_kills([self.program], 200)

    def test_interpreted(self):
        if not (BUILD / "bin/dagger").exists():
            self.skipTest("dagger is not built")
        self.run_kills([BUILD / "bin/dagger", *POLICY, f"{self.program}.wasm"], 20)


if __name__ == "__main__":
    main("clang")
