"""Peers that are slow, silent, gone or wrong: always an error of the right name, never a silent end."""

import socket
import threading
import time
import unittest

from guest import Guest
from servers import Server

POST = "POST / HTTP/1.1\r\n\r\n"


class Broken(unittest.TestCase):
    def answer(self, response, request=""):
        """Sends `response` and closes: (data read, error of read, result of close)."""

        def handler(connection):
            connection.body(connection.head())
            connection.send(response)

        with Server(handler) as server, Guest() as guest:
            sd = guest.open(server.url())
            guest.write(sd, request)
            data, error = guest.rest(sd)
            self.assertEqual(guest.read(sd) or 0, error, "an error stays")
            return data, error, guest.close(sd)

    def test_no_answer(self):
        self.assertEqual(self.answer(""), (b"", "IO", 0))

    def test_no_http(self):
        for text in ("hello\r\n\r\n", "SSH-2.0-x\r\n", "\x16\x03\x01\r\n", "HTTP/1.1 abc\r\n\r\n",
                     "HTTP/1.1\r\n\r\n", "HTTP/3 2 X\r\n\r\n", "\r\n\r\n"):  # fmt: skip
            with self.subTest(text=text):
                self.assertEqual(self.answer(text), (b"", "IO", 0))

    def test_head_cut_short(self):
        text = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: y"
        self.assertEqual(self.answer(text), (b"", "IO", 0))

    def test_nul_in_head(self):
        text = "HTTP/1.1 200 OK\r\nX: a\0b\r\nContent-Length: 0\r\n\r\n"
        self.assertEqual(self.answer(text)[1], "IO")

    def test_interim_response_only(self):
        self.assertEqual(self.answer("HTTP/1.1 100 Continue\r\n\r\n"), (b"", "IO", 0))

    def test_protocol_switch_nobody_asked_for(self):
        text = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nraw"
        self.assertEqual(self.answer(text), (b"", "IO", 0))

    def test_body_shorter_than_its_length(self):
        head = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"
        data, error, closed = self.answer(head + "hello")
        self.assertEqual((data.decode(), error, closed), (head + "hello", "IO", 0))

    def test_body_longer_than_its_length(self):
        head = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"
        self.assertEqual(self.answer(head + "hello")[:2], ((head + "he").encode(), 0))

    def test_bad_lengths(self):
        for length in ("-1", "abc"):
            with self.subTest(length=length):
                text = f"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\nhello"
                self.assertEqual(self.answer(text)[1], "IO")

    def test_chunks_cut_short(self):
        head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        for body in ("", "5\r\nhel", "5\r\nhello\r\n", "5\r\nhello\r\n0\r\n"):
            with self.subTest(body=body):
                data, error, _ = self.answer(head + body)
                self.assertEqual(error, "IO")
                self.assertTrue(data.startswith(b"HTTP/1.1 200 OK\r\n\r\n"), data)

    def test_chunks_that_are_none(self):
        head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        for body in ("xyz\r\nhello\r\n0\r\n\r\n", "ffffffffffffffffff\r\n", "5\r\nhelloXX0\r\n\r\n"):
            with self.subTest(body=body):
                self.assertEqual(self.answer(head + body)[1], "IO")

    def test_oversized_heads(self):
        for fields in ("X: " + "y" * 300_000 + "\r\n", "X: y\r\n" * 100_000):
            text = f"HTTP/1.1 200 OK\r\n{fields}\r\nbody"
            self.assertEqual(self.answer(text)[:2], (b"", "IO"))

    def test_head_just_within_the_limit(self):
        fields = ("X: " + "y" * 1000 + "\r\n") * 200
        text = f"HTTP/1.1 200 OK\r\n{fields}Content-Length: 4\r\n\r\nbody"
        self.assertEqual(self.answer(text)[:2], (text.encode(), 0))

    def test_endless_interim_responses_stay_bounded(self):
        def handler(connection):
            connection.head()
            while True:
                connection.send("HTTP/1.1 103 Early Hints\r\nX: y\r\n\r\n" * 1000)

        with Server(handler) as server, Guest("--idle", 500) as guest:
            sd = guest.open(server.url())
            self.assertEqual(guest.read(sd), "IO")
            guest.close(sd)

    def test_post_unread_tells_at_close(self):
        self.check_close("", "IO")
        self.check_close("HTTP/1.1 500 Sorry\r\nContent-Length: 0\r\n\r\n", 0)

    def check_close(self, response, result):
        def handler(connection):
            connection.body(connection.head())
            connection.send(response)

        with Server(handler) as server, Guest() as guest:
            sd = guest.open(server.url())
            guest.write(sd, POST + "data")
            self.assertEqual(guest.close(sd), result)


class Unreachable(unittest.TestCase):
    def closed_port(self):
        with socket.socket() as sock:
            sock.bind(("127.0.0.1", 0))
            return sock.getsockname()[1]

    def test_refused(self):
        with Guest() as guest:
            for scheme in ("http", "https"):
                url = f"{scheme}://127.0.0.1:{self.closed_port()}/"
                sd = guest.open(url)
                self.assertEqual(guest.read(sd), "CONNECT")
                self.assertEqual(guest.close(sd), 0)
                sd = guest.open(url)
                guest.write(sd, POST)
                self.assertEqual(guest.flush(sd), "CONNECT")
                self.assertEqual(guest.close(sd), "CONNECT")
                sd = guest.open(url)
                guest.write(sd, POST)
                self.assertEqual(guest.fill(sd, 1 << 20)[0], "CONNECT")
                guest.close(sd)

    def test_unresolvable(self):
        """RFC 6761: no name under .invalid exists, so no resolver is needed to know."""
        with Guest() as guest:
            sd = guest.open("http://no-such-host.invalid/")
            self.assertEqual(guest.read(sd), "CONNECT")
            guest.close(sd)


class Silent(unittest.TestCase):
    """Idle time is counted while the guest waits; slow is not silent."""

    def setUp(self):
        self.leave = threading.Event()
        self.addCleanup(self.leave.set)

    def silent(self, *steps):
        """Takes a head, sends the steps, and is silent until the test ends."""

        def handler(connection):
            connection.head()
            for step in steps:
                connection.send(step)
            self.leave.wait(60)

        server = self.enterContext(Server(handler))
        self.addCleanup(self.leave.set)
        return server

    def check_read(self, *steps):
        server = self.silent(*steps)
        with Guest("--idle", 200) as guest:
            sd = guest.open(server.url())
            before = time.monotonic()
            data, error = guest.rest(sd)
            self.assertEqual(error, "TIMEOUT")
            self.assertGreaterEqual(time.monotonic() - before, 0.19)
            guest.close(sd)
            return data

    def test_no_answer_at_all(self):
        self.assertEqual(self.check_read(), b"")

    def test_half_a_head(self):
        self.assertEqual(self.check_read("HTTP/1.1 200 OK\r\nX"), b"")

    def test_half_a_body(self):
        head = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"
        self.assertEqual(self.check_read(head, "hel").decode(), head + "hel")

    def test_peer_that_takes_nothing(self):
        server = self.silent()
        with Guest("--idle", 200) as guest:
            sd = guest.open(server.url())
            guest.write(sd, POST)
            self.assertEqual(guest.fill(sd, 1 << 30)[0], "TIMEOUT")
            guest.close(sd)

    def test_no_answer_to_a_post_nobody_reads(self):
        server = self.silent()
        with Guest("--idle", 200) as guest:
            sd = guest.open(server.url())
            guest.write(sd, POST)
            self.assertEqual(guest.close(sd), "TIMEOUT")

    def test_tls_handshake_that_never_ends(self):
        """The connection is accepted by the kernel, the rest is silence: connecting takes too long."""
        with socket.create_server(("127.0.0.1", 0)) as listener, Guest("--connect", 200) as guest:
            sd = guest.open(f"https://127.0.0.1:{listener.getsockname()[1]}/")
            self.assertEqual(guest.read(sd), "TIMEOUT")
            guest.close(sd)

    def test_slow_is_not_silent(self):
        """A trickle that takes twice the idle time as a whole, in steps far below it."""
        text = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789"

        def handler(connection):
            connection.head()
            for byte in text:
                connection.send(byte)
                self.leave.wait(0.04)

        with Server(handler) as server, Guest("--idle", 1000) as guest:
            sd = guest.open(server.url())
            self.assertEqual(guest.rest(sd), (text.encode(), 0))
            guest.close(sd)


class EarlyAnswer(unittest.TestCase):
    """The peer answers while the guest still writes."""

    LONG = 200_000_000

    def answer(self, response, use, keep=True):
        got = threading.Event()

        def handler(connection):
            connection.head()
            connection.send(response)
            if keep:
                got.wait(60)

        with Server(handler) as server, Guest() as guest:
            sd = guest.open(server.url())
            try:
                use(guest, sd)
            finally:
                got.set()
            return guest.close(sd)

    def test_refusal_ends_the_upload_and_is_read(self):
        response = "HTTP/1.1 413 Too Much\r\nContent-Length: 3\r\nConnection: close\r\n\r\nno!"
        for head in (POST, f"PUT / HTTP/1.1\r\nContent-Length: {self.LONG}\r\n\r\n"):

            def use(guest, sd, head=head):
                guest.write(sd, head)
                error, done = guest.fill(sd, self.LONG)
                self.assertEqual(error, "PIPE")
                self.assertLess(done, self.LONG)
                self.assertEqual(guest.write(sd, "more"), "PIPE")
                self.assertEqual(guest.response(sd)[2:], (b"no!", 0))

            self.assertEqual(self.answer(response, use), 0)

    def test_refusal_seen_by_small_writes(self):
        response = "HTTP/1.1 403 No\r\nContent-Length: 3\r\n\r\nno!"

        def use(guest, sd):
            guest.write(sd, POST)
            self.assertEqual(guest.fill(sd, self.LONG, 1000)[0], "PIPE")
            self.assertEqual(guest.response(sd)[2:], (b"no!", 0))

        self.assertEqual(self.answer(response, use), 0)

    def test_refusal_of_what_was_still_gathered(self):
        response = "HTTP/1.1 403 No\r\nContent-Length: 3\r\n\r\nno!"

        def use(guest, sd):
            guest.write(sd, POST)
            self.assertEqual(guest.flush(sd), 0)
            guest.write(sd, "gathered, not sent")
            self.assertEqual(guest.response(sd)[2:], (b"no!", 0))

        self.assertEqual(self.answer(response, use), 0)

    def test_refused_guest_that_just_leaves(self):
        response = "HTTP/1.1 403 No\r\nContent-Length: 3\r\n\r\nno!"

        def use(guest, sd):
            guest.write(sd, POST)
            self.assertEqual(guest.fill(sd, self.LONG)[0], "PIPE")

        self.assertEqual(self.answer(response, use), 0)

    def test_peer_that_hangs_up(self):
        def use(guest, sd):
            guest.write(sd, POST)
            self.assertIn(guest.fill(sd, self.LONG)[0], ("PIPE", "IO"))
            self.assertIn(guest.read(sd), ("PIPE", "IO"))

        self.assertIn(self.answer("", use, keep=False), ("PIPE", "IO"))

    def test_early_success_takes_the_rest(self):
        size = 3_000_000

        def handler(connection):
            connection.head()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            connection.drain(size)
            connection.head()

        with Server(handler) as server, Guest() as guest:
            sd = guest.open(server.url())
            guest.write(sd, f"PUT / HTTP/1.1\r\nContent-Length: {size}\r\n\r\n")
            self.assertEqual(guest.fill(sd, size), (0, size))
            self.assertEqual(guest.response(sd)[2:], (b"ok", 0))
            self.assertEqual(guest.close(sd), 0)


if __name__ == "__main__":
    unittest.main()
