"""listen:// and WASI's sockets: what a process was handed over, by sd_listen_fds(3) and by systemd."""

import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest

from engines import ENGINES, SOURCE, Led, Program, connect, everything, handed, lead, reset

sys.path.insert(0, str(SOURCE / "tests" / "wasi"))
import run as wasi  # noqa: E402

REQUIRED = "--sandbox=require"
ACTIVATE = shutil.which("systemd-socket-activate")


def listener():
    return socket.create_server(("127.0.0.1", 0))


def url_of(sock):
    return f"x://127.0.0.1:{sock.getsockname()[1]}"


class Inherited(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.lead = cls.enterClassContext(lead())

    def each(self, sockets, *options, names=None, **variables):
        for engine in ENGINES:
            with Led(**handed(self.lead.command(engine, *options), sockets, names, **variables)) as guest:
                yield guest

    def serves(self, guest, sock, url):
        """The next connection to the socket is the stream."""
        with connect(url_of(sock)) as peer:
            sd = guest.open(url)
            self.assertIsInstance(sd, int, (url, sd))
            peer.sendall(b"hello")
            self.assertEqual(guest.read(sd), b"hello")
            guest.write(sd, "answer")
            self.assertEqual(guest.close(sd), 0)
            self.assertEqual(everything(peer), b"answer")

    def test_by_number_and_name(self):
        with listener() as one, listener() as two, listener() as three:
            for guest in self.each([one, two, three], REQUIRED, names="web:admin:web"):
                for url in ("listen://", "listen://0", "listen://web", "listen://w%65b", "LISTEN://0"):
                    self.serves(guest, one, url)
                for url in ("listen://1", "listen://admin"):
                    self.serves(guest, two, url)
                self.serves(guest, three, "listen://2")
                for url in ("listen://3", "listen://Web", "listen://4294967296", "listen://01"):
                    self.assertEqual(guest.open(url), "NOENT", url)
                self.assertEqual(guest.open("listen://?timeout=0"), "TIMEOUT")
                self.assertEqual(guest.open("listen://admin?timeout=1"), "TIMEOUT")
                for rest in ("u@web", "web:1", "web/x", "web#", "web?timeout", "web?x=1", "[::1]"):
                    self.assertEqual(guest.open(f"listen://{rest}"), "BADINPUT", rest)
                self.assertEqual(guest.open("listen://a%00"), "BADURL")

    def test_a_name_that_is_a_number(self):
        """is not found: policy takes it for the number, however it is spelled."""
        with listener() as one, listener() as two:
            for guest in self.each([one, two], REQUIRED, "--deny=listen://0", names="1:x"):
                for url in ("listen://1", "listen://%31"):
                    self.serves(guest, two, url)
                for url in ("listen://0", "listen://%30"):
                    self.assertEqual(guest.open(url), "PERM")

    def test_nothing_is_inherited(self):
        with listener() as sock:
            for variables in ({"LISTEN_PID": "1"}, {"LISTEN_PID": ""}, {"LISTEN_FDS": "0"},
                              {"LISTEN_PID": "x"}):  # fmt: skip
                for guest in self.each([sock], **variables):
                    self.assertEqual(guest.open("listen://"), "NOENT")

    def test_bad_variables(self):
        with listener() as sock:
            for name, value in (("LISTEN_FDS", "-1"), ("LISTEN_FDS", "65"), ("LISTEN_FDS", "1\x1b[2J"),
                                ("LISTEN_FDS", ""), ("LISTEN_FDS", "99999999999999999999"),
                                ("LISTEN_FDNAMES", "a:b"), ("LISTEN_FDNAMES", "a:")):  # fmt: skip
                how = handed(self.lead.command("daggercc"), [sock], **{name: value})
                done = subprocess.run(how["command"], env={**os.environ, **how["env"]}, text=True,
                                      pass_fds=how["pass_fds"], capture_output=True, timeout=60)
                self.assertEqual(done.returncode, 2, (name, value))
                self.assertIn(f"{name}: not as sd_listen_fds(3) says", done.stderr)
                self.assertNotIn("\x1b", done.stderr)

    def test_what_is_no_socket(self):
        with listener() as good, socket.socket(type=socket.SOCK_DGRAM) as datagrams, \
                socket.socket() as alone, open("/dev/zero", "rb") as file:
            for options in ([REQUIRED], ["--sandbox=off"]):
                for guest in self.each([file, datagrams, alone, good], *options):
                    for number in (0, 1, 2):
                        self.assertEqual(guest.open(f"listen://{number}"), "NOTSUP")
                    self.serves(guest, good, "listen://3")

    def test_fewer_than_promised(self):
        with listener() as good:
            for guest in self.each([good], LISTEN_FDS="3"):
                self.serves(guest, good, "listen://0")
                self.assertEqual([guest.open("listen://1"), guest.open("listen://2")], ["NOENT"] * 2)

    def test_a_connection(self):
        """systemd's Accept=yes: there is one, and it is given once."""
        for engine in ENGINES:
            ours, theirs = socket.socketpair()
            with ours, Led(**handed(self.lead.command(engine, REQUIRED), [theirs],
                                    "connection")) as guest:
                theirs.close()
                sd = guest.open("listen://connection")
                ours.sendall(b"hello")
                self.assertEqual(guest.read(sd), b"hello")
                guest.write(sd, "bye")
                self.assertEqual(guest.open("listen://"), "NOENT")
                self.assertEqual(guest.close(sd), 0)
                self.assertEqual(everything(ours), b"bye")

    def test_sockets_of_the_host(self):
        with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as sock:
            sock.bind(f"{folder}/socket")
            sock.listen()
            for guest in self.each([sock], REQUIRED):
                with socket.socket(socket.AF_UNIX) as peer:
                    peer.connect(f"{folder}/socket")
                    sd = guest.open("listen://")
                    peer.sendall(b"hello")
                    self.assertEqual(guest.read(sd), b"hello")

    def test_hostile_peers(self):
        with listener() as sock:
            for guest in self.each([sock], DAGGER_IDLE_TIMEOUT="0.05"):
                reset(connect(url_of(sock)))
                sd = guest.open("listen://")
                self.assertEqual([guest.read(sd), guest.close(sd)], ["IO", 0])
                with connect(url_of(sock)):
                    self.assertEqual(guest.read(guest.open("listen://")), "TIMEOUT")
                self.serves(guest, sock, "listen://")

    def test_policy(self):
        with listener() as sock:
            for guest in self.each([sock], REQUIRED, "--allow=listen://web", names="web"):
                self.assertEqual(guest.open("listen://"), "PERM")
                self.assertEqual(guest.open("listen://0"), "PERM")
                self.assertEqual(guest.open("tcp+listen://127.0.0.1:0"), "PERM")
                self.serves(guest, sock, "listen://web")
            for guest in self.each([sock], "--deny=listen://"):
                self.assertEqual(guest.open("listen://"), "PERM")

    def test_variables_are_not_the_guests(self):
        with listener() as sock:
            for guest in self.each([sock]):
                self.assertEqual(guest.open("env://LISTEN_FDS"), "NOENT")
            for guest in self.each([sock], "--env=LISTEN_FDS"):
                self.assertEqual(guest.read(guest.open("env://LISTEN_FDS")), b"1")

    @unittest.skipUnless(ACTIVATE, "systemd-socket-activate is not installed")
    def test_systemd(self):
        """It listens at a path, so that no port has to be found, and starts us at the first connection."""
        for engine in ENGINES:
            with tempfile.TemporaryDirectory() as folder:
                path = f"{folder}/socket"
                with subprocess.Popen([ACTIVATE, "--listen", path, "--fdname=web",
                                       *self.lead.command(engine, REQUIRED)], stdin=subprocess.PIPE,
                                      stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
                    process.stderr.readline()  # "Listening on ..."
                    with socket.socket(socket.AF_UNIX) as peer:
                        peer.connect(path)
                        peer.sendall(b"hello")
                        said, _ = process.communicate(b"open listen://web\nread 2 9\nclose 2\n", timeout=60)
                        self.assertEqual(said, b"2 \n5 68656c6c6f\n0 \n")
                        self.assertEqual(process.returncode, 0)
                        self.assertEqual(everything(peer), b"")


class Accept(unittest.TestCase):
    """sock_accept, by wasi-libc and by Rust's standard library."""

    def program(self, name):
        source = SOURCE / "tests" / "listen" / name
        try:
            compiler = wasi.rust() if name.endswith(".rs") else wasi.LIBC
        except wasi.Missing as why:
            self.skipTest(str(why))
        return self.enterContext(Program(source, compiler))

    def started(self, command, sockets, names=None, **variables):
        how = handed(command, sockets, names, **variables)
        return subprocess.Popen(how["command"], env={**os.environ, **how["env"]}, text=True,
                                pass_fds=how["pass_fds"], stdout=subprocess.PIPE)

    def talk(self, sock, text):
        with connect(url_of(sock)) as peer:
            peer.sendall(text)
            return everything(peer)

    def serves(self, command, sockets, lines):
        """At the first socket. Returns the first lines that the guest says, before any connection is
        there."""
        sock = sockets[0]
        with self.started(command, sockets) as process:
            said = [process.stdout.readline().rstrip("\n") for _ in range(lines)]
            self.assertEqual(self.talk(sock, b"hello"), b"HELLO")
            connect(url_of(sock)).close()
            self.assertEqual(self.talk(sock, b"end"), b"END")
            self.assertEqual(process.wait(timeout=60), 0)
        return said

    def test_libc(self):
        program = self.program("accept.c")
        for engine in ENGINES:
            with listener() as sock:
                command = program.command(engine, REQUIRED, f"--dir={program.folder}::/d")
                said = self.serves(command, [sock], 5)
            self.assertEqual(said, [
                "LISTEN_FDS 1",
                "3 type 6 flags 4 accepts is not",
                "4 type 3 flags 0 does not accept is preopened",
                "accept Resource temporarily unavailable",
                "read fails",
            ])  # fmt: skip

    def test_rust(self):
        program = self.program("accept.rs")
        for engine in ENGINES:
            with listener() as sock:
                self.serves(program.command(engine, REQUIRED), [sock], 0)

    def test_several(self):
        """Those that listen, in their order and before directories; and the guest's own LISTEN_FDS."""
        program = self.program("accept.c")
        for engine in ENGINES:
            with listener() as one, listener() as two, open("/dev/null", "rb") as file:
                command = program.command(engine, REQUIRED, "--env=LISTEN_FDS", f"--dir={program.folder}")
                self.assertEqual(self.serves(command, [one, file, two], 6)[:4], [
                    "LISTEN_FDS 2",
                    "3 type 6 flags 4 accepts is not",
                    "4 type 6 flags 0 accepts is not",
                    "5 type 3 flags 0 does not accept is preopened",
                ])  # fmt: skip

    def found(self, *options, sockets=1, names=None, **variables):
        """What the guest says of its descriptors, of which none listens."""
        program = self.program("accept.c")
        for engine in ENGINES:
            with listener() as sock:
                command = program.command(engine, f"--dir={program.folder}", *options)
                with self.started(command, [sock] * sockets, names, **variables) as process:
                    yield process.stdout.read().splitlines()[:3]

    def test_none(self):
        for said in (*self.found(sockets=0), *self.found(LISTEN_PID="1"),
                     *self.found("--deny=listen://web", names="web"), *self.found("--deny=listen://0"),
                     *self.found("--deny=listen://0", "--env=LISTEN_FDS")):
            self.assertEqual(said[0], "LISTEN_FDS none")
            self.assertEqual(said[1:], ["3 type 3 flags 4 does not accept is preopened", "accept Not a socket"])


if __name__ == "__main__":
    unittest.main()
