"""A server of the world outside: nginx, plain and over TLS."""

import sys
import tempfile
import unittest

from guest import Guest
from servers import NGINX, Nginx

if not NGINX:
    print("nginx is not installed (Debian: nginx-light)")
    sys.exit(77)

LARGE = 64 << 20


class Real(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        cls.nginx = cls.enterClassContext(Nginx(folder))
        cls.nginx.put("large", LARGE)
        cls.nginx.put("file.txt", 251)

    def setUp(self):
        self.guest = self.enterContext(Guest("--ca", self.nginx.authority.file))

    def exchange(self, target, request="", tls=False):
        return self.guest.exchange(self.nginx.url(target, tls), request)

    def test_file(self):
        for tls in (False, True):
            status, fields, body, *errors = self.exchange("/file.txt", tls=tls)
            self.assertEqual((status, errors), ("HTTP/1.1 200 OK", [0, 0]))
            self.assertIn("Content-Length: 251", fields)
            self.assertEqual(body, bytes(range(251)))

    def test_keep_alive(self):
        for tls in (False, True):
            target = f"/file.txt?tls={tls}"
            for _ in range(10):
                self.assertEqual(self.exchange(target, tls=tls)[3:], (0, 0))
            # Logged before the next request on that connection is served.
            self.assertEqual(self.exchange("/missing", tls=tls)[0], "HTTP/1.1 404 Not Found")
            connections = [line[0] for line in self.nginx.log() if line[2] == target]
            self.assertEqual((len(connections), len(set(connections))), (10, 1))

    def test_large_file(self):
        for tls in (False, True):
            sd = self.guest.open(self.nginx.url("/large", tls))
            self.assertEqual(self.guest.head(sd)[0], "HTTP/1.1 200 OK")
            self.assertEqual(self.guest.sink(sd), (0, LARGE))
            self.assertEqual(self.guest.close(sd), 0)

    def test_range(self):
        request = "GET /large HTTP/1.1\r\nRange: bytes=1-3\r\n\r\n"
        status, _, body, *errors = self.exchange("/", request)
        self.assertEqual((status, body), ("HTTP/1.1 206 Partial Content", b"\1\2\3"))
        self.assertEqual(errors, [0, 0])

    def test_head_and_conditional(self):
        status, fields, body, *errors = self.exchange("/", "HEAD /file.txt HTTP/1.1\r\n\r\n")
        self.assertEqual((status, body, errors), ("HTTP/1.1 200 OK", b"", [0, 0]))
        tag = next(field for field in fields if field.startswith("ETag: "))
        request = f"GET /file.txt HTTP/1.1\r\nIf-None-Match: {tag[6:]}\r\n\r\n"
        status, _, body, *errors = self.exchange("/", request)
        self.assertEqual((status, body, errors), ("HTTP/1.1 304 Not Modified", b"", [0, 0]))

    def test_compression_is_the_guests(self):
        request = "GET /file.txt HTTP/1.1\r\nAccept-Encoding: gzip\r\n\r\n"
        status, fields, body, *errors = self.exchange("/", request)
        self.assertEqual((status, errors), ("HTTP/1.1 200 OK", [0, 0]))
        self.assertEqual("Content-Encoding: gzip" in fields, body.startswith(b"\x1f\x8b"))

    def test_redirect(self):
        status, fields, *_ = self.exchange("/moved")
        self.assertEqual(status, "HTTP/1.1 301 Moved Permanently")
        self.assertIn(f"Location: {self.nginx.url('/file.txt')}", fields)

    def test_upload_that_is_too_large(self):
        for tls in (False, True):
            sd = self.guest.open(self.nginx.url("/small", tls))
            size = 1 << 30
            self.guest.write(sd, f"POST /small HTTP/1.1\r\nContent-Length: {size}\r\n\r\n")
            error, done = self.guest.fill(sd, size)
            self.assertEqual(error, "PIPE")
            self.assertLess(done, size)
            self.assertEqual(self.guest.head(sd)[0], "HTTP/1.1 413 Request Entity Too Large")
            self.guest.close(sd)

    def test_no_method_for_files(self):
        status, *_ = self.exchange("/", "PUT /file.txt HTTP/1.1\r\n\r\nbody")
        self.assertEqual(status, "HTTP/1.1 405 Not Allowed")


if __name__ == "__main__":
    unittest.main()
