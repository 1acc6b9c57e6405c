"""Word count by GNU parallel, and by the contract of Hadoop's streaming: map | sort | reduce."""

import os
import signal
import subprocess

from cluster import WordCountTest, main
from texts import counted, texts


class Parallel(WordCountTest):
    def setUp(self):
        super().setUp()
        self.env["PATH"] = f"{self.bin}:{os.environ['PATH']}"
        self.files = texts(self.dir, 12, 3000)

    def shell(self, command, status=0):
        """A command as it stands in docs/scaling.md."""
        done = subprocess.run(["bash", "-o", "pipefail", "-c", command], cwd=self.dir, env=self.env,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
        self.assertEqual(done.returncode, status, done.stderr)
        return done.stdout

    def test_a_job_a_file(self):
        out = self.shell("parallel -j3 'map < {}' ::: text-* | reduce")
        self.assertEqual(out, counted(self.files))

    def test_blocks_of_a_file(self):
        """--pipepart cuts at newlines, which no word has."""
        whole = self.dir / "whole"
        whole.write_bytes(b"\n".join(file.read_bytes() for file in self.files) + b"\n")
        out = self.shell("parallel -j3 --pipepart -a whole --block 10k map | reduce")
        self.assertEqual(out, counted([whole]))

    def test_a_killed_job_is_tried_again(self):
        """Each job is killed once, after some of its output, which parallel throws away: it keeps what a
        job gives until it knows how it ended."""
        killing = self.dir / "killing"
        killing.write_text('#!/bin/bash\necho "$1" >> tries\nmap < "$1" > "$1.part" || exit\n'
                           'if mkdir "$1.tried"; then head -c 100 "$1.part"; kill -KILL $$; fi\n'
                           'cat "$1.part"\n')
        killing.chmod(0o755)
        out = self.shell("parallel -j3 --retries 3 ./killing {} ::: text-* | reduce")
        self.assertEqual(out, counted(self.files))
        tries = (self.dir / "tries").read_text().split()
        self.assertEqual(sorted(tries), sorted([file.name for file in self.files] * 2))

    def test_a_job_that_fails_is_known(self):
        """Status: how many jobs failed, here each that is killed, retries and all."""
        self.shell("parallel -j3 --retries 2 'kill -KILL $$; map < {}' ::: text-000 text-002 > out",
                   status=2)

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
