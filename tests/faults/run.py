"""Calls of the C library fail once, in turn, over the samples, compiled and interpreted: each allocation,
mapping, open, read, write and call of a socket.

    run.py [--all] [GUEST...]

Whatever fails: no crash, no hang; a run that ends with status 0 did all of its work; one that failed has said
so by its status, its output is the beginning of the right one, and a file that is replaced has its old
content or its new one, never part of it.

Some runs have thousands of allocations. Where there are more than EACH calls of a kind, those that come by the
same callers, all the way up, are one site; the first call of each site fails, and the last. Of a guest that uses
libcurl these are MOST of a kind, evenly spread. With --all it is each call.
"""

import argparse
import contextlib
import os
import pathlib
import re
import shutil
import ssl
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "http"))
from servers import Authority, Server  # pylint: disable=wrong-import-position

BUILD = pathlib.Path(os.environ["DAGGER_BUILD"])
SOURCE = pathlib.Path(os.environ["DAGGER_SOURCE"])
KINDS = ["alloc", "map", "open", "read", "write", "socket"]
EACH = 1000
MOST = 60
TIMEOUT = 60  # seconds; no run takes one
TEXT = b"".join(b"line %d of the text\n" % i for i in range(1, 400))
REQUEST = b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n%s" % (len(TEXT), TEXT)
RESPONSE = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(TEXT), TEXT)


def clang(source, module):
    return ["clang", "--target=wasm32", "-O2", "-mbulk-memory", "-nostdlib", "-Wl,--no-entry",
            f"-I{SOURCE}/samples/include", SOURCE / source, "-o", module]  # fmt: skip


def wasi(source, module):
    return ["clang", "--target=wasm32-wasi", "-O2", SOURCE / source, "-o", module]


def rust(source, module):
    target = ("--target=wasm32-wasi", "-O") if "wasi" in source else (
        "--target=wasm32-unknown-unknown", "--crate-type=cdylib", "-Cpanic=abort", "-Copt-level=s")  # fmt: skip
    return ["/usr/bin/rustc", "--edition=2021", *target, SOURCE / source, "-o", module]


def assemblyscript(source, module):
    return [BUILD / "node/assemblyscript/node_modules/.bin/asc", SOURCE / source, "-O3", "--runtime", "stub",
            "--use", "abort=", "-o", module]  # fmt: skip


def zig(source, module):
    return [os.environ.get("DAGGER_ZIG") or "zig", "build-lib", SOURCE / source, "-target", "wasm32-freestanding",
            "-dynamic", "-rdynamic", "-O", "ReleaseSmall", f"-femit-bin={module}"]  # fmt: skip


def wat(source, module):
    return ["wat2wasm", SOURCE / source, "-o", module]


def answer(connection):
    """Answers whole requests; one that a fault has cut gets none."""
    while True:
        while b"\r\n\r\n" not in connection.buffer:
            if not connection.more():
                return
        connection.buffer = connection.buffer.partition(b"\r\n\r\n")[2]
        connection.send(RESPONSE)


# Guest: compiler, source, standard input, argument. HTTP, HTTPS, CLOSING and CLOSINGS stand for servers' addresses.
# samples/wat/legacy.wat is not among them: it looks at no result.
GUESTS = {
    "hello": (clang, "samples/c/hello.c", b""),
    "cat": (clang, "samples/c/cat.c", b"\n" + TEXT),
    "wc": (clang, "samples/c/wc.c", TEXT),
    "tee": (clang, "samples/c/tee.c", TEXT),
    "copy": (clang, "samples/c/copy.c", b"source\ntarget\n"),
    "echo": (clang, "samples/c/echo.c", b""),
    "log": (clang, "samples/c/log.c", TEXT),
    "roll": (clang, "samples/c/roll.c", b""),
    "sleep": (clang, "samples/c/sleep.c", b"", "1"),
    "printenv": (clang, "samples/c/printenv.c", b"", "GREETING"),
    "fetch": (clang, "samples/c/fetch.c", b"http://HTTP/\n"),
    "fetch-tls": (clang, "samples/c/fetch.c", b"https://HTTPS/\n"),
    "talk": (clang, "samples/c/talk.c", b"GET / HTTP/1.0\r\n\r\n", "tcp://CLOSING"),
    "talk-tls": (clang, "samples/c/talk.c", b"GET / HTTP/1.0\r\n\r\n", "tcp+tls://CLOSINGS"),
    "map": (clang, "samples/mapreduce/map.c", TEXT),
    "reduce": (clang, "samples/mapreduce/reduce.c", b"one\t1\ntwo\t2\none\t3\n" * 100),
    "cgi": (clang, "samples/serve/cgi.c", TEXT),
    "inetd": (clang, "samples/serve/inetd.c", REQUEST),
    "gopher": (clang, "samples/serve/gopher.c", b"/greet\tyou\r\n"),
    "words": (wasi, "samples/wasi/words.c", TEXT),
    "rust-wasi": (rust, "samples/wasi-rust/hello.rs", b""),
    "rust": (rust, "samples/rust/hello.rs", b""),
    "assemblyscript": (assemblyscript, "samples/assemblyscript/hello.ts", b""),
    "zig": (zig, "samples/zig/hello.zig", b""),
    "wat": (wat, "samples/wat/hello.wat", b""),
}
# What these may answer instead, well and with status 0: that they can't.
ANSWERS = {"cgi": rb"Status: (400|500)\r\n", "inetd": rb"HTTP/1.1 400 "}
# Those that dagger runs, too.
INTERPRETED = ["hello", "cat", "copy", "words", "fetch"]


def answer_once(connection):
    """Answers and ends the connection, which TLS has a message for."""
    while b"\r\n\r\n" not in connection.buffer:
        if not connection.more():
            return
    connection.send(RESPONSE)
    if isinstance(connection.sock, ssl.SSLSocket):
        connection.sock.unwrap()


class Servers(contextlib.ExitStack):
    """What the guests connect to, and whom they trust."""

    def __init__(self, folder):
        super().__init__()
        authority = Authority(folder)
        self.authority = authority.file
        context = authority.issue("server")
        self.ports = {}
        for name, handler, tls in (("HTTP", answer, None), ("HTTPS", answer, context),
                                   ("CLOSING", answer_once, None), ("CLOSINGS", answer_once, context)):  # fmt: skip
            self.ports[name] = self.enter_context(Server(handler, tls)).port

    def insert(self, text):
        for name in sorted(self.ports, key=len, reverse=True):
            text = re.sub(rf"//{name}\b", f"//127.0.0.1:{self.ports[name]}", text)
        return text


class Guest:
    def __init__(self, name, interpreted, folder, servers):
        compiler, source, stdin, *arguments = GUESTS[name]
        self.folder = folder
        self.name = f"{name} (dagger)" if interpreted else name
        self.atomic = name == "copy"
        self.servers = servers
        self.stdin = servers.insert(stdin.decode()).encode()
        self.arguments = [servers.insert(text) for text in arguments or ["target"]]
        self.connects = self.stdin != stdin or self.arguments != (arguments or ["target"])
        app = folder / name
        module = f"{app}.wasm"
        subprocess.run(compiler(source, module), check=True, capture_output=True)
        if interpreted:
            self.command = [BUILD / "bin/dagger", module]
        else:
            subprocess.run([BUILD / "bin/daggercc", module, "-o", app], check=True)
            self.command = [app]
        self.whole = None

    def run(self, kind, number):
        """Its status, output, messages and files, and the numbers after "calls:"."""
        with tempfile.TemporaryDirectory(dir=self.folder) as place:
            pathlib.Path(place, "source").write_bytes(TEXT)
            pathlib.Path(place, "target").write_bytes(b"old")
            pathlib.Path(place, "notes").mkdir()
            env = {"LD_PRELOAD": str(self.folder / "preload.so"), "FAULT_KIND": kind, "FAULT_NUMBER": str(number),
                   "SSL_CERT_FILE": self.servers.authority, "GREETING": "good day", "DAGGER_ENV": "*",
                   "REQUEST_METHOD": "POST", "CONTENT_LENGTH": str(len(TEXT)),
                   "PATH": os.environ["PATH"]}  # fmt: skip
            done = subprocess.run([*self.command, *self.arguments], input=self.stdin, capture_output=True,
                                  env=env, cwd=place, timeout=TIMEOUT)  # fmt: skip
            error, _, numbers = done.stderr.rpartition(b"\ncalls: ")
            files = {path.name: path.read_bytes() for path in pathlib.Path(place).iterdir() if path.is_file()}
        # Dice and milliseconds differ from run to run.
        out = re.sub(rb"\d+", b"N", done.stdout) if self.name in ("roll", "sleep") else done.stdout
        return done.returncode, out, error, files, [int(number) for number in numbers.split()]

    def numbers(self, kind, exhaustive):
        """Which calls of a kind shall fail."""
        self.whole = self.run(kind, 0)
        if self.whole[0] != 0:
            sys.exit(f"{self.name}: fails by itself: {self.whole}")
        count, *ends = self.whole[4]
        if exhaustive or count <= EACH:
            return range(1, count + 1)
        numbers = sorted(set(ends))
        step = max(1, len(numbers) / MOST) if self.connects else 1
        return [numbers[int(i * step)] for i in range(int(len(numbers) / step))]

    def wrong(self, kind, number):
        """What is wrong about the run in which that call fails; None if nothing is."""
        try:
            status, out, error, files, _ = self.run(kind, number)
        except subprocess.TimeoutExpired:
            return "it hangs"
        good_status, good_out, _, good_files, _ = self.whole
        told = f"; status {status}, standard error {error[-300:]!r}"
        if status < 0 or status > 134:
            return f"it was killed{told}"
        if self.name in ANSWERS and re.match(ANSWERS[self.name], out):
            return None
        if status == good_status and (out, files) != (good_out, good_files):
            return f"it says that all went well{told}"
        if status != good_status and not good_out.startswith(out):
            return f"its output is {out[-80:]!r}{told}"
        for name, content in files.items():
            right = (content in (b"old", TEXT) if self.atomic
                     else good_files.get(name, b"").startswith(content) or content == b"old")  # fmt: skip
            if not right:
                return f"{name} has {content[-80:]!r}{told}"
        if set(files) - set(good_files):
            return f"it left {set(files) - set(good_files)}{told}"
        return None

    def check(self, exhaustive):
        """How many runs there were, and how many of them were wrong."""
        runs = failures = 0
        for kind in KINDS:
            for number in self.numbers(kind, exhaustive):
                runs += 1
                wrong = self.wrong(kind, number)
                if wrong:
                    failures += 1
                    print(f"{self.name}: {kind} {number}: {wrong}", flush=True)
        return runs, failures


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("guests", nargs="*", metavar="GUEST", default=list(GUESTS))
    parser.add_argument("--all", action="store_true", help="each call, not only the first of its site")
    options = parser.parse_args()
    runs = failures = 0
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dagger-faults-")))
        subprocess.run(["cc", "-O1", "-shared", "-fPIC", "-D_GNU_SOURCE", "-o", folder / "preload.so",
                        pathlib.Path(__file__).parent / "preload.c"], check=True)  # fmt: skip
        servers = stack.enter_context(Servers(folder))
        for name in options.guests:
            if shutil.which(GUESTS[name][0]("", "")[0]) is None:
                print(f"{name}: its compiler is not installed")
                continue
            for interpreted in (False, True) if name in INTERPRETED else (False,):
                if interpreted and not (BUILD / "bin/dagger").exists():
                    print(f"{name}: dagger is not built")
                    continue
                done, failed = Guest(name, interpreted, folder, servers).check(options.all)
                print(f"{name}{', interpreted' if interpreted else ''}: {done} runs", flush=True)
                runs += done
                failures += failed
    print(f"{runs} runs, {failures} failures")
    return 1 if failures or not runs else 0


if __name__ == "__main__":
    sys.exit(main())
