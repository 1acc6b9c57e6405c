"""https: whom the guest speaks to is verified, by name and by chain, and by nothing less than TLS 1.2."""

import socket
import ssl
import tempfile
import unittest
import warnings

from guest import Guest
from servers import Authority, Connection, Server, answering

OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


class Tls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        cls.authority = Authority(cls.folder)
        cls.good = cls.authority.issue("good")

    def serve(self, context):
        return self.enterContext(Server(answering(OK), context))

    def refused(self, context, ca=None, host="127.0.0.1"):
        """Refused as a read, a flush and a close would find out; not one byte of a request left."""
        heads = []

        def handler(connection):
            heads.append(connection.head())

        server = self.enterContext(Server(handler, context))
        options = ("--ca", ca) if ca else ()
        with Guest(*options) as guest:
            sd = guest.open(server.url(host=host))
            self.assertEqual(guest.read(sd), "TLS")
            self.assertEqual(guest.close(sd), 0)
            sd = guest.open(server.url(host=host))
            guest.write(sd, "POST / HTTP/1.1\r\nX-Secret: s\r\n\r\nsecret")
            self.assertEqual(guest.flush(sd), "TLS")
            self.assertEqual(guest.close(sd), "TLS")
        self.assertEqual([head for head in heads if head], [])

    def test_good_certificate(self):
        server = self.serve(self.good)
        with Guest("--ca", self.authority.file) as guest:
            for host in ("127.0.0.1", "localhost"):
                self.assertEqual(guest.exchange(server.url(host=host))[2:], (b"hello", 0, 0))

    def test_connections_are_reused(self):
        server = self.serve(self.good)
        with Guest("--ca", self.authority.file) as guest:
            for _ in range(10):
                self.assertEqual(guest.exchange(server.url())[2:], (b"hello", 0, 0))
        self.assertEqual(server.connections, 1)

    def test_wrong_name(self):
        self.refused(self.authority.issue("other", "DNS:other.example"), self.authority.file)
        named = self.authority.issue("named", "DNS:localhost")
        self.refused(named, self.authority.file)

    def test_expired(self):
        self.refused(self.authority.issue("old", expired=True), self.authority.file)

    def test_unknown_authority(self):
        self.refused(self.good)  # the system's store does not have it
        self.refused(self.good, Authority(self.folder, "stranger").file)

    def test_given_authorities_replace_the_systems(self):
        self.refused(self.good, Authority(self.folder, "another").file)

    def test_authorities_that_cannot_be_read(self):
        self.refused(self.good, f"{self.folder}/missing.pem")
        self.refused(self.good, "/dev/null")

    def test_old_protocol_versions(self):
        context = self.authority.issue("ancient")
        context.set_ciphers("ALL:@SECLEVEL=0")
        warnings.simplefilter("ignore", DeprecationWarning)  # they are old, that is the point
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
        self.refused(context, self.authority.file)

    def test_tls_1_2_is_enough(self):
        context = self.authority.issue("plain12")
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        server = self.serve(context)
        with Guest("--ca", self.authority.file) as guest:
            self.assertEqual(guest.exchange(server.url())[2:], (b"hello", 0, 0))

    def test_server_that_does_not_speak_tls(self):
        def handler(connection):
            connection.more()
            connection.send("HTTP/1.1 400 Bad Request\r\n\r\n")

        with Server(handler) as server, Guest("--ca", self.authority.file) as guest:
            sd = guest.open(server.url().replace("http://", "https://"))
            self.assertEqual(guest.read(sd), "TLS")
            guest.close(sd)

    def test_body_cut_short_by_an_attacker(self):
        """The TCP connection ends without TLS's own end: a body that ends there is not whole."""

        heads = ["HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.0 200 OK\r\nConnection: close\r\n\r\n"]
        for head in heads:
            for body in ("", "hel"):

                def handler(connection, text=head + body):
                    connection.head()
                    connection.send(text)
                    socket.socket(fileno=connection.sock.detach()).close()

                server = self.enterContext(Server(handler, self.good))
                with Guest("--ca", self.authority.file) as guest:
                    sd = guest.open(server.url())
                    self.assertEqual(guest.rest(sd), ((head + body).encode(), "IO"))
                    guest.close(sd)

    def test_whole_body_before_a_cut_is_whole(self):
        """Where the head says how long the body is, the connection's end does not matter."""
        texts = [OK, "HTTP/1.1 204 No Content\r\n\r\n"]
        texts.append("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n")
        for text in texts:

            def handler(connection, text=text):
                connection.head()
                connection.send(text)
                socket.socket(fileno=connection.sock.detach()).close()

            server = self.enterContext(Server(handler, self.good))
            with Guest("--ca", self.authority.file) as guest:
                self.assertEqual(guest.exchange(server.url())[3:], (0, 0))

    def test_body_until_a_proper_end(self):
        def handler(connection: Connection):
            connection.head()
            connection.send("HTTP/1.1 200 OK\r\n\r\nhello")
            connection.sock.unwrap()

        server = self.enterContext(Server(handler, self.good))
        with Guest("--ca", self.authority.file) as guest:
            self.assertEqual(guest.exchange(server.url())[2:], (b"hello", 0, 0))


if __name__ == "__main__":
    unittest.main()
