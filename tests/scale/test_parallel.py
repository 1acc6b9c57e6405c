"""Word count by GNU parallel, and by the contract of Hadoop's streaming: map | sort | reduce."""

import os
import signal
import subprocess

from cluster import WordCountTest, documented, main
from texts import counted, texts


class Parallel(WordCountTest):
    def setUp(self):
        super().setUp()
        self.env["PATH"] = f"{self.bin}:{os.environ['PATH']}"
        self.files = texts(self.dir, 12, 3000)

    def shell(self, command, status=0):
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", command],
            cwd=self.dir,
            env=self.env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=120,
        )
        self.assertEqual(done.returncode, status, done.stderr)
        return done.stdout

    def test_as_documented(self):
        """A job a file, blocks of a file, which end at newlines that no word has, and tries."""
        (self.dir / "texts").mkdir()
        for name in ("map", "reduce"):
            (self.dir / name).symlink_to(self.bin / name)
        for file in self.files:
            (self.dir / "texts" / file.name).symlink_to(file)
        whole = self.dir / "whole.txt"
        whole.write_bytes(b"\n".join(file.read_bytes() for file in self.files) + b"\n")
        commands = documented("--pipepart").replace("--block 10M", "--block 10k").splitlines()
        self.assertEqual(len(commands), 3)
        for command, sources in zip(commands, (self.files, [whole], self.files)):
            with self.subTest(command):
                self.shell(command)
                self.assertEqual((self.dir / "totals").read_bytes(), counted(sources))

    def test_a_killed_job_is_tried_again(self):
        """Each job is killed once, after some of its output, which parallel throws away: it keeps what a
        job gives until it knows how it ended."""
        killing = self.dir / "killing"
        killing.write_text(
            '#!/bin/bash\necho "$1" >> tries\nmap < "$1" > "$1.part" || exit\n'
            'if mkdir "$1.tried"; then head -c 100 "$1.part"; kill -KILL $$; fi\n'
            'cat "$1.part"\n'
        )
        killing.chmod(0o755)
        out = self.shell("parallel -j3 --retries 3 ./killing {} ::: text-* | reduce")
        self.assertEqual(out, counted(self.files))
        tries = (self.dir / "tries").read_text().split()
        self.assertEqual(sorted(tries), sorted([file.name for file in self.files] * 2))

    def test_a_job_that_fails_is_known(self):
        """Status: how many jobs failed, here each that is killed, retries and all."""
        self.shell(
            "parallel -j3 --retries 2 'kill -KILL $$; map < {}' ::: text-000 text-002 > out",
            status=2,
        )

    def test_streaming(self):
        """What Hadoop does with streaming: blocks mapped, lines sorted by key and given to reducers by a
        hash of it, each key to one."""
        names = " ".join(file.name for file in self.files)
        self.shell(f"for f in {names}; do map < $f; done | sort -k1,1 > sorted")
        self.assertEqual(self.shell("reduce < sorted"), counted(self.files))
        share = "awk -F'\\t' -v n=$n 'length($1) % 3 == n' sorted | reduce > part-$n"
        self.shell(f"for n in 0 1 2; do {share}; done; sort -m -t$'\\t' -k1,1 part-* > merged")
        self.assertEqual((self.dir / "merged").read_bytes(), counted(self.files))


if __name__ == "__main__":
    main("parallel", "clang")
