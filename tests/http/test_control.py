"""control:// over a network: deadlines of streams that wait for a peer, the end of a request before
its answer is read. No test waits longer than until a deadline that has passed."""

import threading
import unittest

from guest import Guest
from servers import Server

ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
CHUNKED = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"


def silent(connection):
    while connection.more():
        pass


class Control(unittest.TestCase):
    def serve(self, handler):
        server = Server(handler)
        self.addCleanup(server.__exit__, None, None, None)
        return server

    def guest(self):
        """A guest, and its control stream."""
        guest = Guest()
        self.addCleanup(guest.__exit__)
        return guest, guest.open("control://")

    def command(self, guest, control, text):
        self.assertEqual(guest.write(control, f"{text}\n"), len(text) + 1)
        return guest.read(control).decode()

    def test_a_request_ends_before_its_answer_is_read(self):
        """The server sees the end of the body while the guest has not read anything."""
        came = threading.Event()

        def handler(connection):
            head = connection.head()
            self.assertEqual(connection.body(head), b"one two")
            came.set()
            connection.send(ANSWER)
            connection.more()

        server = self.serve(handler)
        guest, control = self.guest()
        sd = guest.open(server.url())
        guest.write(sd, CHUNKED + "one ")
        guest.write(sd, "two")
        self.assertEqual(self.command(guest, control, f"shutdown {sd}"), "ok\n")
        self.assertTrue(came.wait(60))
        self.assertEqual(guest.write(sd, "three"), "NOTSUP")
        self.assertEqual(guest.response(sd)[2:], (b"hello", 0))
        self.assertEqual(self.command(guest, control, f"shutdown {sd}"), "ok\n")
        self.assertEqual(guest.close(sd), 0)

    def test_a_request_without_a_word_is_sent(self):
        came = threading.Event()

        def handler(connection):
            self.assertEqual(connection.head()[0], "GET /x HTTP/1.1")
            came.set()
            connection.send(ANSWER)
            connection.more()

        server = self.serve(handler)
        guest, control = self.guest()
        sd = guest.open(server.url("/x"))
        self.assertEqual(self.command(guest, control, f"shutdown {sd}"), "ok\n")
        self.assertTrue(came.wait(60))
        self.assertEqual(guest.response(sd)[2:], (b"hello", 0))

    def test_half_a_request_can_not_end(self):
        server = self.serve(silent)
        guest, control = self.guest()
        for text in ("GET / HT", "PUT / HTTP/1.1\r\nContent-Length: 5\r\n\r\nabc"):
            sd = guest.open(server.url())
            guest.write(sd, text)
            self.assertEqual(self.command(guest, control, f"shutdown {sd}"), "error BADINPUT\n")
            self.assertEqual(guest.read(sd), "BADINPUT")
            guest.close(sd)

    def test_nobody_to_send_it_to(self):
        server = Server(silent)
        url = server.url()
        server.__exit__(None)
        guest, control = self.guest()
        sd = guest.open(url)
        guest.write(sd, CHUNKED)
        self.assertEqual(self.command(guest, control, f"shutdown {sd}"), "error CONNECT\n")
        self.assertEqual(guest.read(sd), "CONNECT")

    def test_tcp_ends_one_way(self):
        def handler(connection):
            while connection.more():
                pass
            connection.send(connection.buffer[::-1])

        server = self.serve(handler)
        guest, control = self.guest()
        sd = guest.open(f"tcp://127.0.0.1:{server.port}")
        guest.write(sd, "abc")
        self.assertEqual(self.command(guest, control, f"shutdown {sd}"), "ok\n")
        self.assertEqual(guest.write(sd, "x"), "PIPE")
        self.assertEqual(guest.rest(sd), (b"cba", 0))

    def test_deadline_of_tcp(self):
        def handler(connection):
            connection.exactly(1)
            connection.send("!")
            silent(connection)

        server = self.serve(handler)
        guest, control = self.guest()
        sd = guest.open(f"tcp://127.0.0.1:{server.port}")
        self.assertEqual(self.command(guest, control, f"deadline {sd} 1"), "ok\n")
        self.assertEqual(guest.read(sd), "TIMEOUT")
        self.assertEqual(guest.read(sd), "TIMEOUT")
        self.assertEqual(self.command(guest, control, f"deadline {sd} none"), "ok\n")
        guest.write(sd, "?")
        self.assertEqual(guest.read(sd), b"!")
        self.assertIn(f"stream {sd} tcp read 1 written 1 error TIMEOUT\n",
                      self.command(guest, control, "streams"))  # fmt: skip

    def test_deadline_of_an_answer(self):
        """It ends the exchange."""
        server = self.serve(silent)
        guest, control = self.guest()
        sd = guest.open(server.url())
        self.assertEqual(self.command(guest, control, f"deadline {sd} 1"), "ok\n")
        self.assertEqual(guest.read(sd), "TIMEOUT")
        self.assertEqual(self.command(guest, control, f"deadline {sd} none"), "ok\n")
        self.assertEqual(guest.read(sd), "TIMEOUT")
        self.assertEqual(guest.close(sd), 0)

    def test_deadline_of_a_request(self):
        """The server takes nothing of a body that no buffer holds."""
        blocked = threading.Event()
        server = self.serve(lambda connection: blocked.wait(60) and None)
        self.addCleanup(blocked.set)
        guest, control = self.guest()
        sd = guest.open(server.url())
        guest.write(sd, CHUNKED)
        self.assertEqual(self.command(guest, control, f"deadline {sd} 100"), "ok\n")
        self.assertEqual(guest.fill(sd, 1 << 30)[0], "TIMEOUT")


if __name__ == "__main__":
    unittest.main()
