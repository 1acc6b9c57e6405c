"""gopher:// and gophers://: what the server is asked, and what is read of its answer."""

import shutil
import socket
import struct
import subprocess
import tempfile
import unittest

from guest import Guest
from servers import Authority, Server

CURL = shutil.which("curl")
MENU = b"iWelcome\t\terror.host\t1\r\n0About\t/about.txt\tlocalhost\t70\r\n.\r\n"

QUESTIONS = {  # of what a URL has behind the port
    "": "",
    "/": "",
    "/1": "",
    "/1/": "/",
    "/0/about.txt": "/about.txt",
    "/%30/about.txt": "/about.txt",
    "/0with%20blank": "with blank",
    "/0%2f%2525": "/%25",
    "/7/search%09two%20words": "/search\ttwo words",
    "/1a?b=c?d": "a?b=c?d",
    "/9%ff": "\xff",
    "/0/..x": "/..x",
    "/.x/...": "x/...",
    "/0" + "a" * 7000: "a" * 7000,
}


class Gopher(unittest.TestCase):
    def serve(self, answer=MENU, context=None):
        """A server that keeps the questions it was asked."""
        self.asked = []

        def handler(connection):
            self.asked.append(connection.line())
            connection.send(answer)
            if context:
                connection.sock.unwrap()

        return self.enterContext(Server(handler, context))

    def guest(self, *options):
        return self.enterContext(Guest(*options))

    def test_questions(self):
        server = self.serve()
        guest = self.guest()
        for rest, question in QUESTIONS.items():
            sd = guest.open(f"gopher://127.0.0.1:{server.port}{rest}")
            self.assertIsInstance(sd, int, rest)
            self.assertEqual(guest.rest(sd), (MENU, 0))
            self.assertEqual(guest.close(sd), 0)
        self.assertEqual(self.asked, list(QUESTIONS.values()))

    @unittest.skipUnless(CURL, "curl is not installed")
    def test_curl_asks_the_same(self):
        """But where the type is encoded: it takes off a byte before it decodes."""
        server = self.serve()
        same = {rest: question for rest, question in QUESTIONS.items() if "%30" not in rest}
        for rest in same:
            command = [CURL, "-s", "--path-as-is", "--noproxy", "*"]
            subprocess.run([*command, f"gopher://127.0.0.1:{server.port}{rest}"], check=True,
                           capture_output=True)  # fmt: skip
        self.assertEqual(self.asked, list(same.values()))

    def test_it_can_only_be_read(self):
        server = self.serve()
        guest = self.guest()
        sd = guest.open(f"gopher://127.0.0.1:{server.port}/1")
        self.assertEqual([guest.write(sd, "x"), guest.write(sd, "")], ["NOTSUP", "NOTSUP"])
        self.assertEqual(guest.flush(sd), 0)
        self.assertEqual(guest.rest(sd), (MENU, 0))

    def test_one_question(self):
        """No second line, and nothing that ends the first one early."""
        server = self.serve()
        guest = self.guest()
        bad = ["/0a%0d%0ab", "/0a%0ab", "/0a%0db", "/0a%00b", "/%0a", "/%00", "?x", "/?x", "/0a#b",
               "/./secret", "//secret", "/%2fsecret", "/%5csecret", "/0/../x", "/0/a/..", "/0/%2e%2E/x",
               "/0/a%2f..%2fb", "/0/a%5c..", "/0/./x", "/%2e/x"]
        for rest in bad:
            self.assertEqual(guest.open(f"gopher://127.0.0.1:{server.port}{rest}"), "BADINPUT", rest)
        for host in (f"u@127.0.0.1:{server.port}", f"127.1:{server.port}", "127.0.0.1:0", ""):
            self.assertEqual(guest.open(f"gopher://{host}/1"), "BADINPUT", host)
        self.assertEqual(server.connections, 0)

    def test_peers(self):
        guest = self.guest("--idle", 50, "--connect", 2000)
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            self.assertEqual(guest.open(f"gopher://127.0.0.1:{taken.getsockname()[1]}/"), "CONNECT")

        def reset(connection):
            connection.line()
            connection.send("cut")
            connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.sock.close()

        with Server(reset) as server:
            sd = guest.open(f"gopher://127.0.0.1:{server.port}/")
            self.assertEqual(guest.rest(sd)[1], "IO")
        with Server(lambda connection: all(iter(connection.more, False))) as silent:
            sd = guest.open(f"gopher://127.0.0.1:{silent.port}/")
            self.assertEqual(guest.read(sd), "TIMEOUT")
            self.assertEqual(guest.close(sd), 0)

    def test_policy_and_private_addresses(self):
        server = self.serve()
        url = f"gopher://127.0.0.1:{server.port}/0/x"
        self.assertEqual(self.guest("--deny", "/0/x").open(url), "PERM")
        self.assertEqual(self.guest("--public", 1).open(url), "PERM")
        self.assertEqual(server.connections, 0)

    def test_tls(self):
        with tempfile.TemporaryDirectory() as folder:
            authority = Authority(folder)
            server = self.serve(context=authority.issue("good"))
            url = f"gophers://localhost:{server.port}/0/x"
            guest = self.guest("--ca", authority.file)
            self.assertEqual(guest.rest(guest.open(url)), (MENU, 0))
            self.assertEqual(self.asked, ["/x"])
            self.assertEqual(self.guest().open(url), "TLS")


if __name__ == "__main__":
    unittest.main()
