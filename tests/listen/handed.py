"""Replaces itself by a command that has the descriptors of the first argument ("7,9") as 3 and on, and
its own number in LISTEN_PID: what systemd does. The other LISTEN_... are the caller's."""

import fcntl
import os
import sys

fds = [fcntl.fcntl(int(fd), fcntl.F_DUPFD, 100) for fd in sys.argv[1].split(",") if fd]
for target, fd in enumerate(fds, 3):
    os.dup2(fd, target)
os.closerange(3 + len(fds), 200)
os.environ.setdefault("LISTEN_PID", str(os.getpid()))
os.execvp(sys.argv[2], sys.argv[2:])
