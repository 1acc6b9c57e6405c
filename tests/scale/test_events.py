"""The event handler: what it posts, buries and refuses, and what it does when the server does not do
its part. tests/scale/test_kills.py has it killed."""

import json
import random
import re
import subprocess

from cluster import DEADLINE, ScaleTest, guest, main, sandboxed
from receiver import OK, POLICY, Handler, Receiver

SEED = 20_261  # of the mutants

# Lines that are no events, and words of the reason.
BAD = {
    b"": "expected an object",
    b"[]": "expected an object",
    b'"id"': "expected an object",
    b'{"id":"a"}': "expected a type",
    b'{"type":"wanted"}': "expected an id",
    b'{"id":1,"type":"wanted"}': "expected a string",
    b'{"id":"","type":"wanted"}': "expected an id",
    b'{"id":"a b","type":"wanted"}': "expected an id",
    b'{"id":"a\\r\\nX: y","type":"wanted"}': "an escape in id or type",
    '{"id":"é","type":"wanted"}'.encode(): "expected an id",
    b'{"id":"' + b"a" * 65 + b'","type":"wanted"}': "expected an id",
    b'{"id":"a","type":"want\\u0065d"}': "an escape in id or type",
    b'{"id":"a","ty\\u0070e":"wanted"}': "an escape in a member's name",
    b'{"id":"a","id":"b","type":"wanted"}': "id or type twice",
    b'{"id":"a","type":"wanted"} x': "something behind the object",
    b'{"id":"a","type":"wanted"': "expected ',' or '}'",
    b'{"id":"a","type":"wanted",}': "expected a string",
    b'{"id":"a","type":"wanted","x":}': "not a value",
    b'{"id":"a","type":"wanted","x":01}': "expected ',' or '}'",
    b'{"id":"a","type":"wanted","x":1.}': "not a value",
    b'{"id":"a","type":"wanted","x":-}': "not a value",
    b'{"id":"a","type":"wanted","x":NaN}': "not a value",
    b'{"id":"a","type":"wanted","x":[1 2]}': "expected ',' or ']'",
    b'{"id":"a","type":"wanted","x":"\x01"}': "a control byte in a string",
    b'{"id":"a","type":"wanted","x":"\\x"}': "an escape that JSON does not have",
    b'{"id":"a","type":"wanted","x":"\\u12g4"}': "expected four hexadecimal digits",
    b'{"id":"a","type":"wanted","x":"\xff"}': "not UTF-8",
    b'{"id":"a","type":"wanted","x":"\xc0\x80"}': "not UTF-8",
    b'{"id":"a","type":"wanted","x":"\xed\xa0\x80"}': "not UTF-8",
    b'{"id":"a","type":"wanted","x":"\xf4\x90\x80\x80"}': "not UTF-8",
    b'{"id":"a","type":"wanted","x":' + b"[" * 33 + b"]" * 33 + b"}": "nested too deep",
    b'{"id":"a","type":"wanted","x":"' + b"y" * 70_000 + b'"}': "longer than 65536 bytes",
    b"z" * 200_000: "longer than 65536 bytes",
}
GOOD = [
    b'{"id":"a","type":"wanted"}',
    b' { "type" : "wanted" , "id" : "Z9-._:" } \r',
    b'{"id":"a","x":{"id":2,"type":"other","id":3},"type":"wanted"}',
    b'{"id":"a","type":"wanted","x":[true,false,null,-0.5e+3,1E9,[],{},"\\u00e9\\ud800\\n\\\\"]}',
    '{"id":"a","type":"wanted","é":"\U0010ffff\u07ff\uffff"}'.encode(),
    b'{"id":"a","type":"wanted","x":' + b"[" * 32 + b"]" * 32 + b"}",
    b'{"id":"' + b"a" * 64 + b'","type":"wanted","x":"' + b"y" * 65_000 + b'"}',
]


def drip(start):
    """What answers with `start` and then a byte at a time, until the handler hangs up."""

    def answer(connection):
        connection.send(start)
        connection.sock.settimeout(0.05)
        while True:
            try:
                if not connection.more():
                    return
            except TimeoutError:
                connection.send("x")

    return answer


def is_event(line):
    """What Python's reader of JSON makes of it. It is not asked about lines with a backslash, since it
    does not tell an escape in a name."""

    def refuse(word):
        raise ValueError(word)

    def members(pairs):
        names = [name for name, _ in pairs]
        return dict(pairs) | {"twice": [name for name in ("id", "type") if names.count(name) > 1]}

    try:
        event = json.loads(line.decode(), parse_constant=refuse, object_pairs_hook=members)
    except ValueError:
        return False
    if not isinstance(event, dict) or event["twice"]:
        return False
    return (
        isinstance(event.get("id"), str)
        and isinstance(event.get("type"), str)
        and re.fullmatch(r"[A-Za-z0-9._:-]{1,64}", event["id"]) is not None
    )


class Events(ScaleTest):
    @classmethod
    def guests(cls):
        # With journals and dead letters that need not reach the disk: there are many.
        cls.program = guest(cls.bin, "events/handler.c", *POLICY, defines=['-DSYNC=""'])
        # Of little patience, for all that 127.0.0.1 has.
        cls.hasty = guest(
            cls.bin,
            "events/handler.c",
            *POLICY,
            "--allow=http://127.0.0.1:*",
            name="hasty",
            defines=['-DSYNC=""', "-DEXCHANGE_MS=500"],
        )

    def setUp(self):
        super().setUp()
        self.env |= sandboxed(self.program)
        self.handler = Handler(self.dir, [self.program])

    def put(self, lines):
        self.handler.input.write_bytes(b"".join(line + b"\n" for line in lines))

    def run_it(self, url, status=0, kind="wanted"):
        """Returns what it said."""
        with self.handler.input.open("rb") as stdin:
            done = subprocess.run(
                self.handler.argv(url, kind),
                stdin=stdin,
                cwd=self.dir,
                env=self.env,
                capture_output=True,
                timeout=DEADLINE,
            )
        self.assertEqual(done.returncode, status, done.stderr[-500:])
        return done.stderr.decode()

    def assertDone(self):
        self.assertEqual(self.handler.position(), self.handler.input.stat().st_size)

    def test_good_and_bad(self):
        lines = [line for pair in zip(BAD, GOOD * len(BAD)) for line in pair]
        self.put(lines)
        with Receiver() as receiver:
            said = self.run_it(receiver.url)
        good = [line for line in lines if line not in BAD]
        self.assertTrue(receiver.bodies() == good)
        self.assertTrue([line[:-1] for _, line in sorted(self.handler.dead().items())] == list(BAD))
        self.assertDone()
        position = 0
        for line in lines:
            record = re.search(rf"events: dead/{position:012}: (.*)", said)
            self.assertEqual(record is not None, line in BAD, line[:60])
            if record:
                self.assertIn(BAD[line], record.group(1), line[:60])
            position += len(line) + 1
        self.assertIn(f"{len(good)} posted, {len(BAD)} dead, 0 of other types", said)

    def test_mutants(self):
        """Events with a byte changed, left out or put in: the handler agrees with Python."""
        rolls = random.Random(SEED)
        base = '{"id":"a1","type":"wanted","n":[-1.5e2,{"t":true,"é":null}],"type2":""}'.encode()
        pieces = [bytes([byte]) for byte in b'{}[]",:0-.eEt \t\x00\x1f\x80\xc3\xff'] + [
            b'"id":"b",',
            b"[[",
        ]
        lines = []
        for _ in range(700):
            line = bytearray(base)
            for _ in range(rolls.choice((1, 1, 2))):
                at = rolls.randrange(len(line))
                line[at : at + rolls.randrange(2)] = rolls.choice([*pieces, b""])
            lines.append(bytes(line))
        self.put(lines)
        with Receiver() as receiver:
            self.run_it(receiver.url)
        wanted = [line for line in lines if is_event(line) and json.loads(line)["type"] == "wanted"]
        self.assertGreater(len(wanted), 30)
        self.assertEqual(receiver.bodies(), wanted)
        bad = [line + b"\n" for line in lines if not is_event(line)]
        self.assertEqual([line for _, line in sorted(self.handler.dead().items())], bad)
        self.assertDone()

    def test_nothing_to_do(self):
        self.put([])
        said = self.run_it("http://127.0.0.1:1/events")
        self.assertIn("0 posted, 0 dead, 0 of other types", said)
        self.assertDone()

    def test_the_server_comes_back(self):
        """An error of the server, too many requests, an answer cut short, garbage, none: tried again."""
        answers = [
            "HTTP/1.1 503 Later\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 429 Later\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 2",
            "what?\r\n",
            None,
        ]
        self.put([b'{"id":"a","type":"wanted"}', b'{"id":"b","type":"wanted"}'])

        def answer(_):
            return answers.pop(0) if answers else OK

        with Receiver(answer) as receiver:
            self.run_it(receiver.url)
        keys = [key for key, _ in receiver.got]
        self.assertEqual(sorted(keys), keys)
        self.assertEqual(set(keys), {"a", "b"})
        self.assertEqual(answers, [])
        self.assertDone()

    def test_the_server_does_not_come_back(self):
        self.put([b'{"id":"a","type":"wanted"}', b'{"id":"b","type":"wanted"}'])
        with Receiver(
            lambda key: OK if key == "a" else "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"
        ) as receiver:
            said = self.run_it(receiver.url, status=1)
        self.assertIn("b can't be posted: 500; run again to go on with it", said)
        self.assertEqual([key for key, _ in receiver.got], ["a"] + ["b"] * 6)
        self.assertEqual(self.handler.position(), self.handler.input.stat().st_size // 2)
        said = self.run_it(receiver.url, status=1)  # nobody listens any more
        self.assertIn("b can't be posted: could not reach the peer", said)
        with Receiver() as receiver:
            self.run_it(receiver.url)
        self.assertEqual([key for key, _ in receiver.got], ["b"])
        self.assertDone()

    def test_an_answer_without_end(self):
        """Its status is what counts; the rest is waited for no longer than for any byte."""
        self.env["DAGGER_IDLE_TIMEOUT"] = "2"
        self.put([b'{"id":"a","type":"wanted"}', b'{"id":"b","type":"wanted"}'])
        with Receiver(lambda key: "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n") as receiver:
            self.run_it(receiver.url)
        self.assertEqual(list(dict.fromkeys(key for key, _ in receiver.got)), ["a", "b"])
        self.assertDone()

    def test_an_answer_that_drips(self):
        """Bytes that come one by one, none of them late: an exchange has a deadline, and where
        control:// is denied, the rest of an answer is left after some reads."""
        self.handler.program = [self.hasty]
        self.put([b'{"id":"a","type":"wanted"}', b'{"id":"b","type":"wanted"}'])
        for denied, start, least in (
            ("", "HTTP/1.1 200 OK\r\nX: ", 2),
            ("control://", "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", 1),
        ):
            with self.subTest(start):
                self.handler.journal.unlink(missing_ok=True)
                self.env["DAGGER_DENY"] = denied
                answers = [drip(start)]
                with Receiver(lambda _: answers.pop() if answers else OK) as receiver:
                    self.run_it(receiver.url)
                keys = [key for key, _ in receiver.got]
                self.assertEqual(list(dict.fromkeys(keys)), ["a", "b"])
                self.assertGreaterEqual(keys.count("a"), least)
                self.assertDone()

    def test_targets(self):
        """What is behind the host is asked for as it stands there; the receiver compares."""
        self.handler.program = [self.hasty]
        self.put([b'{"id":"a","type":"wanted"}'])
        for target in ("", "?next=/events", "?", "/", "/a/b?c=//d", "//"):
            with self.subTest(target), Receiver(target=target) as receiver:
                self.handler.journal.unlink(missing_ok=True)
                self.run_it(receiver.url)
                self.assertEqual({key for key, _ in receiver.got}, {"a"})

    def test_refused_by_the_server(self):
        lines = [b'{"id":"%d","type":"wanted"}' % status for status in (400, 404, 204, 413)]
        self.put(lines)
        with Receiver(lambda key: f"HTTP/1.1 {key} Such\r\nContent-Length: 0\r\n\r\n") as receiver:
            said = self.run_it(receiver.url)
        self.assertEqual(receiver.bodies(), lines)
        self.assertEqual(
            [line[:-1] for _, line in sorted(self.handler.dead().items())],
            [lines[0], lines[1], lines[3]],
        )
        self.assertIn("413 was refused: 413", said)
        self.assertDone()

    def test_a_line_that_grows(self):
        """What has no newline is not there yet, however long it is."""
        for more in (b'{"id":"b","type":', b"x" * 100_000):
            with self.subTest(more[:1]):
                self.handler.journal.unlink(missing_ok=True)
                self.handler.input.write_bytes(b'{"id":"a","type":"wanted"}\n' + more)
                with Receiver() as receiver:
                    for _ in range(2):
                        said = self.run_it(receiver.url, status=1)
                        self.assertIn(
                            "the last line has no newline; it is left for the next run", said
                        )
                        self.assertEqual(self.handler.position(), 27)
                    self.assertEqual(self.handler.dead(), {})
                    with self.handler.input.open("ab") as file:
                        file.write(b'"wanted"}\n')
                    self.run_it(receiver.url)
                self.assertDone()
        self.assertEqual(list(self.handler.dead()), [27])

    def test_another_journal(self):
        self.put([b'{"id":"a","type":"wanted"}'])
        for text, words in (
            (b"", "expected a number"),
            (b"12", "expected a number"),
            (b"-1\n", "expected a number"),
            (b"1" * 30 + b"\n", "expected a number"),
            (b"28\n", "shorter than handler.journal says"),
            (b"999999999999999999\n", "shorter than handler.journal says"),
            (b"5\n", "no line where handler.journal says"),
        ):
            with self.subTest(text):
                self.handler.journal.write_bytes(text)
                self.assertIn(words, self.run_it("http://127.0.0.1:1/events", status=1))
                self.assertEqual(self.handler.journal.read_bytes(), text)

    def test_what_it_may_not(self):
        """A URL that was not compiled in ends it, and nothing is done."""
        self.put([b'{"id":"a","type":"wanted"}'])
        for url in ("http://127.0.0.1:1/other", "http://localhost:1/events", "file:///events", "x"):
            with self.subTest(url):
                self.assertIn("a can't be posted: ", self.run_it(url, status=1))
                self.assertFalse(self.handler.journal.exists())

    def test_how_it_is_called(self):
        self.put([])
        done = subprocess.run(
            [self.program, "wanted"], cwd=self.dir, env=self.env, capture_output=True
        )
        self.assertEqual(done.returncode, 2)
        self.assertTrue(done.stderr.startswith(b"usage: handler TYPE URL < EVENTS: "), done.stderr)
        (self.dir / "dead").rmdir()
        said = self.run_it("http://127.0.0.1:1/events", status=1)
        self.assertIn("dead/, the folder for what can't be posted: the target does not exist", said)


if __name__ == "__main__":
    main("clang")
