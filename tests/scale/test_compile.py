"""A compile spread over several distcc daemons, with and without ccache: each compiles a share, and the
executable is the same to the byte as one that was compiled here."""

import subprocess
import sys
import tempfile

from cluster import BUILD, SOURCE, Distccd, ScaleTest, main

sys.path.insert(0, str(SOURCE / "tests/driver"))

from test_output import big_module  # noqa: E402

DAEMONS = 3


class Compile(ScaleTest):
    def setUp(self):
        super().setUp()
        self.dir.chmod(0o755)  # the daemons are of another user, if we are root
        (self.dir / "big.wasm").write_bytes(big_module(165))
        self.daemons = [self.start(Distccd(self.dir, jobs=1)) for _ in range(DAEMONS)]
        hosts = " ".join(f"127.0.0.1:{daemon.port}/1" for daemon in self.daemons)
        self.far = {
            "DISTCC_HOSTS": hosts,
            "DISTCC_FALLBACK": "0",
            "DISTCC_DIR": self.fresh("distcc"),
        }
        self.cache = {
            "CCACHE_DIR": self.fresh("ccache"),
            "CCACHE_CONFIGPATH": "/dev/null",
            "CCACHE_PREFIX": "distcc",
        }

    def here(self, cc):
        """The executable, compiled without a daemon. It names its compiler, so that is the same."""
        found = self.daggercc(f"--cc={cc}", DISTCC_HOSTS="localhost", CCACHE_DISABLE="1")
        self.assertEqual(sum(self.compiled(), []), [])
        return found

    def fresh(self, name):
        return tempfile.mkdtemp(prefix=f"{name}-", dir=self.dir)

    def daggercc(self, *options, **env):
        """The bytes of the executable."""
        subprocess.run(
            [BUILD / "bin/daggercc", "-O1", "-j8", *options, "big.wasm", "-o", "big"],
            cwd=self.dir,
            env={**self.env, **env},
            check=True,
            stdin=subprocess.DEVNULL,
        )
        return (self.dir / "big").read_bytes()

    def compiled(self):
        """What each daemon has compiled so far."""
        return [daemon.compiled() for daemon in self.daemons]

    def units(self):
        """The C files of a compile."""
        done = subprocess.run(
            [BUILD / "bin/daggercc", "-###", "-O1", "big.wasm"],
            cwd=self.dir,
            check=True,
            capture_output=True,
            text=True,
        )
        return sorted(
            word
            for line in done.stderr.splitlines()
            if " -c " in line
            for word in line.split()
            if word.endswith(".c")
        )

    def test_each_daemon_compiles_a_share(self):
        reference = self.here("distcc gcc")
        self.assertTrue(self.daggercc("--cc=distcc gcc", **self.far) == reference)
        shares = self.compiled()
        self.assertEqual(sorted(sum(shares, [])), self.units())
        self.assertTrue(all(shares), shares)

    def test_ccache_asks_them_once(self):
        reference = self.here("ccache gcc")
        for _ in range(2):
            again = self.daggercc("--cc=ccache gcc", **self.far, **self.cache)
            self.assertTrue(again == reference)
            shares = self.compiled()
            self.assertEqual(sorted(sum(shares, [])), self.units())  # the second time none more
        self.assertTrue(all(shares), shares)

    def test_a_daemon_is_killed(self):
        """distcc leaves out who does not answer; the others compile its share."""
        reference = self.here("distcc gcc")
        self.daemons[0].kill()
        self.assertTrue(self.daggercc("--cc=distcc gcc", **self.far) == reference)
        self.assertEqual(sorted(sum(self.compiled(), [])), self.units())


if __name__ == "__main__":
    main("distccd", "distcc", "ccache", "clang")
