"""Word count by Gearman: map and reduce as workers, one of which is killed while it has a job."""

import contextlib
import fcntl
import shutil
import signal
import subprocess

from cluster import Gearmand, Process, WordCountTest, documented, main, until
from texts import counted, texts

WORKERS = 3
# A shell between the worker and the guest, since gearman takes a program that was killed for one that
# ended well: the shell makes a status of it. This one also says that it has a job, and waits at a gate.
GATED = 'cat > "in-$$"; echo "$0" >> jobs; flock --shared gate true; ./map < "in-$$" || exit'


class Gearman(WordCountTest):
    def setUp(self):
        super().setUp()
        (self.dir / "map").symlink_to(self.bin / "map")
        (self.dir / "reduce").symlink_to(self.bin / "reduce")
        self.gearmand = self.start(Gearmand(self.dir))

    def worker(self, function, *command):
        return self.start(self.gearmand.worker(function, *command, cwd=self.dir, env=self.env))

    def client(self, function, source, **options):
        with source.open("rb") as stdin:
            return subprocess.Popen(
                ["gearman", *self.gearmand.where, "-f", function],
                stdin=stdin,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                **options,
            )

    def results(self, clients):
        """What the jobs gave, in order."""
        found = []
        for client in clients:
            out, error = client.communicate(timeout=60)
            self.assertEqual(client.returncode, 0, error)
            found.append(out)
        return found

    def jobs(self):
        """The workers that have taken jobs so far, in order."""
        path = self.dir / "jobs"
        return path.read_text().split() if path.exists() else []

    def test_a_worker_is_killed_in_mid_job(self):
        files = texts(self.dir, 12, 3000)
        with (self.dir / "gate").open("w") as gate:
            fcntl.flock(gate, fcntl.LOCK_EX)
            workers = {
                f"w{i}": self.worker("map", "sh", "-c", GATED, f"w{i}") for i in range(WORKERS)
            }
            clients = [self.client("map", file) for file in files]
            # Each worker has a job now, and none can finish it.
            until("a job for each worker", lambda: sorted(self.jobs()) == sorted(workers))
            until(
                "all jobs with gearmand",
                lambda: self.gearmand.status("map") == (len(files), WORKERS, WORKERS),
            )
            self.assertEqual(workers["w1"].kill(), -signal.SIGKILL)
            until(
                "a gearmand that knows it",
                lambda: self.gearmand.status("map") == (len(files), WORKERS - 1, WORKERS - 1),
            )
        parts = self.results(clients)  # the gate is open, since its file is closed
        self.assertEqual(self.jobs().count("w1"), 1)
        self.assertEqual(len(self.jobs()), len(files) + 1)  # one was done a second time
        self.assertEqual(parts, [counted([file]) for file in files])

        self.worker("reduce", "sh", "-c", "./reduce || exit")
        halves = []
        for number in range(2):  # two reduces of half the parts each, and one of both
            halves.append(self.dir / f"half-{number}")
            halves[-1].write_bytes(b"".join(parts[number::2]))
        whole = self.dir / "whole"
        whole.write_bytes(b"".join(self.results([self.client("reduce", half) for half in halves])))
        self.assertEqual(self.results([self.client("reduce", whole)])[0], counted(files))
        self.assertEqual(self.gearmand.status("map")[0], 0)

    def documented(self, words):
        """Commands of docs/scaling.md, with the port of this gearmand."""
        return documented(words).replace("4730", str(self.gearmand.port))

    def test_as_documented(self):
        """Jobs that are texts, and jobs that are names of files."""
        for name in ("texts", "parts"):
            (self.dir / name).mkdir()
        files = texts(self.dir / "texts", 6, 3000)
        files[2] = files[2].rename(self.dir / "texts" / "$(touch it); 'it' {} *")
        for worker, client in (("-w -f map ", "-f map <"), ("-w -f map-file", "-f map-file >")):
            with self.subTest(client), contextlib.ExitStack() as stack:
                for command in self.documented(worker).splitlines():
                    stack.enter_context(
                        Process(["bash", "-c", command], cwd=self.dir, env=self.env)
                    )
                done = subprocess.run(
                    ["bash", "-o", "pipefail", "-ec", self.documented(client)],
                    cwd=self.dir,
                    env=self.env,
                    stdin=subprocess.DEVNULL,
                    capture_output=True,
                    timeout=120,
                )
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual((self.dir / "totals").read_bytes(), counted(files))
                (self.dir / "totals").unlink()
                shutil.rmtree(self.dir / "parts")
                (self.dir / "parts").mkdir()
        self.assertFalse((self.dir / "it").exists())

    def test_a_guest_that_is_killed_is_a_failed_job(self):
        """Not a short result; and the worker is there for the next one."""
        file = texts(self.dir, 3, 3000)[2]
        killed = self.dir / "killed"
        command = f"[ -e {killed} ] || {{ touch {killed}; kill -KILL $$; }}; exec ./map"
        self.worker("map", "sh", "-c", 'sh -c "$0" || exit', command)
        client = self.client("map", file)
        out, error = client.communicate(timeout=60)
        self.assertEqual((client.returncode, out), (1, b""), error)
        self.assertIn(b"Job failed", error)
        self.assertEqual(self.results([self.client("map", file)]), [counted([file])])

    def test_a_status_is_a_failed_job(self):
        bad = self.dir / "bad"
        bad.write_text("a\t1\nb\n")
        self.worker("reduce", "sh", "-c", "./reduce || exit")
        client = self.client("reduce", bad)
        out, error = client.communicate(timeout=60)
        self.assertEqual((client.returncode, out), (1, b""), error)


if __name__ == "__main__":
    main("gearmand", "gearman", "gearadmin", "clang")
