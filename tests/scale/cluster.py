"""What the tests of scaling share: guests, a folder for each test, and daemons on loopback."""

import contextlib
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import textwrap
import time
import unittest

BUILD = pathlib.Path(os.environ["DAGGER_BUILD"])
SOURCE = pathlib.Path(os.environ["DAGGER_SOURCE"])
SKIPPED = 77
DEADLINE = 120  # seconds for what takes a moment


def guest(folder, source, *options, name=None, defines=()):
    """Compiles samples/SOURCE into an executable in the folder; returns its path."""
    path = SOURCE / "samples" / source
    output = pathlib.Path(folder) / (name or path.stem)
    clang = ["clang", "--target=wasm32", "-O2", "-mbulk-memory", "-nostdlib", "-Wl,--no-entry"]
    include = f"-I{SOURCE / 'samples/include'}"
    subprocess.run([*clang, include, *defines, path, "-o", f"{output}.wasm"], check=True)
    subprocess.run([BUILD / "bin/daggercc", *options, f"{output}.wasm", "-o", output], check=True)
    return output


def documented(words):
    """The commands of docs/scaling.md with these words: indented lines, up to an empty one."""
    paragraphs = (SOURCE / "docs/scaling.md").read_text(encoding="utf-8").split("\n\n")
    (found,) = (text for text in paragraphs if words in text and text.startswith("    "))
    return textwrap.dedent(found) + "\n"


def sandboxed(program):
    """The environment that has it insist on its sandbox, where the kernel can do all of that."""
    strict = {"DAGGER_SANDBOX": "require"}
    done = subprocess.run([program], env=strict, stdin=subprocess.DEVNULL, capture_output=True)
    return {} if b": sandbox: " in done.stderr else strict


def until(what, condition):
    """Waits until condition() is true, and returns what it gives."""
    end = time.monotonic() + DEADLINE
    while not (value := condition()):
        if time.monotonic() > end:
            raise TimeoutError(f"after {DEADLINE} s: not {what}")
        time.sleep(0.01)
    return value


def listening_port(pid):
    """The TCP port that a process listens at, by the sockets that it has, or None."""
    inodes = set()
    with contextlib.suppress(OSError):
        for descriptor in os.listdir(f"/proc/{pid}/fd"):
            with contextlib.suppress(OSError):
                inodes.update(
                    re.findall(r"^socket:\[(\d+)\]$", os.readlink(f"/proc/{pid}/fd/{descriptor}"))
                )
    for line in pathlib.Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]:
        fields = line.split()
        if fields[3] == "0A" and fields[9] in inodes:  # TCP_LISTEN
            return int(fields[1].rpartition(":")[2], 16)
    return None


class Process:
    """A program in a session of its own, which ends with all that it has started."""

    def __init__(self, argv, **options):
        options = {"stdin": subprocess.DEVNULL, "start_new_session": True} | options
        self.popen = subprocess.Popen([str(part) for part in argv], **options)

    def kill(self, number=signal.SIGKILL):
        """It and its children. Until wait() the group can't be another's."""
        if self.popen.returncode is None:
            os.killpg(self.popen.pid, number)
        return self.popen.wait(timeout=DEADLINE)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()


class Daemon(Process):
    """One that listens at `port`; what it says is in `log`."""

    def __init__(self, folder, argv, **options):
        self.log = pathlib.Path(folder) / "log"
        with self.log.open("w") as log:
            super().__init__(argv, stdout=log, stderr=log, **options)
        try:
            self.port = until(f"listening: {argv[0]}", self.settled)
        except BaseException:
            self.kill()
            raise

    def settled(self):
        """The port, or -1 if it has ended."""
        return listening_port(self.popen.pid) or (self.popen.poll() is not None and -1)


class Gearmand(Daemon):
    """gearmand at a port that the kernel chooses."""

    def __init__(self, folder):
        argv = "gearmand --port 0 --listen 127.0.0.1 --log-file stderr --pid-file".split()
        super().__init__(folder, [*argv, f"{folder}/pid"])
        if self.port < 0:
            raise RuntimeError(f"gearmand: {self.log.read_text()}")
        self.where = ["-h", "127.0.0.1", "-p", str(self.port)]

    def status(self, function):
        """How many jobs of the function there are, how many of them run, and workers for it."""
        out = subprocess.run(
            ["gearadmin", *self.where, "--status"], check=True, capture_output=True, text=True
        ).stdout
        for line in out.splitlines():
            name, *numbers = line.split("\t")
            if name == function:
                return tuple(map(int, numbers))
        return (0, 0, 0)

    def worker(self, function, *command, **options):
        return Process(["gearman", *self.where, "-w", "-f", function, "--", *command], **options)


class Distccd(Daemon):
    """distccd at a port that was free a moment ago: another one is taken if it is not any more."""

    def __init__(self, folder, jobs=2):
        work = pathlib.Path(tempfile.mkdtemp(prefix="distccd-", dir=folder))
        work.chmod(0o777)  # of another user, if we are root
        env = {"PATH": os.environ["PATH"], "HOME": str(work), "TMPDIR": str(work)}
        argv = "distccd --daemon --no-detach --allow 127.0.0.1 --listen 127.0.0.1".split()
        argv += ["--log-level", "info", "--log-stderr", "--jobs", jobs, "--port"]
        self.port = -1
        while self.port < 0:
            with socket.create_server(("127.0.0.1", 0)) as free:
                port = free.getsockname()[1]
            super().__init__(work, [*argv, port], env=env, cwd=work)
            if self.port < 0 and "in use" not in self.log.read_text():
                raise RuntimeError(f"distccd: {self.log.read_text()}")

    def compiled(self):
        """The C files that it compiled."""
        return re.findall(r"COMPILE_OK.* (\S+\.c)$", self.log.read_text(), re.M)


class ScaleTest(unittest.TestCase):
    """Each test has a fresh folder, `dir`; the guests of all are in `bin`."""

    @classmethod
    def setUpClass(cls):
        cls.bin = pathlib.Path(tempfile.mkdtemp(prefix="dagger-scale-bin-"))
        cls.addClassCleanup(shutil.rmtree, cls.bin)
        cls.guests()

    @classmethod
    def guests(cls):
        """Compiles what the tests need into cls.bin."""

    def setUp(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="dagger-scale-"))
        self.addCleanup(shutil.rmtree, self.dir)
        self.env = {"PATH": os.environ["PATH"], "HOME": str(self.dir), "LC_ALL": "C"}

    def start(self, process):
        """It is ended with the test."""
        self.addCleanup(process.kill)
        return process


class WordCountTest(ScaleTest):
    """With map and reduce in `bin`, allowed what they need."""

    @classmethod
    def guests(cls):
        for name in ("map", "reduce"):
            guest(cls.bin, f"mapreduce/{name}.c", "--allow=random://", *cls.options)

    options = ()


def main(*programs):
    """Runs the tests of the file that calls it, if the programs are there."""
    missing = [program for program in programs if not shutil.which(program)]
    if missing:
        print("not installed:", *missing)
        raise SystemExit(SKIPPED)
    unittest.main(verbosity=1)
