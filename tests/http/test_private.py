"""deny_private: the address that is connected to counts, whatever name or spelling led to it."""

import socket
import unittest

from guest import Guest
from servers import Server

OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi"


def answer(connection):
    if connection.head():
        connection.send(OK)


class Private(unittest.TestCase):
    def serve(self, handler=answer):
        return self.enterContext(Server(handler))

    def guest(self, *options, names=""):
        return self.enterContext(Guest(*options, env={"FAKE_NAMES": names}))

    def http(self, guest, host, server):
        """The body of a GET, or the error."""
        sd = guest.open(f"http://{host}:{server.port}/")
        data, error = guest.rest(sd)
        guest.close(sd)
        return error or data.partition(b"\r\n\r\n")[2]

    def tcp(self, guest, host, server):
        sd = guest.open(f"tcp://{host}:{server.port}")
        if isinstance(sd, int):
            guest.close(sd)
            return 0
        return sd

    def test_reached_without_it(self):
        server = self.serve()
        guest = self.guest()
        self.assertEqual(self.http(guest, "127.0.0.1", server), b"hi")
        self.assertEqual(self.tcp(guest, "127.0.0.1", server), 0)

    def test_addresses(self):
        server = self.serve()
        guest = self.guest("--public", 1)
        for host in ("127.0.0.1", "127.8.9.10", "0.0.0.0", "[::1]", "[::]", "[::ffff:127.0.0.1]",
                     "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "10.0.0.1",
                     "169.254.169.254", "[fd00:ec2::254]", "[fe80::1]"):
            with self.subTest(host):
                self.assertEqual(self.http(guest, host, server), "PERM")
                self.assertEqual(self.tcp(guest, host, server), "PERM")
        self.assertEqual(server.connections, 0)

    def test_names(self):
        server = self.serve()
        names = "a.test=127.0.0.1 b.test=10.1.2.3,::1,fe80::1"
        guest = self.guest("--public", 1, names=names)
        for host in ("localhost", "a.test", "b.test"):
            with self.subTest(host):
                self.assertEqual(self.http(guest, host, server), "PERM")
                self.assertEqual(self.tcp(guest, host, server), "PERM")
        self.assertEqual(server.connections, 0)

    def test_public_is_reached(self):
        server = self.serve()
        guest = self.guest("--public", 1, names="a.test=8.8.8.8")
        for host in ("8.8.8.8", "a.test"):
            self.assertEqual(self.http(guest, host, server), b"hi")
            self.assertEqual(self.tcp(guest, host, server), 0)

    def test_only_the_public_address_of_a_name(self):
        """The private one comes first; then nothing listens at the public one's port."""
        server = self.serve()
        guest = self.guest("--public", 1, names="both.test=127.0.0.1,::1,8.8.8.8")
        self.assertEqual(self.http(guest, "both.test", server), b"hi")
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.assertEqual(guest.open(f"tcp://both.test:{port}"), "CONNECT")

    def test_rebinding(self):
        """A name that was public when it was looked at is private when it is connected to."""
        server = self.serve()
        guest = self.guest("--public", 1, names="rebind.test=8.8.8.8;127.0.0.1")
        self.assertEqual(self.tcp(guest, "rebind.test", server), 0)
        self.assertEqual(self.tcp(guest, "rebind.test", server), "PERM")
        self.assertEqual(self.http(guest, "rebind.test", server), "PERM")
        self.assertTrue(server.closed.acquire(timeout=60))  # the first one is counted by then
        self.assertEqual(server.connections, 1)
        free = self.guest(names="rebind.test=8.8.8.8;127.0.0.1")
        self.assertEqual([self.tcp(free, "rebind.test", server) for _ in range(2)], [0, 0])


if __name__ == "__main__":
    unittest.main()
