"""Long bodies: whole, unchanged, and in little memory whatever their length and their direction."""

import os
import tempfile
import unittest

from guest import Guest
from servers import Authority, Server

SIZE = int(os.environ.get("DAGGER_BULK_BYTES", 256 << 20))
MEMORY_KIB = 16 * 1024


def serve(connection):
    """GET /N: N bytes; with "chunked" in the target, in chunks. Anything else: takes the body."""
    while head := connection.head():
        method, target, _ = head[0].split()
        size = int(target.split("/")[1])
        if method == "GET" and "chunked" in target:
            connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            step = 251 * 400
            for start in range(0, size, step):
                length = min(step, size - start)
                connection.send(f"{length:x}\r\n")
                connection.send_pattern(length)
                connection.send("\r\n")
            connection.send("0\r\n\r\n")
        elif method == "GET":
            connection.send(f"HTTP/1.1 200 OK\r\nContent-Length: {size}\r\n\r\n")
            connection.send_pattern(size)
        else:
            if "Transfer-Encoding: chunked" in head:
                done = 0
                for chunk in connection.chunks():
                    done += len(chunk)
                assert done == size, done
            else:
                connection.drain(size)
            connection.send("HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok")


class Bulk(unittest.TestCase):
    # Instrumentation (AddressSanitizer) makes memory figures meaningless; integrity still counts.
    sanitized = b"__asan_init" in open(  # pylint: disable=consider-using-with
        os.path.join(os.environ["DAGGER_BUILD"], "tests", "http_probe"), "rb"
    ).read()

    def setUp(self):
        self.server = self.enterContext(Server(serve))
        self.guest = self.enterContext(Guest())

    def check_memory(self):
        peak = self.guest.memory()
        print(f"{self.id().rpartition('.')[2]}: {peak} KiB")
        if not self.sanitized:
            self.assertLess(peak, MEMORY_KIB)

    def download(self, target, size, chunk=65536):
        sd = self.guest.open(self.server.url(target))
        status = self.guest.head(sd)[0]
        self.assertEqual(status, "HTTP/1.1 200 OK")
        self.assertEqual(self.guest.sink(sd, chunk), (0, size))
        self.assertEqual(self.guest.close(sd), 0)

    def upload(self, head, size, chunk=65536):
        sd = self.guest.open(self.server.url())
        self.guest.write(sd, head)
        self.assertEqual(self.guest.fill(sd, size, chunk), (0, size))
        self.assertEqual(self.guest.response(sd)[2:], (b"ok", 0))
        self.assertEqual(self.guest.close(sd), 0)

    def test_download(self):
        self.download(f"/{SIZE}", SIZE)
        self.check_memory()

    def test_download_chunked(self):
        self.download(f"/{SIZE // 4}/chunked", SIZE // 4)
        self.check_memory()

    def test_upload(self):
        self.upload(f"PUT /{SIZE} HTTP/1.1\r\nContent-Length: {SIZE}\r\n\r\n", SIZE)
        self.check_memory()

    def test_upload_chunked(self):
        size = SIZE // 4
        self.upload(f"POST /{size} HTTP/1.1\r\n\r\n", size)
        self.check_memory()

    def test_any_size_of_the_guests_calls(self):
        size = 3_000_001
        for chunk in (1, 100, 4096, 65535, 65537, 1 << 20):
            part = size if chunk > 1 else 30_001
            self.download(f"/{part}", part, chunk)
            self.download(f"/{part}/chunked", part, chunk)
            self.upload(f"PUT /{part} HTTP/1.1\r\nContent-Length: {part}\r\n\r\n", part, chunk)
            self.upload(f"PUT /{part} HTTP/1.1\r\n\r\n", part, chunk)
        self.assertEqual(self.server.connections, 1)

    def test_guest_that_leaves_a_long_body_unread(self):
        for _ in range(3):
            sd = self.guest.open(self.server.url(f"/{1 << 40}"))
            self.guest.head(sd)
            self.assertEqual(self.guest.close(sd), 0)
        self.download("/1000", 1000)
        self.check_memory()

    def test_body_that_waits_while_another_moves(self):
        """A stream nobody reads is held up at its peer, not piled up here."""
        waiting = self.guest.open(self.server.url(f"/{SIZE}"))
        self.guest.head(waiting)
        self.download(f"/{SIZE // 2}", SIZE // 2)
        self.check_memory()
        self.assertEqual(self.guest.sink(waiting), (0, SIZE))
        self.assertEqual(self.guest.close(waiting), 0)


class BulkTls(Bulk):
    """The same over TLS, which brings buffers of its own."""

    def setUp(self):
        folder = self.enterContext(tempfile.TemporaryDirectory())
        authority = Authority(folder)
        self.server = self.enterContext(Server(serve, authority.issue("server")))
        self.guest = self.enterContext(Guest("--ca", self.trusted(folder, authority)))

    def trusted(self, folder, authority):
        """The system's whole trust store and the test's own authority, as a guest would have them."""
        path = os.path.join(folder, "trusted.pem")
        with open(path, "wb") as out:
            for name in ("/etc/ssl/certs/ca-certificates.crt", authority.file):
                with open(name, "rb") as file:
                    out.write(file.read())
        return path


if __name__ == "__main__":
    unittest.main()
