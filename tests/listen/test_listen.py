"""tcp+listen:// by guests of both engines, in the sandbox: conversations, peers that are not as they
should be, policy, limits."""

import os
import re
import signal
import socket
import subprocess
import unittest

from engines import ENGINES, SOURCE, Led, Program, connect, everything, handed, lead, listening_url, reset

REQUIRED = "--sandbox=require"


def allowing(*patterns):
    return [f"--allow={pattern}" for pattern in patterns]


class Listen(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.lead = cls.enterClassContext(lead())

    def each(self, *options, **keywords):
        """A guest of each engine."""
        for engine in ENGINES:
            with Led(command=self.lead.command(engine, *options), **keywords) as guest:
                yield guest

    def test_conversations(self):
        for guest in self.each(REQUIRED):
            url = listening_url(guest)
            for text in ("one", "two\0\xff", "x" * 9000):
                with connect(url) as peer:
                    sd = guest.open(url)
                    peer.sendall(text.encode("latin-1"))
                    data = b""
                    while len(data) < len(text):
                        data += guest.read(sd)
                    self.assertEqual(data, text.encode("latin-1"))
                    self.assertEqual(guest.write(sd, text), len(text))
                    self.assertEqual(guest.close(sd), 0)
                    self.assertEqual(everything(peer), data)

    def test_waits(self):
        """open does not return before somebody has come."""
        for guest in self.each():
            url = listening_url(guest)
            guest.begin("open", url)
            with connect(url) as peer:
                sd = guest.done()
                self.assertGreaterEqual(sd, 0)
                peer.sendall(b"!")
                self.assertEqual(guest.read(sd), b"!")

    def test_several_at_once(self):
        for guest in self.each():
            url = listening_url(guest)
            peers = [connect(url) for _ in range(10)]
            streams = [guest.open(url) for _ in peers]
            for number, sd in enumerate(streams):
                guest.write(sd, f"you are {number}")
                guest.close(sd)
            for number, peer in enumerate(peers):
                self.assertEqual(everything(peer), f"you are {number}".encode())
            self.assertEqual(guest.open(f"{url}?timeout=0"), "TIMEOUT")

    def test_hostile_peers(self):
        """Each gets what it deserves, and the next one is served."""
        for guest in self.each(env={"DAGGER_IDLE_TIMEOUT": "0.05"}):
            url = listening_url(guest)
            for _ in range(3):  # gone before it was taken
                reset(connect(url))
            for _ in range(3):
                sd = guest.open(url)
                self.assertEqual(guest.read(sd), "IO")
                guest.close(sd)
            with connect(url) as silent:
                sd = guest.open(url)
                self.assertEqual(guest.read(sd), "TIMEOUT")
                silent.sendall(b"late")
                self.assertEqual(guest.read(sd), b"late")
                self.assertEqual(guest.close(sd), 0)
            with connect(url) as half:
                half.shutdown(socket.SHUT_WR)
                sd = guest.open(url)
                self.assertEqual(guest.read(sd), b"")
                guest.write(sd, "still")
                guest.close(sd)
                self.assertEqual(everything(half), b"still")
            with connect(url) as stuffed:
                sd = guest.open(url)
                while isinstance(result := guest.write(sd, "x" * 30000), int):
                    pass
                self.assertEqual(result, "TIMEOUT")
                self.assertEqual(guest.close(sd), 0)
            with connect(url) as good:
                good.sendall(b"hello")
                self.assertEqual(guest.read(guest.open(url)), b"hello")

    def test_somebody_else_listens(self):
        with socket.create_server(("127.0.0.1", 0)) as other:
            for guest in self.each():
                self.assertEqual(guest.open(f"tcp+listen://127.0.0.1:{other.getsockname()[1]}"), "EXIST")

    def test_ipv6(self):
        for guest in self.each():
            error = guest.open("tcp+listen://[::1]:0?timeout=0")
            if error in ("NOTSUP", "NOENT"):
                self.skipTest("no IPv6")
            self.assertEqual(error, "TIMEOUT")

    def test_static_executables_listen(self):
        with Led(command=self.lead.command("daggercc", "-static", REQUIRED)) as guest:
            url = listening_url(guest)
            self.assertEqual(guest.open("tcp" + url.removeprefix("tcp+listen")), "UNAVAIL")
            self.assertEqual(guest.open("gopher" + url.removeprefix("tcp+listen")), "UNAVAIL")
            with connect(url) as peer:
                peer.sendall(b"hello")
                self.assertEqual(guest.read(guest.open(url)), b"hello")

    def test_policy(self):
        allowed = allowing("tcp+listen://127.0.0.1:*")
        for guest in self.each(REQUIRED, *allowed):
            url = listening_url(guest)
            self.assertEqual(guest.open("tcp+listen://0.0.0.0:0?timeout=0"), "PERM")
            self.assertEqual(guest.open("tcp+listen://localhost:0?timeout=0"), "PERM")
            self.assertEqual(guest.open("listen://"), "PERM")
            self.assertEqual(guest.open("tcp" + url.removeprefix("tcp+listen")), "PERM")
        for guest in self.each("--deny=tcp+listen://"):
            self.assertEqual(guest.open("tcp+listen://127.0.0.1:0"), "PERM")
        for guest in self.each(env={"DAGGER_DENY": "tcp+listen://127.0.0.1:*"}):
            self.assertEqual(guest.open("tcp+listen://127.0.0.1:0"), "PERM")
            self.assertEqual(guest.open("tcp+listen://[::ffff:127.0.0.1]:0"), "PERM")

    def test_a_limit_of_time_ends_the_wait(self):
        for engine in ENGINES:
            with self.subTest(engine=engine):
                command = self.lead.command(engine, "--max-time=0.2")
                done = subprocess.run(command, input=b"open tcp+listen://127.0.0.1:0\n", timeout=60,
                                      capture_output=True)
                self.assertEqual(done.returncode, 152)
                self.assertIn(b"limit: out of time", done.stderr)

    def test_a_signal_ends_it(self):
        for engine in ENGINES:
            with subprocess.Popen([*self.lead.command(engine)], stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE) as process:
                process.stdin.write(b"open tcp+listen://127.0.0.1:0?timeout=0\n"
                                    b"open tcp+listen://127.0.0.1:0\n")
                process.stdin.flush()
                process.stdout.readline()
                process.terminate()
                self.assertEqual(process.wait(timeout=60), -signal.SIGTERM)


class Serve(unittest.TestCase):
    """samples/c/serve.c and requests of all sorts."""

    REQUESTS = {
        b"GET /a.txt HTTP/1.0\r\n\r\n": b"200 ",
        b"GET /a.txt HTTP/1.1\r\nHost: x\r\n\r\n": b"200 ",
        b"GET /a.txt?query HTTP/1.0\n\r\n": b"200 ",
        b"GET /%61.txt HTTP/1.0\r\n\r\n": b"200 ",
        b"GET /missing HTTP/1.0\r\n\r\n": b"404 ",
        b"GET /../../etc/passwd HTTP/1.0\r\n\r\n": b"404 ",
        b"GET /%2e%2e/etc/passwd HTTP/1.0\r\n\r\n": b"404 ",
        b"GET /%00 HTTP/1.0\r\n\r\n": b"403 ",
        b"GET /\xff\x1b[2J HTTP/1.0\r\n\r\n": b"403 ",
        b"GET a.txt HTTP/1.0\r\n\r\n": b"400 ",
        b"POST /a.txt HTTP/1.0\r\n\r\n": b"400 ",
        b"\r\n\r\n": b"400 ",
        b"GET /" + b"a" * 9000 + b" HTTP/1.0\r\n\r\n": b"414 ",
    }

    def test_requests(self):
        with Program(SOURCE / "samples" / "c" / "serve.c") as serve:
            (serve.folder / "root").mkdir()
            (serve.folder / "root" / "a.txt").write_text("content")
            for engine in ENGINES:
                with self.subTest(engine=engine):
                    self.ask_all(serve.command(engine, REQUIRED), serve.folder / "root")

    def ask_all(self, command, root):
        """Also what no answer comes to. The number of connections that it takes ends the server."""
        number = len(self.REQUESTS) + 3
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
            how = handed([*command, "listen://", number], [listener], DAGGER_IDLE_TIMEOUT="2")
            with subprocess.Popen(how["command"], env={**os.environ, **how["env"]}, cwd=root,
                                  pass_fds=how["pass_fds"]) as server:
                url = f"x://127.0.0.1:{port}"
                reset(connect(url))
                connect(url).close()
                with connect(url) as slow:
                    slow.sendall(b"GET /a.txt HT")
                    self.assertEqual(everything(slow), b"")
                for request, status in self.REQUESTS.items():
                    peer = connect(url)
                    peer.sendall(request)
                    said = everything(peer)
                    self.assertRegex(said, b"^HTTP/1.0 " + re.escape(status), request)
                    self.assertEqual(b"content" in said, status == b"200 ", request)
                self.assertEqual(server.wait(timeout=60), 0)


if __name__ == "__main__":
    unittest.main()
