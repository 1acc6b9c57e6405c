"""A runtime that does what a guest tells it to is stopped by the kernel, and is not without a sandbox."""

import errno
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import unittest

BUILD = pathlib.Path(os.environ["DAGGER_BUILD"])
SOURCE = pathlib.Path(os.environ["DAGGER_SOURCE"])
DAGGERCC = BUILD / "bin" / "daggercc"
DAGGER = BUILD / "bin" / "dagger"
HANDED = SOURCE / "tests" / "listen" / "handed.py"
BROKEN = SOURCE / "tests" / "sandbox" / "broken.c"
DEEDS = re.search(r"deeds\[\]\)\(void\) = \{(.*?)\};", BROKEN.read_text(), re.S).group(1)
DEEDS = re.findall(r"\w+", DEEDS)

CLOSE = '(import "dagger" "close" (func $close (param i32) (result i32)))'
OPEN = '(import "dagger" "open" (func $open (param i32 i32) (result i32)))'
PATHS = ('(import "wasi_snapshot_preview1" "path_unlink_file"'
         ' (func $unlink (param i32 i32 i32) (result i32)))')
# What a guest imports, and so what is left to it.
GUESTS = {"nothing": CLOSE, "streams": CLOSE + OPEN, "paths": CLOSE + PATHS}

KILLED = -signal.SIGSYS
STOPPED = {  # deed: how, for every guest
    "run_program": KILLED, "trace": KILLED, "read_process": KILLED, "signal_parent": KILLED,
    "signal_by_thread": KILLED,
    "memory_file": KILLED, "gain_keys": KILLED, "other_abi": KILLED,
    "make_process": errno.EPERM, "make_code": errno.EPERM, "turn_into_code": errno.EPERM,
    "read_inherited": errno.EBADF,
}
NO_FILES = {
    "open_outside": errno.EPERM, "open2_outside": errno.ENOSYS, "write_outside": errno.EPERM,
    "list_outside": errno.EPERM,
}
ONLY_INSIDE = dict.fromkeys(NO_FILES, errno.EACCES)
CONNECTS = ["connect_named", "connect_other"]
LISTENS = ["listen_tcp", "listen_named", "listen_other"]
AROUND = ["fast_open", "fast_open_message", "connect_multipath", "listen_multipath"]  # Landlock
NO_NETWORK = {
    **dict.fromkeys(["tcp_socket", "unix_socket", "netlink_socket", "send_udp", *CONNECTS, *LISTENS, *AROUND],
                    errno.EPERM),
    "keep_socket": errno.EBADF,
}
# To connect and to listen is what such a guest may; the host's services are not TCP.
ONLY_TCP = {"tcp_socket": 0, "unix_socket": errno.EAFNOSUPPORT, "netlink_socket": errno.EAFNOSUPPORT,
            **dict.fromkeys(CONNECTS + LISTENS, 0), "keep_socket": 0, "send_udp": 0,
            "fast_open": errno.EPERM, "fast_open_message": errno.EPERM,
            "connect_multipath": errno.EAFNOSUPPORT, "listen_multipath": errno.EAFNOSUPPORT}
LISTENS_ONLY = {**dict.fromkeys(CONNECTS, errno.EPERM), "send_udp": errno.EAFNOSUPPORT}
EXPECTED = {
    "nothing": {**STOPPED, **NO_FILES, **NO_NETWORK},
    "streams": {**STOPPED, **ONLY_INSIDE, **ONLY_TCP},
    "paths": {**STOPPED, **ONLY_INSIDE, **NO_NETWORK},
}
FOR_PORTS = 4  # the version of Landlock that knows them
INHERITED = 99  # as broken.c has it: beyond what is open here


def achieved():
    """What a guest's trace says that the kernel has, and lacks: the first word of a part each."""
    with tempfile.TemporaryDirectory() as work:
        pathlib.Path(work, "a.wat").write_text('(module (func (export "main")))')
        subprocess.run([DAGGERCC, "a.wat"], cwd=work, check=True)
        done = subprocess.run([f"{work}/a"], env={**os.environ, "DAGGER_TRACE": "1"},
                              capture_output=True, text=True, check=True)
    return int((re.findall(r"landlock (\d+)", done.stderr) or [0])[0]), re.findall(r"not (\S+)", done.stderr)


class Kernel(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        """Ports that are kept: two that a broken runtime can listen at, too, and two to connect to."""
        cls.ports = {}
        for name in ("LISTEN_NAMED", "LISTEN_OTHER", "CONNECT_NAMED", "CONNECT_OTHER"):
            sock = cls.enterClassContext(socket.socket())
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind(("127.0.0.1", 0))
            if name.startswith("CONNECT"):
                sock.listen(200)
            cls.ports[name] = str(sock.getsockname()[1])

    def setUp(self):
        self.dir = self.enterContext(tempfile.TemporaryDirectory())

    def compile(self, name, *options):
        """A guest that does the deed of its one argument."""
        path = pathlib.Path(self.dir, f"{name}.wat")
        path.write_text(f'(module {GUESTS[name]} (memory (export "memory") 1)'
                        ' (func (export "do") (param i32) (result i32)'
                        '   (call $close (i32.sub (i32.const -1000) (local.get 0)))))')
        broken = pathlib.Path(self.dir, "broken.o")
        if not broken.exists():
            subprocess.run(["cc", "-D_GNU_SOURCE", "-fPIE", "-c", BROKEN, "-o", broken], check=True)
        output = pathlib.Path(self.dir, name)
        subprocess.run([DAGGERCC, "--invoke=do", path, "-o", output, "-Wl,--wrap=dagger_call_close",
                        f"-Wl,{broken}", *options], check=True)
        return output

    def do(self, guest, deed):
        """What it gave: 0, an errno value, or minus the signal that ended it."""
        command, env = [guest, str(DEEDS.index(deed))], {**os.environ, **self.ports}
        with tempfile.TemporaryDirectory() as inside, open("/dev/zero", "rb") as inherited, \
                socket.create_server(("127.0.0.1", 0)) as handed:
            if deed == "keep_socket":
                command = [sys.executable, HANDED, str(handed.fileno()), *command]
                env["LISTEN_FDS"] = "1"
            os.dup2(inherited.fileno(), INHERITED)
            try:
                done = subprocess.run(command, cwd=inside, timeout=60, env=env, capture_output=True,
                                      text=True, pass_fds=[INHERITED, handed.fileno()])
            finally:
                os.close(INHERITED)
        if done.returncode:
            return done.returncode
        return int(done.stdout or 0)  # nothing: another program took its place

    def test_every_deed_is_known(self):
        for expected in EXPECTED.values():
            self.assertEqual(sorted(expected), sorted(DEEDS))

    def stopped(self, name, *options, changed=None):
        guest = self.compile(name, *options)
        found = {deed: self.do(guest, deed) for deed in DEEDS}
        self.assertEqual(found, {**EXPECTED[name], **(changed or {})})

    def test_stopped_with_no_needs(self):
        self.stopped("nothing")

    def test_stopped_with_streams(self):
        self.stopped("streams", "--sandbox=require")

    def test_stopped_with_paths(self):
        self.stopped("paths")

    def test_stopped_in_static_executables(self):
        """Which listen, but connect to nobody."""
        self.stopped("streams", "-static", changed=LISTENS_ONLY)

    def allowing(self, *patterns, **changed):
        """A guest that may open these only, none of which are files, and what else it may not do then."""
        patterns = [f"--allow={pattern.format(**self.ports)}" for pattern in patterns]
        changed = {"open2_outside": NO_FILES["open2_outside"], **changed}
        self.stopped("streams", *patterns, changed=changed)

    def test_ports_that_policy_names(self):
        self.allowing("tcp://127.0.0.1:{CONNECT_NAMED}", "http://127.0.0.1:{CONNECT_NAMED}/x",
                      "tcp+listen://127.0.0.1:{LISTEN_NAMED}",
                      connect_other=errno.EACCES, listen_other=errno.EACCES, listen_tcp=errno.EACCES,
                      keep_socket=errno.EBADF)  # fmt: skip

    def test_any_port(self):
        self.allowing("tcp://127.0.0.1:{CONNECT_NAMED}", "https://", "tcp+listen://127.0.0.1:*",
                      keep_socket=errno.EBADF)

    def test_policy_without_listening(self):
        self.allowing("gopher://127.0.0.1:{CONNECT_NAMED}", connect_other=errno.EACCES,
                      keep_socket=errno.EBADF, **dict.fromkeys(LISTENS, errno.EPERM))

    def test_policy_without_connecting(self):
        self.allowing("tcp+listen://127.0.0.1:{LISTEN_NAMED}", "listen://x", listen_other=errno.EACCES,
                      listen_tcp=errno.EACCES, **LISTENS_ONLY, **NO_FILES)

    def test_policy_with_handed_sockets_only(self):
        self.allowing("listen://", **{**NO_NETWORK, **NO_FILES, "keep_socket": 0})

    def test_not_stopped_without(self):
        guest = self.compile("nothing", "--sandbox=off")
        found = {deed: self.do(guest, deed) for deed in DEEDS}
        # The kernel may be built without these.
        for deed in ("gain_keys", "other_abi", "connect_multipath", "listen_multipath"):
            self.assertIn(found.pop(deed), (0, errno.ENOSYS, errno.EPROTONOSUPPORT, errno.ENOPROTOOPT))
        self.assertEqual(set(found.values()), {0}, found)


class Settings(unittest.TestCase):
    def setUp(self):
        self.dir = self.enterContext(tempfile.TemporaryDirectory())
        pathlib.Path(self.dir, "a.wat").write_text('(module (func (export "main")))')

    def run_it(self, *options, **variables):
        subprocess.run([DAGGERCC, "a.wat", *options], cwd=self.dir, check=True)
        done = subprocess.run(["./a"], cwd=self.dir, env={**os.environ, **variables},
                              capture_output=True, text=True)
        return done.returncode, done.stderr

    def test_trace_tells(self):
        status, said = self.run_it(DAGGER_TRACE="1")
        self.assertEqual(status, 0)
        self.assertRegex(said, r"^a: sandbox: descriptors, core dumps, no_new_privs, landlock \d+, "
                               r"seccomp; needs nothing\n$")
        self.assertEqual(self.run_it("--sandbox=off", DAGGER_TRACE="1"), (0, ""))

    def test_environment_only_narrows(self):
        self.assertEqual(self.run_it(DAGGER_SANDBOX="require"), (0, ""))
        status, said = self.run_it(DAGGER_SANDBOX="off")
        self.assertEqual(status, 2)
        self.assertIn("expected try or require", said)
        status, said = self.run_it("--sandbox=off", DAGGER_SANDBOX="require")
        self.assertEqual(status, 1)
        self.assertIn("left out by --sandbox=off", said)

    def test_interpreter(self):
        def said(*options):
            return subprocess.run([DAGGER, "--trace", *options, "a.wat"], cwd=self.dir,
                                  capture_output=True, text=True, check=True).stderr
        if DAGGER.exists():
            self.assertIn("seccomp; needs nothing\n", said("--sandbox=require"))
            self.assertNotIn("sandbox", said("--sandbox=off"))
            done = subprocess.run([DAGGER, "--sandbox=off", "a.wat"], cwd=self.dir,
                                  env={**os.environ, "DAGGER_SANDBOX": "require"})
            self.assertEqual(done.returncode, 1)

    def test_no_core_dump(self):
        """Of a crash that is nobody's trap."""
        subprocess.run([DAGGERCC, "a.wat"], cwd=self.dir, check=True)
        wat = ('(module (import "wasi_snapshot_preview1" "proc_raise" (func $r (param i32) (result i32)))'
               ' (memory (export "memory") 1) (func (export "_start") (drop (call $r (i32.const 6)))))')
        pathlib.Path(self.dir, "a.wat").write_text(wat)
        status, _ = self.run_it()
        self.assertEqual(status, -signal.SIGABRT)
        self.assertFalse(list(pathlib.Path(self.dir).glob("core*")))


if __name__ == "__main__":
    version, lacking = achieved()
    if lacking or version < FOR_PORTS:
        print("skipped: the kernel does not do", ", ".join(lacking or ["ports"]))
        sys.exit(77)
    unittest.main()
