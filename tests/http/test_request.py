"""What the guest writes: how it arrives, what is refused, where the body ends."""

import unittest

from guest import Guest
from servers import Server

OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Recorder(Server):
    """Answers every request and keeps what arrived: (head lines, body)."""

    def __init__(self):
        self.requests = []
        super().__init__(self.record)

    def record(self, connection):
        while head := connection.head():
            self.requests.append((head, connection.body(head)))
            connection.send(OK)


class Request(unittest.TestCase):
    def setUp(self):
        self.server = self.enterContext(Recorder())
        self.guest = self.enterContext(Guest())
        self.url = self.server.url("/opened?x=1")
        self.authority = f"127.0.0.1:{self.server.port}"

    def send(self, *writes):
        """Writes, reads the answer and gives the one request that arrived: (head, body)."""
        sd = self.guest.open(self.url)
        for data in writes:
            self.assertEqual(self.guest.write(sd, data), len(data))
        self.assertEqual(self.guest.response(sd)[2:], (b"ok", 0))
        self.assertEqual(self.guest.close(sd), 0)
        return self.server.requests.pop()

    def refused(self, *writes, error="BADINPUT", at="flush"):
        """The request is refused at flush, and from then on; nobody is connected to."""
        sd = self.guest.open(self.url)
        for data in writes:
            self.guest.write(sd, data)
        if at == "flush":
            self.assertEqual(self.guest.flush(sd), error)
        self.assertEqual(self.guest.read(sd), error)
        self.guest.close(sd)

        sd = self.guest.open(self.url)
        for data in writes:
            self.guest.write(sd, data)
        self.assertEqual(self.guest.close(sd), error, "close alone tells, too")
        self.assertEqual(self.server.requests, [])

    def never_sent(self, *writes, error="BADINPUT"):
        self.refused(*writes, error=error)
        self.assertEqual(self.server.connections, 0)

    def test_nothing_written_is_a_get_of_the_opened_url(self):
        head, body = self.send()
        self.assertEqual(head, ["GET /opened?x=1 HTTP/1.1", f"Host: {self.authority}"])
        self.assertEqual(body, b"")

    def test_empty_path(self):
        for suffix, target in (("", "/"), ("?q", "/?q"), ("/?", "/?"), ("/%41/../b", "/%41/../b")):
            self.url = f"http://{self.authority}{suffix}"
            self.assertEqual(self.send()[0][0], f"GET {target} HTTP/1.1")

    def test_head_goes_out_as_written(self):
        fields = ["X-One: 1", "x-two:  two words", "X-One: again", "User-Agent: me"]
        fields += ["Cookie: a=b", "Authorization: Basic eDp5", "Accept-Encoding: br", "X-Emp:"]
        head, _ = self.send("\r\n".join(["OPTIONS /other HTTP/1.1", *fields, "", ""]))
        self.assertEqual(head[0], "OPTIONS /other HTTP/1.1")
        expected = [field.replace(":  ", ": ") for field in fields]
        self.assertEqual(head[1:], [f"Host: {self.authority}", *expected])

    def test_bare_line_feeds_leave_as_crlf(self):
        head, _ = self.send("GET /lf HTTP/1.1\nHost: " + self.authority + "\nX: y\n\n")
        self.assertEqual(head, ["GET /lf HTTP/1.1", f"Host: {self.authority}", "X: y"])

    def test_request_written_byte_by_byte(self):
        text = "POST /slow HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc"
        head, body = self.send(*text)
        self.assertEqual((head[0], body), ("POST /slow HTTP/1.1", b"abc"))
        self.assertIn("Content-Length: 3", head)

    def test_methods_are_the_guests(self):
        for method in ("DELETE", "PROPFIND", "get", "M-SEARCH", "TRACE"):
            head, body = self.send(f"{method} /m HTTP/1.1\r\n\r\n")
            self.assertEqual((head[0], body), (f"{method} /m HTTP/1.1", b""))
            self.assertEqual(head[1:], [f"Host: {self.authority}"])

    def test_http_1_0_is_sent_as_1_1(self):
        self.assertEqual(self.send("GET /old HTTP/1.0\r\n\r\n")[0][0], "GET /old HTTP/1.1")

    def test_body_without_a_length_is_chunked(self):
        for method in ("POST", "PUT", "GET", "DELETE"):
            head, body = self.send(f"{method} / HTTP/1.1\r\n\r\nsome ", "body")
            self.assertIn("Transfer-Encoding: chunked", head)
            self.assertEqual(body, b"some body")

    def test_chunked_by_name_is_framed_once(self):
        head, body = self.send("POST / HTTP/1.1\r\nTransfer-Encoding: Chunked\r\n\r\n3\r\n")
        self.assertEqual(head.count("Transfer-Encoding: chunked"), 1)
        self.assertEqual(body, b"3\r\n")

    def test_empty_bodies(self):
        head, body = self.send("POST / HTTP/1.1\r\n\r\n")
        self.assertIn("Transfer-Encoding: chunked", head)
        self.assertEqual(body, b"")
        head, _ = self.send("POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n")
        self.assertIn("Content-Length: 0", head)
        self.assertNotIn("Transfer-Encoding: chunked", head)

    def test_hop_by_hop_hints_are_dropped(self):
        fields = "Keep-Alive: 5\r\nTE: trailers\r\nProxy-Connection: x\r\nConnection: keep-alive"
        head, _ = self.send(f"GET / HTTP/1.1\r\n{fields}\r\nExpect: 100-continue\r\n\r\n")
        self.assertEqual(head, ["GET / HTTP/1.1", f"Host: {self.authority}"])

    def test_large_head_up_to_the_limit(self):
        line = "GET / HTTP/1.1\r\nX: \r\n\r\n"
        value = "v" * (65536 - len(line))
        head, _ = self.send(line.replace("X: ", f"X: {value}"))
        self.assertEqual(head[2], f"X: {value}")
        self.refused(line.replace("X: ", f"X: {value}v"))
        self.refused("G" * 70000)

    def test_malformed_heads_are_never_sent(self):
        for text in (
            "GARBAGE\n\n",
            "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n",
            "GET  / HTTP/1.1\r\n\r\n",
            "GET http://other/ HTTP/1.1\r\n\r\n",
            "OPTIONS * HTTP/1.1\r\n\r\n",
            "CONNECT other:80 HTTP/1.1\r\n\r\n",
            "CONNECT / HTTP/1.1\r\n\r\n",
            "GET /a#b HTTP/1.1\r\n\r\n",
            "GET /%zz HTTP/1.1\r\n\r\n",
            "GET / HTTP/2.0\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: other\r\n\r\n",
            f"GET / HTTP/1.1\r\nHost: {self.authority}\r\nHost: {self.authority}\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: 127.0.0.1:1\r\n\r\n",
            "GET / HTTP/1.1\r\nX: a\r\n folded\r\n\r\n",
            "GET / HTTP/1.1\r\nX : a\r\n\r\n",
            "GET / HTTP/1.1\r\nX: a\rY: b\r\n\r\n",
            "GET / HTTP/1.1\r\nX: \0\r\n\r\n",
            "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
            "POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
            "POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
            "POST / HTTP/1.1\r\nTransfer-Encoding: identity\r\n\r\n",
            "GET / HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
            "HEAD / HTTP/1.1\r\nContent-Length: 1\r\n\r\n",
            "GET /" + "a" * 8192 + " HTTP/1.1\r\n\r\n",
        ):
            with self.subTest(text=text):
                self.never_sent(text)

    def test_nothing_after_a_message_that_has_an_end(self):
        self.refused("HEAD / HTTP/1.1\r\n\r\nbody")
        sd = self.guest.open(self.url)
        self.guest.write(sd, "GET / HTTP/1.1\r\n\r\n")
        self.assertEqual(self.guest.flush(sd), 0)
        self.guest.write(sd, "GET /second HTTP/1.1\r\n\r\n")
        self.assertEqual(self.guest.flush(sd), "BADINPUT")
        self.guest.close(sd)

    def test_more_than_content_length(self):
        sd = self.guest.open(self.url)
        self.guest.write(sd, "POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabcd")
        self.assertEqual(self.guest.flush(sd), "BADINPUT")
        self.assertEqual(self.guest.read(sd), "BADINPUT")
        self.guest.close(sd)
        sd = self.guest.open(self.url)
        self.guest.write(sd, "POST / HTTP/1.1\r\nContent-Length: 100000\r\n\r\n")
        self.assertEqual(self.guest.fill(sd, 200000, 150000), ("BADINPUT", 100000))
        self.guest.close(sd)

    def test_less_than_content_length(self):
        for last in ("read", "close"):
            sd = self.guest.open(self.url)
            self.guest.write(sd, "POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nabcd")
            self.assertEqual(self.guest.flush(sd), 0)
            if last == "read":
                self.assertEqual(self.guest.read(sd), "BADINPUT")
                self.assertEqual(self.guest.close(sd), 0)
            else:
                self.assertEqual(self.guest.close(sd), "BADINPUT")
        self.assertEqual(self.server.requests, [])

    def test_one_request_a_stream(self):
        sd = self.guest.open(self.url)
        self.assertEqual(self.guest.response(sd)[2:], (b"ok", 0))
        self.assertEqual(self.guest.write(sd, "GET / HTTP/1.1\r\n\r\n"), "NOTSUP")
        self.assertEqual(self.guest.flush(sd), 0)
        self.assertEqual(self.guest.read(sd), b"")
        self.assertEqual(self.guest.close(sd), 0)
        self.assertEqual(len(self.server.requests), 1)

    def test_close_without_a_read_delivers(self):
        sd = self.guest.open(self.url)
        self.guest.write(sd, "POST /log HTTP/1.1\r\n\r\nrecord")
        self.assertEqual(self.guest.close(sd), 0)
        self.assertEqual(self.server.requests[0][1], b"record")

    def test_open_and_close_sends_nothing(self):
        sd = self.guest.open(self.url)
        self.assertEqual(self.guest.flush(sd), 0)
        self.assertEqual(self.guest.close(sd), 0)
        self.assertEqual(self.server.connections, 0)

    def test_flushed_chunks_arrive_before_the_body_ends(self):
        got = []

        def handler(connection):
            connection.head()
            for chunk in connection.chunks():
                got.append(chunk)
                connection.send("HTTP/1.1 102 Processing\r\n\r\n")
            connection.send(OK)

        with Server(handler) as server:
            sd = self.guest.open(server.url())
            self.guest.write(sd, "POST / HTTP/1.1\r\n\r\n")
            for number in range(3):
                self.guest.write(sd, f"part {number}")
                self.assertEqual(self.guest.flush(sd), 0)
            self.assertEqual(self.guest.response(sd)[2:], (b"ok", 0))
            self.guest.close(sd)
        self.assertEqual(got, [b"part 0", b"part 1", b"part 2"])

    def test_policy_is_asked_for_what_is_really_requested(self):
        with Guest("--deny", "/secret") as guest:
            self.assertEqual(guest.open(self.server.url("/secret")), "PERM")
            sd = guest.open(self.server.url("/public"))
            guest.write(sd, "GET /secret/x HTTP/1.1\r\n\r\n")
            self.assertEqual(guest.flush(sd), "PERM")
            self.assertEqual(guest.read(sd), "PERM")
            guest.close(sd)
            sd = guest.open(self.server.url("/public"))
            guest.write(sd, "GET /open HTTP/1.1\r\n\r\n")
            self.assertEqual(guest.response(sd)[2], b"ok")
            guest.close(sd)
        self.assertEqual([head[0] for head, _ in self.server.requests], ["GET /open HTTP/1.1"])

    def test_environment_and_files_of_the_user_have_no_say(self):
        """No proxy, no netrc: libcurl would take both from the environment."""
        proxy = "http://127.0.0.1:1"
        env = {"http_proxy": proxy, "HTTPS_PROXY": proxy, "ALL_PROXY": proxy, "all_proxy": proxy}
        with Guest(env=env) as guest:
            self.assertEqual(guest.exchange(self.url)[2:], (b"ok", 0, 0))


class Open(unittest.TestCase):
    def test_urls_that_name_no_target(self):
        with Guest() as guest:
            for url in ("http:///x", "http://u@h/", "http://u:p@h/", "https://h/#f", "http://h:0/",
                        "http://a%2eb/", "http://127.1/", "http://2130706433/", "http://0x7f.1/",
                        "http://-a/", "http://a..b/", "http://a_b/"):  # fmt: skip
                with self.subTest(url=url):
                    self.assertEqual(guest.open(url), "BADINPUT")
            for url in ("ftp://h/", "file+http://h/", "ws://h/"):
                self.assertEqual(guest.open(url), "NOSCHEME")


if __name__ == "__main__":
    unittest.main()
