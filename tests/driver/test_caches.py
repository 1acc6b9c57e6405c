"""A compiler behind ccache or distcc: parts are the same each time, and can be compiled elsewhere."""

import contextlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest

from harness import DriverTest, main
from test_output import big_module

SKIPPED = 77
PARTS = 2


class Caches(DriverTest):
    def setUp(self):
        super().setUp()
        self.write("big.wasm", big_module(110, data=b"data" * 5000))
        self.units = self.parts_and_start()

    def parts_and_start(self):
        """The C files that the C compiler is given."""
        commands = self.daggercc("-###", "-O0", "big.wasm").error
        units = re.findall(r" -c (\S+\.c) ", commands)
        self.assertEqual(units, [f"guest_{i}.c" for i in range(PARTS)] + ["start.c"])
        return len(units)


@unittest.skipUnless(shutil.which("ccache"), "ccache is not installed")
class Ccache(Caches):
    def statistics(self, env):
        out = subprocess.run(["ccache", "--print-stats"], env={**self.env, **env}, check=True,
                             capture_output=True, text=True).stdout
        return {name: int(value) for name, value in (line.split() for line in out.splitlines())}

    def compile(self, *arguments, **env):
        """Gives the hits and misses of one compile."""
        env = {"CCACHE_DIR": str(self.top / "cache"), "CCACHE_CONFIGPATH": "/dev/null", **env}
        subprocess.run(["ccache", "--zero-stats"], env={**self.env, **env}, check=True,
                       stdout=subprocess.DEVNULL)
        self.daggercc("--cc=ccache gcc", *arguments, env=env)
        seen = self.statistics(env)
        return (seen["direct_cache_hit"] + seen["preprocessed_cache_hit"], seen["cache_miss"])

    def test_second_compile_hits_every_part(self):
        for kind, units in (((), self.units), (("-c",), PARTS), (("-g",), self.units)):
            with self.subTest(kind):
                self.assertEqual(self.compile("-O0", *kind, "-o", "one", "big.wasm"), (0, units))
                first = (self.dir / "one").read_bytes()
                self.assertEqual(self.compile("-O0", *kind, "-o", "two", "big.wasm"), (units, 0))
                self.assertTrue(first == (self.dir / "two").read_bytes())
        self.run_guest("one")

    def test_hits_by_the_preprocessed_text(self):
        """As with an older ccache, or distcc behind it."""
        for hits, misses in ((0, self.units), (self.units, 0)):
            self.assertEqual(self.compile("-O0", "-o", "a", "big.wasm", CCACHE_NODIRECT="1"),
                             (hits, misses))


@unittest.skipUnless(shutil.which("distccd"), "distcc is not installed")
class Distcc(Caches):
    @contextlib.contextmanager
    def server(self):
        """A daemon on a port of loopback that was free a moment ago; gives the port and its log."""
        work = self.top / "daemon"  # which is another user's if we are root
        work.mkdir()
        work.chmod(0o777)
        self.top.chmod(0o755)
        log = self.top / "distccd.log"
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        with log.open("w") as stderr:
            process = subprocess.Popen(
                ["distccd", "--daemon", "--no-detach", "--allow", "127.0.0.1", "--listen",
                 "127.0.0.1", "--port", str(port), "--jobs", "2", "--log-level", "info",
                 "--log-stderr"],
                env={**self.env, "HOME": str(work), "TMPDIR": str(work)}, cwd=work,
                stdin=subprocess.DEVNULL, stderr=stderr,
                start_new_session=True)  # it ends its group with itself
        try:
            while process.poll() is None:
                with contextlib.suppress(ConnectionRefusedError):
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
                time.sleep(0.05)
            self.assertIsNone(process.returncode, log.read_text())
            yield port, log
        finally:
            process.terminate()
            process.wait()

    def test_server_compiles_the_parts(self):
        with self.server() as (port, log):
            env = {"DISTCC_HOSTS": f"127.0.0.1:{port}", "DISTCC_FALLBACK": "0",
                   "DISTCC_DIR": tempfile.mkdtemp(dir=self.top)}
            self.daggercc("--cc=distcc gcc", "-O0", "big.wasm", env=env)
            self.daggercc("--cc=distcc gcc", "-O0", "-c", "big.wasm", env=env)
            done = re.findall(r"COMPILE_OK.* (\S+\.c)$", log.read_text(), re.M)
        parts = [f"guest_{i}.c" for i in range(PARTS)]
        self.assertEqual(sorted(done), sorted(parts * 2 + ["start.c"]))
        self.run_guest("big")


if __name__ == "__main__":
    if not shutil.which("ccache") and not shutil.which("distccd"):
        print("neither ccache nor distcc is installed", file=sys.stderr)
        sys.exit(SKIPPED)
    main()
