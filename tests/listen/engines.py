"""Guests of these tests, compiled once, and how both engines run them."""

import os
import pathlib
import socket
import struct
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(os.environ["DAGGER_SOURCE"])
BUILD = pathlib.Path(os.environ["DAGGER_BUILD"])
DAGGERCC = BUILD / "bin" / "daggercc"
DAGGER = BUILD / "bin" / "dagger"
sys.path.insert(0, str(SOURCE / "tests" / "http"))

from guest import Guest  # noqa: E402

ENGINES = ["daggercc"] + (["dagger"] if DAGGER.exists() else [])
CLANG = ["clang", "--target=wasm32", "-O2", "-mbulk-memory", "-nostdlib", "-Wl,--no-entry",
         "-I", SOURCE / "samples" / "include"]  # fmt: skip


class Program:
    """A module, in a folder that lives as long as the context."""

    def __init__(self, source, compiler=CLANG):
        self.place = tempfile.TemporaryDirectory(prefix="dagger-listen-")
        self.folder = pathlib.Path(self.place.name)
        self.module = self.folder / "guest.wasm"
        subprocess.run([*compiler, source, "-o", self.module], check=True)
        self.made = {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.place.cleanup()

    def command(self, engine, *options):
        """What runs the module with these options, which both tools have."""
        if engine == "dagger":
            return [DAGGER, *options, self.module]
        if options not in self.made:
            self.made[options] = self.folder / f"guest{len(self.made)}"
            subprocess.run([DAGGERCC, *options, self.module, "-o", self.made[options]], check=True)
        return [self.made[options]]


def lead():
    return Program(SOURCE / "tests" / "listen" / "lead.c")


class Led(Guest):
    """lead.c on a lead. Beside what Guest does, it asks control://."""

    def ask_control(self, command):
        result, more = self.ask("ask", command)
        assert result >= 0, result
        return bytes.fromhex(more).decode()

    def begin(self, *words):
        """Says what to do and does not wait until it is done: see done()."""
        self.process.stdin.write((" ".join(words) + "\n").encode())
        self.process.stdin.flush()

    def done(self):
        return int(self.process.stdout.readline().split()[0])


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def listening_url(guest, tries=20):
    """Has the guest listen at a free port, which somebody else may take before it does: the URL."""
    for _ in range(tries):
        url = f"tcp+listen://127.0.0.1:{free_port()}"
        if guest.open(f"{url}?timeout=0") == "TIMEOUT":
            return url
    raise AssertionError("no port is free")


def handed(command, sockets, names=None, **variables):
    """Keywords of subprocess.Popen or Led for a command that inherits sockets as sd_listen_fds(3) says.
    `variables` change what LISTEN_FDS and so on would be."""
    numbers = [sock.fileno() for sock in sockets]
    environment = {"LISTEN_FDS": str(len(numbers)), **({"LISTEN_FDNAMES": names} if names else {})}
    return {
        "command": [sys.executable, SOURCE / "tests" / "listen" / "handed.py",
                    ",".join(map(str, numbers)), *map(str, command)],
        "env": {**environment, **variables},
        "pass_fds": numbers,
    }  # fmt: skip


def connect(url):
    return socket.create_connection(("127.0.0.1", int(url.rsplit(":", 1)[1])), timeout=60)


def reset(sock):
    """Ends the connection by an RST."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


def everything(sock):
    data = b""
    while more := sock.recv(65536):
        data += more
    sock.close()
    return data
