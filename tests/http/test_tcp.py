"""tcp:// and tcp+tls://: bytes both ways, ends of all sorts, and whom the guest speaks to."""

import socket
import ssl
import struct
import tempfile
import threading
import unittest
import warnings

from guest import Guest
from servers import Authority, Server


def url(server, scheme="tcp", host="127.0.0.1"):
    return f"{scheme}://{host}:{server.port}"


def echo(connection):
    while connection.more():
        connection.send(connection.buffer)
        connection.buffer = b""


def reset(sock):
    """Ends the connection by an RST."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


def reset_when_asked(connection):
    """Not at once: that could be before the guest's connect() has ended."""
    connection.exactly(1)
    reset(connection.sock)


def cut(sock):
    """Ends the TCP connection beneath TLS, which is not told."""
    socket.socket(fileno=sock.detach()).close()


class Tcp(unittest.TestCase):
    def serve(self, handler, **keywords):
        return self.enterContext(Server(handler, **keywords))

    def guest(self, *options, **keywords):
        return self.enterContext(Guest(*options, **keywords))

    def opened(self, handler, *options, **keywords):
        """A guest and its stream to a server that does what the handler does."""
        server = self.serve(handler, **keywords)
        guest = self.guest(*options)
        sd = guest.open(url(server))
        self.assertIsInstance(sd, int, sd)
        return guest, sd

    def test_bytes_both_ways(self):
        guest, sd = self.opened(echo)
        for text in ("a", "\0\r\n\xff", "x" * 5000):
            self.assertEqual(guest.write(sd, text), len(text))
            data = b""
            while len(data) < len(text):
                data += guest.read(sd)
            self.assertEqual(data.decode("latin-1"), text)
        self.assertEqual(guest.close(sd), 0)

    def test_opening_connects_and_closing_ends(self):
        ends = []
        server = self.serve(lambda connection: ends.append(connection.more()))
        guest = self.guest()
        sd = guest.open(url(server))
        self.assertEqual(guest.close(sd), 0)
        server.closed.acquire()
        self.assertEqual(ends, [False])

    def test_small_writes_are_gathered(self):
        """One segment for all, sent by the read: what the server's first recv gives."""
        guest, sd = self.opened(echo)
        for text in ("one ", "two ", "three"):
            guest.write(sd, text)
        self.assertEqual(guest.read(sd), b"one two three")

    def test_flush_and_close_send(self):
        came = []

        def handler(connection):
            came.append(connection.exactly(3))
            connection.send("!")
            while connection.more():
                pass
            came.append(connection.buffer)

        server = self.serve(handler)
        guest = self.guest()
        sd = guest.open(url(server))
        guest.write(sd, "abc")
        self.assertEqual(guest.flush(sd), 0)
        self.assertEqual(guest.read(sd), b"!")
        guest.write(sd, "last")
        self.assertEqual(guest.close(sd), 0)
        server.closed.acquire()
        self.assertEqual(came, [b"abc", b"last"])

    def test_single_bytes(self):
        guest, sd = self.opened(lambda connection: connection.send("a line\nand more"))
        self.assertEqual([guest.read(sd, 1) for _ in range(7)], [bytes([c]) for c in b"a line\n"])
        self.assertEqual(guest.rest(sd), (b"and more", 0))

    def test_peer_closes(self):
        guest, sd = self.opened(lambda connection: connection.send("bye"))
        self.assertEqual(guest.rest(sd), (b"bye", 0))
        self.assertEqual(guest.read(sd), b"")
        self.assertEqual(guest.close(sd), 0)

    def test_peer_closes_one_way(self):
        def handler(connection):
            connection.sock.shutdown(socket.SHUT_WR)
            self.assertEqual(connection.exactly(5), b"still")

        server = self.serve(handler)
        guest = self.guest()
        sd = guest.open(url(server))
        self.assertEqual(guest.read(sd), b"")
        self.assertEqual(guest.write(sd, "still"), 5)
        self.assertEqual(guest.close(sd), 0)
        server.closed.acquire()

    def test_peer_resets(self):
        guest, sd = self.opened(reset_when_asked)
        guest.write(sd, "!")
        self.assertEqual([guest.read(sd), guest.read(sd)], ["IO", "IO"])
        self.assertEqual(guest.write(sd, "x"), 1)  # gathered
        self.assertEqual(guest.flush(sd), "PIPE")
        self.assertEqual(guest.write(sd, "x"), "PIPE")
        self.assertEqual([guest.flush(sd), guest.close(sd)], [0, 0])

    def test_peer_resets_and_close_tells(self):
        guest, sd = self.opened(reset_when_asked)
        guest.write(sd, "!")
        self.assertEqual(guest.read(sd), "IO")
        guest.write(sd, "x")
        self.assertEqual(guest.close(sd), "PIPE")

    def test_peer_resets_a_long_write(self):
        def handler(connection):
            connection.exactly(100000)
            reset(connection.sock)

        guest, sd = self.opened(handler)
        error, done = guest.fill(sd, 1 << 30)
        self.assertEqual(error, "PIPE")
        self.assertGreaterEqual(done, 100000)
        self.assertEqual(guest.close(sd), 0)

    def test_peer_stalls(self):
        """A read may be tried again."""
        told = threading.Event()

        def handler(connection):
            told.wait()
            connection.send("late")

        guest, sd = self.opened(handler, "--idle", 50)
        self.addCleanup(told.set)
        self.assertEqual([guest.read(sd), guest.read(sd)], ["TIMEOUT", "TIMEOUT"])
        told.set()
        self.assertEqual(guest.rest(sd), (b"late", 0))

    def test_peer_takes_nothing(self):
        """A write may not, as nobody knows what was sent; but what came can be read."""
        told = threading.Event()

        def handler(connection):
            connection.send("answer")
            told.wait()

        guest, sd = self.opened(handler, "--idle", 200)
        self.addCleanup(told.set)
        self.assertEqual(guest.fill(sd, 1 << 30)[0], "TIMEOUT")
        self.assertEqual(guest.write(sd, "more"), "TIMEOUT")
        self.assertEqual(guest.read(sd), b"answer")
        self.assertEqual(guest.close(sd), 0)

    def test_nobody_listens(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            guest = self.guest()
            for scheme in ("tcp", "tcp+tls"):
                port = taken.getsockname()[1]
                self.assertEqual(guest.open(f"{scheme}://127.0.0.1:{port}"), "CONNECT")

    def test_ipv6(self):
        try:
            server = self.serve(echo, family=socket.AF_INET6)
        except OSError:
            self.skipTest("no IPv6")
        guest = self.guest()
        sd = guest.open(url(server, host="[::1]"))
        guest.write(sd, "six")
        self.assertEqual(guest.read(sd), b"six")

    def test_names(self):
        server = self.serve(echo)
        guest = self.guest()
        for scheme, host in (("tcp", "localhost"), ("TCP", "LOCALHOST")):
            self.assertIsInstance(guest.open(url(server, scheme, host)), int)
        self.assertEqual(guest.open("tcp://nobody.invalid:1"), "CONNECT")

    def test_environment_has_no_say(self):
        server = self.serve(echo)
        proxy = "http://127.0.0.1:1"
        names = ("http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
        guest = self.guest(env={name: proxy for name in names})
        sd = guest.open(url(server))
        guest.write(sd, "direct")
        self.assertEqual(guest.read(sd), b"direct")

    def test_urls(self):
        server = self.serve(echo)
        port = server.port
        guest = self.guest()
        rests = [
            "127.0.0.1", "127.0.0.1:", f":{port}", "", f"127.0.0.1:{port}/", f"127.0.0.1:{port}/x",
            f"127.0.0.1:{port}?", f"127.0.0.1:{port}?x=y", f"127.0.0.1:{port}#", f"u@127.0.0.1:{port}",
            f"u:p@127.0.0.1:{port}", f"@127.0.0.1:{port}", "127.0.0.1:0", f"127.1:{port}",
            f"2130706433:{port}", f"0x7f.1:{port}", f"127.0.0.1%2f:{port}", f"a_b:{port}",
            f"localhost%00.example:{port}", f"%6cocalhost:{port}", f"-a:{port}", f"{'a' * 64}:{port}",
        ]  # fmt: skip
        for scheme in ("tcp", "tcp+tls"):
            for rest in rests:
                self.assertEqual(guest.open(f"{scheme}://{rest}"), "BADINPUT", rest)
            for rest in ("127.0.0.1:65536", "127.0.0.1:x", "[::1", "[localhost]:1", "a:1:2", "a:-1"):
                self.assertEqual(guest.open(f"{scheme}://{rest}"), "BADURL", rest)
        for scheme in ("tcp+", "tcp+ssl", "tcps", "tls"):
            self.assertEqual(guest.open(f"{scheme}://127.0.0.1:{port}"), "NOSCHEME")
        self.only_connection(server, guest)

    def only_connection(self, server, guest, host="127.0.0.1"):
        """Connects to an echoing server, which has seen no connection but this."""
        sd = guest.open(url(server, host=host))
        guest.write(sd, "first")
        self.assertEqual(guest.read(sd), b"first")
        self.assertEqual(server.connections, 1)

    def test_policy(self):
        server = self.serve(echo)
        guest = self.guest("--deny", f"127.0.0.1:{server.port}")
        self.assertEqual(guest.open(url(server)), "PERM")
        self.only_connection(server, guest, host="localhost")

    def test_bulk(self):
        """In constant memory, by chunks below and above what is gathered and read ahead."""
        total = 24 << 20

        def handler(connection):
            connection.drain(total)
            connection.send_pattern(total)

        for chunk in (100, 4096, 65536):
            guest, sd = self.opened(handler)
            self.assertEqual(guest.fill(sd, total, chunk), (0, total))
            self.assertEqual(guest.sink(sd, chunk), (0, total))
            self.assertLess(guest.memory(), 24 << 10)
            self.assertEqual(guest.close(sd), 0)

    def test_many_at_once(self):
        server = self.serve(echo)
        guest = self.guest()
        streams = [guest.open(url(server)) for _ in range(20)]
        for sd in streams:
            guest.write(sd, str(sd))
        for sd in reversed(streams):
            self.assertEqual(guest.read(sd), str(sd).encode())
        self.assertEqual({guest.close(sd) for sd in streams}, {0})


class Tls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        cls.authority = Authority(cls.folder)
        cls.good = cls.authority.issue("good")

    def serve(self, handler, context=None):
        return self.enterContext(Server(handler, context or self.good))

    def guest(self, *options):
        return self.enterContext(Guest("--ca", self.authority.file, *options))

    def opened(self, handler, *options):
        server = self.serve(handler)
        guest = self.guest(*options)
        sd = guest.open(url(server, "tcp+tls"))
        self.assertIsInstance(sd, int, sd)
        return guest, sd

    def refused(self, context, ca=None, host="127.0.0.1"):
        came = []
        server = self.serve(lambda connection: came.append(connection.more()), context)
        with Guest("--ca", ca or self.authority.file) as guest:
            self.assertEqual(guest.open(url(server, "tcp+tls", host)), "TLS")
        self.assertNotIn(True, came)  # not one byte

    def test_bytes_both_ways(self):
        server = self.serve(echo)
        guest = self.guest()
        for host in ("127.0.0.1", "localhost"):
            sd = guest.open(url(server, "tcp+tls", host))
            for text in ("hello", "\0\xff", "y" * 5000):
                guest.write(sd, text)
                data = b""
                while len(data) < len(text):
                    data += guest.read(sd, 700)
                self.assertEqual(data.decode("latin-1"), text)
            self.assertEqual(guest.close(sd), 0)

    def test_bulk(self):
        total = 8 << 20

        def handler(connection):
            connection.drain(total)
            connection.send_pattern(total)
            connection.sock.unwrap()

        for chunk in (1000, 65536):
            guest, sd = self.opened(handler)
            self.assertEqual(guest.fill(sd, total, chunk), (0, total))
            self.assertEqual(guest.sink(sd, chunk), (0, total))

    def test_wrong_name(self):
        self.refused(self.authority.issue("other", "DNS:other.example"))
        self.refused(self.authority.issue("named", "DNS:localhost"))
        self.refused(self.authority.issue("numbered", "IP:127.0.0.1"), host="localhost")

    def test_expired(self):
        self.refused(self.authority.issue("old", expired=True))

    def test_unknown_authority(self):
        self.refused(self.good, Authority(self.folder, "stranger").file)
        self.refused(self.good, "/dev/null")
        self.refused(self.good, f"{self.folder}/missing.pem")

    def test_system_store_does_not_have_it(self):
        server = self.serve(echo)
        with Guest() as guest:
            self.assertEqual(guest.open(url(server, "tcp+tls")), "TLS")

    def test_old_protocol_versions(self):
        context = self.authority.issue("ancient")
        context.set_ciphers("ALL:@SECLEVEL=0")
        warnings.simplefilter("ignore", DeprecationWarning)  # they are old, that is the point
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
        self.refused(context)

    def test_server_that_does_not_speak_tls(self):
        def handler(connection):
            connection.more()
            connection.send("220 ready\r\n")

        with Server(handler) as server:
            self.assertEqual(self.guest().open(url(server, "tcp+tls")), "TLS")

    def test_server_that_says_nothing(self):
        with Server(lambda connection: all(iter(connection.more, False))) as server:
            guest = self.guest("--connect", 100)
            self.assertEqual(guest.open(url(server, "tcp+tls")), "TIMEOUT")

    def test_no_protocol_is_offered(self):
        context = self.authority.issue("alpn")
        context.set_alpn_protocols(["http/1.1", "h2"])
        chosen = []
        server = self.serve(lambda c: chosen.append(c.sock.selected_alpn_protocol()), context)
        guest = self.guest()
        guest.read(guest.open(url(server, "tcp+tls")))
        self.assertEqual(chosen, [None])

    def test_proper_end(self):
        def handler(connection):
            connection.send("all")
            connection.sock.unwrap()

        guest, sd = self.opened(handler)
        self.assertEqual(guest.rest(sd), (b"all", 0))
        self.assertEqual(guest.read(sd), b"")
        self.assertEqual(guest.close(sd), 0)

    def test_cut_off_by_an_attacker(self):
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            context = self.authority.issue(f"cut{version.value}")
            context.maximum_version = version

            def handler(connection):
                connection.send("part")
                cut(connection.sock)

            server = self.serve(handler, context)
            guest = self.guest()
            sd = guest.open(url(server, "tcp+tls"))
            self.assertEqual(guest.rest(sd), (b"part", "IO"))
            self.assertEqual(guest.read(sd), "IO")
            guest.close(sd)

    def test_one_connections_end_is_not_anothers(self):
        """A proper end is seen first; the next stream's cut must not profit by it."""

        def proper(connection):
            connection.sock.unwrap()

        one, other = self.serve(proper), self.serve(lambda connection: cut(connection.sock))
        guest = self.guest()
        first, second = guest.open(url(one, "tcp+tls")), guest.open(url(other, "tcp+tls"))
        self.assertEqual(guest.read(first), b"")
        self.assertEqual(guest.read(second), "IO")
        self.assertEqual(guest.read(first), b"")

    def test_guest_closes_properly(self):
        ends = []

        def handler(connection):
            sock = self.good.wrap_socket(
                connection.sock, server_side=True, suppress_ragged_eofs=False
            )
            try:
                ends.append((sock.recv(10), sock.recv(10)))
            except ssl.SSLError as error:
                ends.append(error)
            sock.close()

        server = self.enterContext(Server(handler))
        guest = self.guest()
        sd = guest.open(url(server, "tcp+tls"))
        guest.write(sd, "last")
        self.assertEqual(guest.close(sd), 0)
        server.closed.acquire()
        self.assertEqual(ends, [(b"last", b"")])

    def test_peer_stalls(self):
        told = threading.Event()

        def handler(connection):
            told.wait()
            connection.send("late")
            connection.sock.unwrap()

        guest, sd = self.opened(handler, "--idle", 50)
        self.addCleanup(told.set)
        self.assertEqual(guest.read(sd), "TIMEOUT")
        told.set()
        self.assertEqual(guest.rest(sd), (b"late", 0))

    def test_peer_resets(self):
        guest, sd = self.opened(reset_when_asked)
        guest.write(sd, "!")
        self.assertEqual(guest.read(sd), "IO")
        guest.write(sd, "x")
        self.assertEqual(guest.close(sd), "PIPE")


if __name__ == "__main__":
    unittest.main()
