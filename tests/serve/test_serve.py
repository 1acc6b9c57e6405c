"""The guests of samples/serve behind real servers: lighttpd (CGI), tcpserver and systemd-socket-activate
(inetd), gophernicus (CGI of Gopher). Every guest is compiled with the sandbox required and a policy
that leaves it what it needs."""

import concurrent.futures
import contextlib
import http.client
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest

import servers

BUILD = pathlib.Path(os.environ["DAGGER_BUILD"])
SOURCE = pathlib.Path(os.environ["DAGGER_SOURCE"])
OPTIONS = {
    "listen": ["--allow=listen://"],
    "cgi": ["--env=REQUEST_METHOD", "--env=QUERY_STRING", "--env=CONTENT_LENGTH", "--allow=env://"],
    "inetd": ["--allow=stdin://"],
    "gopher": ["--env=REQUEST", "--env=SEARCHREQUEST", "--allow=env://", "--allow=args://"],
}


def compile_module(folder, name):
    subprocess.run(
        ["clang", "--target=wasm32", "-O2", "-mbulk-memory", "-nostdlib", "-Wall", "-Wextra",
         "-Werror", "-Wl,--no-entry", "-I", SOURCE / "samples/include",
         SOURCE / f"samples/serve/{name}.c", "-o", folder / f"{name}.wasm"],
        check=True,
    )  # fmt: skip


def compile_guests(folder):
    for name, options in OPTIONS.items():
        compile_module(folder, name)
        subprocess.run(
            [BUILD / "bin/daggercc", "--sandbox=require", *options, f"{name}.wasm", "-o", name],
            check=True, cwd=folder,
        )  # fmt: skip


def compile_host(folder):
    """A native server with a guest inside."""
    compile_module(folder, "function")
    for command in (
        [BUILD / "bin/daggercc", "--emit=archive", "function.wasm"],
        ["cc", "-O2", "-Wall", "-Wextra", "-Werror", "-D_GNU_SOURCE", "-I.",
         SOURCE / "samples/serve/host.c", "libfunction.a", "-lm", "-o", "host"],
    ):  # fmt: skip
        subprocess.run(command, check=True, cwd=folder)


class Serve(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="dagger-serve-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        compile_guests(cls.folder)

    def server(self, made):
        server = made.__enter__()
        self.addCleanup(made.__exit__)
        return server

    def ask(self, server, method="GET", target="/", body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        connection.request(method, target, body, headers or {})
        response = connection.getresponse()
        got = response.status, response.read().decode()
        connection.close()
        return got

    def raw(self, server, request):
        """All that is answered to these bytes."""
        with socket.create_connection(("127.0.0.1", server.port), timeout=60) as sock:
            sock.sendall(request)
            sock.shutdown(socket.SHUT_WR)
            answer = b""
            while data := sock.recv(65536):
                answer += data
        return answer

    def check_handler(self, server, target):
        """What a handler of http answers, whatever starts it."""
        self.assertEqual(self.ask(server, target=target), (200, "hello, world\n"))
        greeting = 200, "hello, J\u00fcrgen <b>\n"
        query = f"{target}?x=1&name=J%C3%BCrgen+%3Cb%3E&y"
        self.assertEqual(self.ask(server, target=query), greeting)
        text = "two words\n" * 30000
        self.assertEqual(
            self.ask(server, "POST", target, text.encode()),
            (200, "lines 30000 words 60000 bytes 300000\n"),
        )
        self.assertEqual(self.ask(server, "POST", target, b"")[0], 200)
        status, text = self.ask(server, "DELETE", target)
        self.assertEqual((status, text[:3]), (405, "GET"))

    def test_cgi(self):
        os.makedirs(self.folder / "www/cgi-bin", exist_ok=True)
        shutil.copy(self.folder / "cgi", self.folder / "www/cgi-bin/hello")
        server = self.server(servers.lighttpd(str(self.folder)))
        self.check_handler(server, "/cgi-bin/hello")
        self.assertEqual(self.ask(server, "HEAD", "/cgi-bin/hello"), (200, ""))
        # Variables are texts of whoever asks: none but three are let through, and none has an effect.
        headers = {"X-Dagger-Trace": "1", "Dagger-Root": "/", "Proxy": "http://127.0.0.1:1"}
        self.assertEqual(self.ask(server, target="/cgi-bin/hello", headers=headers)[0], 200)
        long = "name=" + "x" * 7000
        self.assertEqual(
            self.ask(server, target=f"/cgi-bin/hello?{long}"), (200, f"hello, {'x' * 64}\n")
        )

    def test_descriptors_of_two_digits(self):
        """The server gets its socket where those up to 9 are taken."""
        with contextlib.ExitStack() as stack:
            for _ in range(10):
                stack.enter_context(open(os.devnull, "rb"))
            made = servers.lighttpd(str(self.folder))
            self.assertGreater(made.listener.fileno(), 9)
            self.assertEqual(self.ask(self.server(made), target="/none")[0], 404)

    def test_many_at_once(self):
        os.makedirs(self.folder / "www/cgi-bin", exist_ok=True)
        shutil.copy(self.folder / "cgi", self.folder / "www/cgi-bin/many")
        server = self.server(servers.lighttpd(str(self.folder)))
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            asked = [f"/cgi-bin/many?name={number}" for number in range(200)]
            answers = list(pool.map(lambda target: self.ask(server, target=target), asked))
        self.assertEqual(answers, [(200, f"hello, {number}\n") for number in range(200)])

    def check_inetd(self, server):
        self.check_handler(server, "/")
        bad = {
            b"": b"",
            b"\r\n": b"400",
            b"GET\r\n\r\n": b"405",
            b"GET / HTTP/1.1\r\n": b"400",
            b"GET / HTTP/1.1\r\n Host: x\r\n\r\n": b"400",
            b"GET /" + b"x" * 9000 + b" HTTP/1.1\r\n\r\n": b"400",
            b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 200 + b"\r\n": b"400",
            b"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nabc": b"400",
            b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\nabc": b"400",
            b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nabc": b"400",
            b"POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\nabc": b"400",
            b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n": b"400",
            b"GET / HTTP/1.0\n\n": b"200",
            b"GET /?name=%0a%1b[2J HTTP/1.0\n\n": b"200",
            b"GET /\0?name=\x01\xff HTTP/1.1\r\n\r\n": b"200",
            bytes(range(256)) * 16: b"4",
        }
        for request, status in bad.items():
            answer = self.raw(server, request)
            self.assertEqual(answer[9 : 9 + len(status)], status, request[:60])
        self.assertEqual(self.ask(server, target="/?name=still"), (200, "hello, still\n"))

    def test_inetd_by_tcpserver(self):
        self.check_inetd(self.server(servers.Tcpserver(self.folder, "./inetd")))

    @unittest.skipUnless(servers.find("systemd-socket-activate"), "no systemd-socket-activate")
    def test_inetd_by_systemd(self):
        made = servers.socket_activate(self.folder, "./inetd", accept=True)
        self.check_inetd(self.server(made))

    @unittest.skipUnless(servers.find("systemd-socket-activate"), "no systemd-socket-activate")
    def test_one_that_stays(self):
        """Started with the first connection; then the same process for all."""
        self.check_inetd(self.server(servers.socket_activate(self.folder, "./listen")))

    def test_a_function_in_a_server(self):
        compile_host(self.folder)
        server = self.server(servers.Server(self.folder / "host", folder=self.folder))
        self.assertEqual(self.ask(server), (200, "hello, world\n"))
        for number in range(100):
            answer = self.ask(server, target=f"/?name={number}")
            self.assertEqual(answer, (200, f"hello, {number}\n"))
        for request in (b"", b"\r\n", b"POST / HTTP/1.1\r\n\r\n", b"GET ", bytes(range(256)) * 64):
            self.assertEqual(self.raw(server, request)[9:12], b"405", request[:20])
        self.assertEqual(self.raw(server, b"GET /" + b"x" * 100000)[9:12], b"200")
        self.assertEqual(self.ask(server, target="/?name=still"), (200, "hello, still\n"))

    def curl(self, url):
        done = subprocess.run(
            ["curl", "--silent", "--show-error", "--max-time", "60", url],
            check=True, capture_output=True,
        )  # fmt: skip
        return done.stdout.decode()

    def test_gopher_by_tcpserver(self):
        server = self.server(servers.Tcpserver(self.folder, "./gopher", "gopher.example", "70"))
        menu = self.curl(server.url("/", "gopher"))
        self.assertIn("7Greet somebody\t/greet\tgopher.example\t70\r\n", menu)
        self.assertTrue(menu.endswith("\r\n.\r\n"), menu)
        self.assertIn("Written in C", self.curl(server.url("/0/about", "gopher")))
        self.assertEqual(
            self.curl(server.url("/7/greet%09you%20and%20me", "gopher")), "hello, you and me\n.\r\n"
        )
        self.assertEqual(self.curl(server.url("/0/../etc/passwd", "gopher"))[0], "3")
        self.assertEqual(self.raw(server, b""), b"")
        self.assertEqual(self.raw(server, b"x" * 100000 + b"\r\n"), b"")
        self.assertEqual(self.raw(server, b"/greet\t" + b"&" * 1000 + b"\r\n")[:6], b"hello,")

    def test_gopher_site_with_a_program(self):
        """The site is gophernicus's, one of its items a guest."""
        site = self.folder / "site"
        (site / "cgi-bin").mkdir(parents=True)
        (site / "gophermap").write_text("A site\n7Greet somebody\t/cgi-bin/greet\n")
        shutil.copy(self.folder / "gopher", site / "cgi-bin/greet")
        # Not as its own user, not with shared memory, nor by syslog: nothing of the host is touched.
        options = ["-nf", "-nu", "-nv", "-nr", "-nm", "-ns", "-h", "localhost", "-r", str(site)]
        made = servers.Tcpserver(self.folder, servers.find("gophernicus"), *options)
        server = self.server(made)
        self.assertIn("7Greet somebody\t/cgi-bin/greet\t", self.curl(server.url("/", "gopher")))
        self.assertEqual(
            self.curl(server.url("/7/cgi-bin/greet%09you", "gopher")).strip(), "hello, you"
        )


if __name__ == "__main__":
    missing = [
        program
        for program in ("lighttpd", "tcpserver", "gophernicus", "curl", "clang")
        if not servers.find(program)
    ]
    if missing:
        print(f"not installed: {', '.join(missing)}")
        sys.exit(77)
    unittest.main()
