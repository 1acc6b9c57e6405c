"""What daggercc shows while it works: on a terminal only, and nothing of it stays there."""

import os
import pty
import subprocess

from harness import DAGGERCC, HELLO_WAT, DriverTest, main


class Progress(DriverTest):
    def setUp(self):
        super().setUp()
        self.write("a.wat", HELLO_WAT)
        # A compiler that is not done before the test says so.
        self.go = self.top / "go"
        os.mkfifo(self.go)
        self.go_fd = os.open(self.go, os.O_RDWR)
        self.addCleanup(os.close, self.go_fd)
        self.script("slow", f'#!/bin/sh\ncase "$*" in *guest.c*) read line < {self.go};; esac\n'
                            'exec cc "$@"\n')  # fmt: skip

    def start(self, stderr, **env):
        return subprocess.Popen([DAGGERCC, f"--cc={self.dir}/slow", "-j2", "a.wat"], cwd=self.dir,
                                env={**self.env, **env}, stdin=subprocess.DEVNULL, stderr=stderr)

    def test_on_a_terminal(self):
        leader, follower = pty.openpty()
        self.addCleanup(os.close, leader)
        process = self.start(follower, TERM="xterm")
        os.close(follower)
        seen = b""
        while b"compiling" not in seen:
            seen += os.read(leader, 4096)
        os.write(self.go_fd, b"\n")
        try:
            while chunk := os.read(leader, 4096):
                seen += chunk
        except OSError:  # the terminal has no other end any more
            pass
        self.assertEqual(process.wait(), 0)
        self.assertRegex(seen, rb"^\rcompiling: 0 of 2 done, 1 s\x1b\[K|^\rcompiling: 1 of 2 done")
        self.assertTrue(seen.endswith(b"\r\x1b[K"), seen)

    def test_not_on_a_dumb_terminal(self):
        leader, follower = pty.openpty()
        process = self.start(follower, TERM="dumb")
        os.close(follower)
        os.write(self.go_fd, b"\n")
        self.assertEqual(process.wait(), 0)
        self.assertRaises(OSError, os.read, leader, 4096)
        os.close(leader)


if __name__ == "__main__":
    main()
