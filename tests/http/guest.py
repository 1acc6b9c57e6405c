"""The guest's side of the http tests: drives tests/http/probe.c, one call a line."""

import os
import pathlib
import re
import subprocess

BUILD = pathlib.Path(os.environ["DAGGER_BUILD"])
SOURCE = pathlib.Path(os.environ["DAGGER_SOURCE"])
PROBE = BUILD / "tests" / "http_probe"

ERRORS = {
    int(value): name
    for name, value in re.findall(
        r"X\((\w+), (-\d+),", (SOURCE / "streams" / "error.h").read_text()
    )
}


def named(result):
    """A count, or an error's name."""
    return ERRORS[result] if result < 0 else result


class Guest:
    """One process that opens streams. Every call answers a count, 0 or an error's name."""

    def __init__(self, *options, env=None, command=None, **more):
        """`command`: another program that does what the probe does; `more`: of subprocess.Popen."""
        self.process = subprocess.Popen(
            [*(command or [PROBE]), *map(str, options)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **(env or {})},
            **more,
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        status = self.process.wait(timeout=60)
        self.process.stdout.close()
        assert status == 0, f"the probe ended with status {status}"

    def ask(self, *words):
        self.process.stdin.write((" ".join(map(str, words)) + "\n").encode())
        self.process.stdin.flush()
        line = self.process.stdout.readline().decode()
        assert line, "the probe is gone"
        result, more = line.rstrip("\n").split(" ")
        return int(result), more

    def open(self, url):
        return named(self.ask("open", url)[0])

    def write(self, sd, data):
        return named(self.ask("write", sd, data.encode("latin-1").hex())[0])

    def flush(self, sd):
        return named(self.ask("flush", sd)[0])

    def close(self, sd):
        return named(self.ask("close", sd)[0])

    def read(self, sd, length=65536):
        result, data = self.ask("read", sd, length)
        return bytes.fromhex(data) if result >= 0 else ERRORS[result]

    def fill(self, sd, total, chunk=65536):
        """Writes the pattern: (error or 0, bytes written)."""
        result, done = self.ask("fill", sd, total, chunk)
        return named(result), int(done)

    def sink(self, sd, chunk=65536):
        """Reads the pattern to the end: (error, 0, or 1 if it differs; bytes read)."""
        result, done = self.ask("sink", sd, chunk)
        return named(result), int(done)

    def memory(self):
        """The most memory resident at once so far, in KiB."""
        return int(self.ask("memory")[1])

    def rest(self, sd):
        """All until the end: (bytes, error or 0)."""
        data = b""
        while True:
            more = self.read(sd)
            if isinstance(more, str):
                return data, more
            if not more:
                return data, 0
            data += more

    def response(self, sd):
        """The whole response: (status line, [field lines], body, error or 0)."""
        data, error = self.rest(sd)
        head, empty_line, body = data.partition(b"\r\n\r\n")
        assert empty_line or error, data
        lines = head.decode("latin-1").split("\r\n")
        return lines[0], lines[1:], body, error

    def head(self, sd):
        """Reads the head alone, byte by byte, so that the body stays."""
        data = b""
        while not data.endswith(b"\r\n\r\n"):
            more = self.read(sd, 1)
            assert isinstance(more, bytes) and more, (data, more)
            data += more
        return data.decode("latin-1").split("\r\n")[:-2]

    def exchange(self, url, request=""):
        """open, write, read all, close: (status line, fields, body, error of read, of close)."""
        sd = self.open(url)
        assert isinstance(sd, int), sd
        if request:
            assert self.write(sd, request) == len(request)
        response = self.response(sd)
        return (*response, self.close(sd))
