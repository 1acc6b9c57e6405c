"""Exchanges that go well: every way a response's end is marked, keep-alive, interim responses."""

import socket
import unittest

from guest import Guest
from servers import Server, answering

OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


class Exchange(unittest.TestCase):
    def check(self, response, body, fields=None, request="", status="HTTP/1.1 200 OK", close=True):
        """The guest reads `body` when the server answers with `response`."""

        def handler(connection):
            head = connection.head()
            connection.body(head)
            connection.send(response)
            if not close:
                connection.head()

        with Server(handler) as server, Guest() as guest:
            got = guest.exchange(server.url(), request)
            self.assertEqual(got[0], status)
            if fields is not None:
                self.assertEqual(got[1], fields)
            self.assertEqual(got[2:], (body, 0, 0))

    def test_content_length(self):
        self.check(OK, b"hello", ["Content-Length: 5"], close=False)

    def test_chunked_loses_its_coding(self):
        response = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX: y\r\n\r\n"
        response += "3\r\nhel\r\n2;ext=1\r\nlo\r\n0\r\nTrailer-Field: 1\r\n\r\n"
        self.check(response, b"hello", ["X: y"], close=False)

    def test_length_beside_chunked_is_not_believed(self):
        response = "HTTP/1.1 200 OK\r\nContent-Length: 999\r\nTransfer-Encoding: chunked\r\n\r\n"
        self.check(response + "5\r\nhello\r\n0\r\n\r\n", b"hello", [], close=False)

    def test_body_until_the_connection_closes(self):
        self.check("HTTP/1.1 200 OK\r\nX: y\r\n\r\nhello", b"hello", ["X: y"])

    def test_http_1_0_server(self):
        response = "HTTP/1.0 200 OK\r\n\r\nhello"
        self.check(response, b"hello", [], status="HTTP/1.0 200 OK")

    def test_interim_responses_are_skipped(self):
        interim = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n"
        self.check(interim + OK, b"hello", ["Content-Length: 5"], close=False)

    def test_no_content(self):
        status = "HTTP/1.1 204 No Content"
        self.check(f"{status}\r\n\r\n", b"", [], status=status, close=False)

    def test_not_modified_has_no_body(self):
        status = "HTTP/1.1 304 Not Modified"
        response = f"{status}\r\nContent-Length: 5\r\n\r\n"
        self.check(response, b"", ["Content-Length: 5"], status=status, close=False)

    def test_head_has_no_body(self):
        response = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"
        self.check(response, b"", ["Content-Length: 5"], "HEAD / HTTP/1.1\r\n\r\n", close=False)

    def test_redirects_are_the_guests(self):
        status = "HTTP/1.1 302 Found"
        fields = ["Location: http://127.0.0.1:1/elsewhere", "Content-Length: 0"]
        response = "\r\n".join([status, *fields, "", ""])
        self.check(response, b"", fields, status=status, close=False)

    def test_compressed_stays_compressed(self):
        fields = ["Content-Encoding: gzip", "Content-Length: 3"]
        response = "\r\n".join(["HTTP/1.1 200 OK", *fields, "", "\x1f\x8b\x08"])
        self.check(response, b"\x1f\x8b\x08", fields, close=False)

    def test_repeated_and_odd_fields_arrive_as_sent(self):
        fields = ["Set-Cookie: a=1", "Set-Cookie: b=2", "x-lower: \xe9", "Empty:"]
        fields += ["Content-Length: 0"]
        response = "\r\n".join(["HTTP/1.1 200 Fine, thanks", *fields, "", ""])
        status = "HTTP/1.1 200 Fine, thanks"
        self.check(response, b"", fields, status=status, close=False)

    def test_one_byte_at_a_time(self):
        def handler(connection):
            connection.head()
            for byte in "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n":
                connection.send(byte)

        with Server(handler) as server, Guest() as guest:
            self.assertEqual(guest.exchange(server.url())[2:], (b"hi", 0, 0))

    def test_small_reads_of_head_and_body(self):
        with Server(answering(OK)) as server, Guest() as guest:
            sd = guest.open(server.url())
            data = b""
            while more := guest.read(sd, 3):
                self.assertLessEqual(len(more), 3)
                data += more
            self.assertEqual(data.decode(), OK)
            self.assertEqual(guest.read(sd), b"")
            self.assertEqual(guest.read(sd, 0), b"")
            self.assertEqual(guest.close(sd), 0)

    def test_ipv6(self):
        with Server(answering(OK), family=socket.AF_INET6) as server, Guest() as guest:
            url = server.url(host="[::1]")
            request = f"GET / HTTP/1.1\r\nHost: [::1]:{server.port}\r\n\r\n"
            self.assertEqual(guest.exchange(url, request)[2:], (b"hello", 0, 0))


class KeepAlive(unittest.TestCase):
    def exchanges(self, server, guest, count, request=""):
        for _ in range(count):
            self.assertEqual(guest.exchange(server.url(), request)[2:], (b"hello", 0, 0))

    def test_one_connection_serves_stream_after_stream(self):
        with Server(answering(OK)) as server, Guest() as guest:
            self.exchanges(server, guest, 20)
            body = "POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi"
            self.exchanges(server, guest, 5, body)
            self.exchanges(server, guest, 5, "PUT / HTTP/1.1\r\n\r\nsome chunks")
            self.assertEqual(server.connections, 1)

    def test_guest_that_closes_unread_leaves_the_connection_usable(self):
        with Server(answering(OK)) as server, Guest() as guest:
            for _ in range(5):
                sd = guest.open(server.url())
                self.assertEqual(guest.write(sd, "POST / HTTP/1.1\r\n\r\nhi"), 21)
                self.assertEqual(guest.close(sd), 0)
            self.assertEqual(server.connections, 1)

    def test_connection_close_is_honoured_both_ways(self):
        closing = OK.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")
        with Server(answering(closing)) as server, Guest() as guest:
            self.exchanges(server, guest, 2)
            self.assertEqual(server.connections, 2)
        with Server(answering(OK)) as server, Guest() as guest:
            request = "GET / HTTP/1.1\r\nConnection: close\r\n\r\n"
            self.exchanges(server, guest, 2, request)
            self.assertEqual(server.connections, 2)

    def test_connection_closed_while_idle_is_replaced(self):
        def handler(connection):
            connection.body(connection.head())
            connection.send(OK)

        with Server(handler) as server, Guest() as guest:
            for request in ("", "POST / HTTP/1.1\r\n\r\nhi") * 3:
                self.exchanges(server, guest, 1, request)
                self.assertTrue(server.closed.acquire(timeout=30))
            self.assertEqual(server.connections, 6)

    def test_connection_that_dies_under_a_request(self):
        """The peer takes a second request on a connection and hangs up. What may arrive twice is sent
        again; what may not is an error, or was sent on a new connection at once."""

        def handler(connection):
            connection.body(connection.head())
            connection.send(OK)
            connection.body(connection.head())

        def second(request):
            with Server(handler) as server, Guest() as guest:
                self.exchanges(server, guest, 1)
                result = guest.exchange(server.url(), request)
                self.assertLessEqual(server.connections, 2)
                return result[2:]

        self.assertEqual(second(""), (b"hello", 0, 0))
        self.assertEqual(second("DELETE / HTTP/1.1\r\n\r\n"), (b"hello", 0, 0))
        self.assertEqual(second("POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n"), (b"hello", 0, 0))
        for body in ("POST / HTTP/1.1\r\n\r\n", "POST / HTTP/1.1\r\nContent-Length: 1\r\n\r\nx"):
            self.assertEqual(second(body), (b"", "IO", 0))

    def test_streams_at_the_same_time(self):
        def handler(connection):
            while head := connection.head():
                length = int(head[0].split("/")[1].split()[0])
                connection.send(f"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n")
                connection.send_pattern(length)

        with Server(handler) as server, Guest() as guest:
            sizes = [3_000_000, 1_000_000, 2_000_000, 300_000]
            streams = [guest.open(server.url(f"/{size}")) for size in sizes]
            for sd in streams:
                guest.head(sd)
            for sd, size in reversed(list(zip(streams, sizes))):
                self.assertEqual(guest.sink(sd), (0, size))
                self.assertEqual(guest.close(sd), 0)
            self.assertEqual(server.connections, len(sizes))


if __name__ == "__main__":
    unittest.main()
