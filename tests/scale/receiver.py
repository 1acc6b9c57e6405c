"""A server for the event handler's posts, which can kill it at chosen moments."""

import pathlib
import sys
import threading
import time

from cluster import SOURCE

sys.path.insert(0, str(SOURCE / "tests/http"))

from servers import Server  # noqa: E402

TARGET = "/events?from=test"
OK = "HTTP/1.1 204 No Content\r\n\r\n"
# What the handler needs and nothing else; the port is the test's.
POLICY = [
    "--allow=args://1",
    "--allow=args://2",
    "--allow=clock://monotonic",
    "--allow=control://",
    "--allow=file:///handler.journal",
    "--allow=file:///dead",
    "--allow=http://127.0.0.1:*/events",
]
# When a handler is killed, seen from the server: no more than one of its requests is under way then.
MOMENTS = (
    "at the head",
    "before the answer",
    "in the answer",
    "at the answer",
    "after the answer",
    "at a time",
)


class Receiver:
    """Keeps (key, body) of each request that came whole, in order. `answer(key)` gives what is
    answered, a function that answers on the connection, or None; after what is no whole answer it
    hangs up. `plan` is what kills the victim next: the moment, the number of the request, and
    seconds. Who sets the victim has the lock until it is there: it may post before."""

    def __init__(self, answer=lambda key: OK, target=TARGET):
        self.answer = answer
        self.target = target if target.startswith("/") else "/" + target
        self.lock = threading.Lock()
        self.got = []
        self.plan = None
        self.victim = None
        self.seen = 0
        self.server = Server(self.handle)
        self.url = self.server.url(target)

    def __enter__(self):
        self.server.__enter__()
        return self

    def __exit__(self, *how):
        self.server.__exit__(*how)

    def due(self, moment):
        return self.plan is not None and self.plan[:2] == (moment, self.seen)

    def kill(self):
        with self.lock:
            self.victim.kill()

    def handle(self, connection):
        while head := connection.head():
            fields = dict(line.lower().split(": ", 1) for line in head[1:])
            assert head[0] == f"POST {self.target} HTTP/1.1", head[0]
            assert fields["content-type"] == "application/json" and "content-length" in fields
            key = next(
                line.split(": ", 1)[1] for line in head[1:] if line.startswith("Idempotency-Key")
            )
            self.seen += 1
            if self.due("at the head"):
                self.kill()
                return
            body = connection.body(head)  # whole, or EOFError
            with self.lock:
                self.got.append((key, body))
            if self.due("before the answer"):
                self.kill()
                return
            answer = self.answer(key)
            if answer is None:
                return
            if callable(answer):
                answer(connection)
                return
            if self.due("in the answer"):
                connection.send(answer[: len("HTTP/1.1 20")])
                self.kill()
                return
            connection.send(answer)
            if not answer.endswith("\r\n\r\n"):
                return
            if self.due("after the answer"):
                time.sleep(self.plan[2])  # the handler is at its journal, or at the next event
            if self.due("at the answer") or self.due("after the answer"):
                self.kill()
                return

    def bodies(self):
        with self.lock:
            return [body for _, body in self.got]


class Handler:
    """A handler's folder: its input, journal and dead letters."""

    def __init__(self, folder, program):
        self.folder = pathlib.Path(folder)
        self.program = program
        self.input = self.folder / "events"
        self.journal = self.folder / "handler.journal"
        (self.folder / "dead").mkdir()

    def argv(self, url, kind="wanted"):
        return [*map(str, self.program), kind, url]

    def dead(self):
        """{position: line} of the dead letters. What a kill may leave is no letter: it begins with a dot."""
        return {
            int(path.name): path.read_bytes()
            for path in (self.folder / "dead").iterdir()
            if not path.name.startswith(".")
        }

    def position(self):
        """What the journal says; it is whole at any time."""
        if not self.journal.exists():
            return 0
        text = self.journal.read_bytes()
        assert text.endswith(b"\n") and text[:-1].isdigit(), text
        return int(text)
