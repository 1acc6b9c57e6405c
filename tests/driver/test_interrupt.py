"""Builds that do not come to their end: interrupted by a signal at every stage, failing tools, full
disks. Nothing may be left: no output, no temporary file, no process.

The tools are scripts that say through a FIFO that they have been reached, with their process's number,
and then wait for ever; so there is no sleeping, and no guessing.
"""

import os
import resource
import shutil
import signal
import subprocess
import unittest

from harness import DAGGERCC, DriverTest, HELLO_WAT, PLAIN_WASM, main

# When the arguments match the pattern (as one line), block; else do the tool's own work. `trap` is
# what is done about SIGTERM.
BLOCKING = """#!/bin/bash
case "$*" in
{pattern})
    {trap}
    {more}
    echo $$ > {ready}
    read line < {never}
    ;;
esac
exec {tool} "$@"
"""


def may_mount():
    return shutil.which("unshare") and subprocess.run(
        ["unshare", "-m", "true"], stderr=subprocess.DEVNULL).returncode == 0


class Interrupted(DriverTest):
    def setUp(self):
        super().setUp()
        self.ready, self.never = self.top / "ready", self.top / "never"
        os.mkfifo(self.ready)
        os.mkfifo(self.never)
        # Open for writing too, so that it has no end and needs no writer to be opened.
        self.ready_file = open(os.open(self.ready, os.O_RDWR), "rb", buffering=0)
        self.addCleanup(self.ready_file.close)
        self.write("a.wat", HELLO_WAT)
        self.write("b.wasm", PLAIN_WASM)
        self.before = sorted(os.listdir(self.dir))

    def blocking(self, tool, pattern, trap="", more=":"):
        path = self.top / "tool"
        path.write_text(BLOCKING.format(pattern=pattern, trap=trap, more=more, tool=tool,
                                        ready=self.ready, never=self.never))
        path.chmod(0o755)
        return path

    def start(self, *arguments, env=None, **more):
        return subprocess.Popen([DAGGERCC, *arguments], cwd=self.dir, stderr=subprocess.PIPE,
                                env={**self.env, **(env or {})},
                                **({"stdin": subprocess.DEVNULL} | more))

    def end(self, process, number, children=()):
        process.send_signal(number)
        error = process.communicate()[1].decode()
        self.assertEqual(process.returncode, -number, error)
        self.assertEqual(error, "")
        self.assertNothingLeft()
        self.assertEqual(sorted(os.listdir(self.dir)), self.before)
        for child in children:
            with self.assertRaises(ProcessLookupError):
                os.kill(child, 0)

    def reached(self, count=1):
        """Waits for that many tools; their processes' numbers."""
        return [int(self.ready_file.readline()) for _ in range(count)]

    def test_in_the_compiler(self):
        for pattern in ("*guest.c*", "*start.c*", "*-pie*", "-print-prog-name*"):
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                with self.subTest(pattern=pattern, signal=number):
                    tool = self.blocking("cc", pattern)
                    process = self.start(f"--cc={tool}", "-s", "a.wat")
                    self.end(process, number, self.reached())

    def test_with_many_compilers_at_once(self):
        # both files are compiled at once: each says so, in any order
        tool = self.blocking("cc", "*.c\\ *")
        process = self.start(f"--cc={tool}", "-j2", "a.wat")
        self.end(process, signal.SIGTERM, self.reached(2))

    def test_in_the_linker_of_a_library(self):
        tool = self.blocking("cc", "*-c\\ guest.c*")
        process = self.start(f"--cc={tool}", "-c", "a.wat")
        self.end(process, signal.SIGINT, self.reached())

    def test_in_wasm2c(self):
        for pattern in ("--version", "*guest.wasm*"):
            with self.subTest(pattern):
                tool = self.blocking("false", pattern)
                text = tool.read_text().replace("exec false", "[[ $1 != --version ]] || "
                                                "{ echo 1.0.39; exit; }\nexec false")
                tool.write_text(text)
                process = self.start(f"--wasm2c={tool}", "b.wasm")
                self.end(process, signal.SIGTERM, self.reached())

    def test_compiler_that_will_not_end(self):
        tool = self.blocking("cc", "*guest.c*", trap="trap '' TERM INT HUP")
        process = self.start(f"--cc={tool}", "a.wat")
        self.end(process, signal.SIGTERM, self.reached())

    def test_grandchildren_are_ended_too(self):
        more = f"(echo $BASHPID > {self.ready}; read line < {self.never}) & disown"
        tool = self.blocking("cc", "*guest.c*", more=more)
        process = self.start(f"--cc={tool}", "-j1", "a.wat")
        self.end(process, signal.SIGINT, self.reached(2))

    def test_while_reading(self):
        os.mkfifo(self.dir / "fifo")
        self.before = sorted(os.listdir(self.dir))
        for name in ("-", "fifo"):
            with self.subTest(name):
                reader, writer = os.pipe()
                process = self.start(name, stdin=reader)
                os.close(reader)
                if name == "fifo":
                    os.close(writer)
                    writer = os.open(self.dir / "fifo", os.O_WRONLY)  # opens when it is being read
                os.write(writer, PLAIN_WASM[:20])
                self.end(process, signal.SIGTERM)
                os.close(writer)

    def test_while_writing_to_a_pipe(self):
        reader, writer = os.pipe()
        process = self.start("-c", "-o", "-", "b.wasm", "-g", stdout=writer)
        os.close(writer)
        self.assertEqual(os.read(reader, 4), b"\x7fELF")  # more than a pipe holds is to come
        self.end_or_done(process)
        os.close(reader)

    def end_or_done(self, process):
        process.send_signal(signal.SIGTERM)
        process.communicate()
        self.assertIn(process.returncode, (0, -signal.SIGTERM))
        self.assertNothingLeft()

    def test_ignored_hangup_stays_ignored(self):
        tool = self.blocking("cc", "*guest.c*")
        process = subprocess.Popen(["nohup", DAGGERCC, f"--cc={tool}", "a.wat"], cwd=self.dir,
                                   env=self.env, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.reached()
        process.send_signal(signal.SIGHUP)
        self.never.write_text("go on\n")
        self.assertEqual(process.wait(), 0)
        self.run_guest("a")

    def test_signal_before_the_first_child(self):
        # a signal that is already waiting when daggercc starts
        process = subprocess.Popen(
            ["/usr/bin/env", "python3", "-c",
             "import os, signal, sys\n"
             "signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])\n"
             "os.kill(os.getpid(), signal.SIGTERM)\n"
             "os.execv(sys.argv[1], sys.argv[1:])", DAGGERCC, "b.wasm"],
            cwd=self.dir, env=self.env, stderr=subprocess.PIPE)
        process.communicate()
        self.assertNotEqual(process.returncode, 0)
        self.assertNothingLeft()
        self.assertEqual(sorted(os.listdir(self.dir)), self.before)


class Failing(DriverTest):
    def setUp(self):
        super().setUp()
        self.write("a.wat", HELLO_WAT)
        self.write("b.wasm", PLAIN_WASM)

    def check(self, *arguments, words, **more):
        self.write("a", "old")
        before = sorted(os.listdir(self.dir))
        error = self.daggercc(*arguments, status=1, **more).error
        for word in words:
            self.assertIn(word, error)
        self.assertEqual(sorted(os.listdir(self.dir)), before)
        self.assertEqual((self.dir / "a").read_text(), "old")
        return error

    def tool(self, pattern, action, tool="cc"):
        return self.script("tool", f'#!/bin/bash\ncase "$*" in\n{pattern}) {action} ;;\nesac\n'
                                   f'exec {tool} "$@"\n')

    def test_compiler_fails(self):
        for pattern in ("*guest.c*", "*start.c*", "*-pie*"):
            for action, words in (("echo no >&2; exit 3", ["exit status 3", ": no"]),
                                  ("kill -SEGV $$", ["signal 11"]),
                                  ("exit 0", [])):
                with self.subTest(pattern=pattern, action=action):
                    tool = self.tool(pattern, action)
                    self.check(f"--cc={tool}", "a.wat", words=words)

    def test_what_a_tool_says_is_bounded_and_harmless(self):
        tool = self.tool("*guest.c*", "printf 'x\\033]0;evil\\007\\n'; "
                         "head -c 9000000 /dev/zero | tr '\\0' y; seq 200000; exit 1")
        error = self.check(f"--cc={tool}", "a.wat", words=["x\\x1b]0;evil\\x07", "more bytes"])
        self.assertLess(len(error), 30000)
        self.assertNotIn("\x1b", error)

    def test_tools_that_can_not_start(self):
        self.write("not-executable", "x")
        self.script("no-interpreter", "#!/no/such/interpreter\n")
        self.check("--cc=./not-executable", "a.wat", words=["can't find the C compiler"])
        self.check("--cc=./no-interpreter", "a.wat", words=["can't run cc", "No such file"])
        self.check("--wasm2c=./no-interpreter", "a.wat", words=["does not tell its version"])

    def test_strip_fails(self):
        self.script("strip", "#!/bin/sh\nexit 9\n")
        self.script("tool", "#!/bin/sh\n[ $1 = -print-prog-name=strip ] && echo "
                            f"{self.dir}/strip && exit\nexec cc \"$@\"\n")
        self.check("--cc=./tool", "-s", "a.wat", words=["strip failed with exit status 9"])

    def test_wasm2c_limits(self):
        version = '[ "$1" = --version ] && echo 1.0.39 && exit\n'
        self.script("spin", f"#!/bin/bash\n{version}while :; do :; done\n")
        self.check("--wasm2c=./spin", "--wasm2c-time=1", "b.wasm",
                   words=["after 1 s of processor time", "--wasm2c-time"])
        self.script("eat", f"#!/bin/bash\n{version}x=x; while :; do x=$x$x; done\n")
        self.check("--wasm2c=./eat", "--wasm2c-memory=64MiB", "b.wasm", words=["wasm2c"])

    def test_file_size_limit(self):
        # a limit on the size of files is a full disk for whatever writes first
        for limit in (1, 100, 4096, 20000, 50000):
            with self.subTest(limit):
                self.check("a.wat", words=["daggercc: error: "], preexec_fn=lambda: (
                    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))))

    @unittest.skipUnless(may_mount(), "needs root, and may not be in a chroot, to mount")
    def test_full_disk(self):
        mount = ("mount -t tmpfs -o size={size}k none {at} 2>/dev/null || exit 77; "
                 "{daggercc} -o {output} a.wat; status=$?; "
                 "find {at} -mindepth 1 | grep -q . && exit 99; exit $status")
        full = self.top / "full"
        full.mkdir()
        for at, output, size in ((full, full / "app", 16), (self.temp, "app", 8),
                                 (self.temp, "app", 64), (self.temp, "app", 120)):
            with self.subTest(at=at, size=size):
                result = subprocess.run(
                    ["unshare", "-m", "sh", "-c",
                     mount.format(size=size, at=at, daggercc=DAGGERCC, output=output)],
                    cwd=self.dir, env=self.env, capture_output=True)
                if result.returncode == 77:
                    self.skipTest("may not mount here")
                self.assertEqual(result.returncode, 1, result.stderr)
                self.assertIn(b"No space left", result.stderr)
                self.assertEqual(sorted(os.listdir(self.dir)), ["a.wat", "b.wasm"])

    def test_unwritable_folder(self):
        (self.dir / "shut").mkdir(mode=0o555)
        if os.access(self.dir / "shut", os.W_OK):
            self.skipTest("root writes everywhere")
        self.check("-o", "shut/app", "a.wat", words=["Permission denied"])


if __name__ == "__main__":
    main()
