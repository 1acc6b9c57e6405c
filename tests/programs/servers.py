"""Servers for the guests that need a peer: each is a context manager that gives its port, and each
listens on a port that the kernel chose, on the loopback interface."""

import contextlib
import http.server
import socket
import socketserver
import ssl
import subprocess
import tempfile
import threading


@contextlib.contextmanager
def refused():
    """A port that is taken but not listened on: a connection is refused."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@contextlib.contextmanager
def silent():
    """Takes connections (the kernel does, by the backlog) and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


class Shout(socketserver.StreamRequestHandler):
    def handle(self):
        while (line := self.rfile.readline()) not in (b"", b"\n"):
            self.wfile.write(line.upper())


@contextlib.contextmanager
def shouting():
    """Says each line again, in capitals, and leaves at an empty one."""
    with serving(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Shout)) as port:
        yield port


class Hello(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = f"you asked for {self.path}\n".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.upper())

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def serving(server):
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextlib.contextmanager
def hello():
    """An http server that answers every GET, and a POST with its body in capitals."""
    with serving(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hello)) as port:
        yield port


class QuietTLS(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass  # a client that hangs up during the handshake is what is tested


@contextlib.contextmanager
def tls():
    """An https server with a certificate that nobody vouches for."""
    with tempfile.TemporaryDirectory(prefix="dagger-tls-") as folder:
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
             "-nodes", "-days", "2", "-subj", "/CN=localhost",
             "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost",
             "-keyout", f"{folder}/key", "-out", f"{folder}/certificate"],
            check=True, capture_output=True,
        )  # fmt: skip
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(f"{folder}/certificate", f"{folder}/key")
        server = QuietTLS(("127.0.0.1", 0), Hello)
        server.socket = context.wrap_socket(server.socket, server_side=True,
                                            do_handshake_on_connect=False)  # fmt: skip
        with serving(server) as port:
            yield port


SERVERS = {
    "refused": refused, "silent": silent, "shouting": shouting, "hello": hello, "tls": tls,
}  # fmt: skip
