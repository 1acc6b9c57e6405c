"""Servers on loopback for the http tests: a scripted one, its certificates, and nginx."""

import os
import shutil
import socket
import ssl
import subprocess
import threading

PATTERN = bytes(range(251)) * 1050  # as the probe's; longer than any recv below


class Connection:
    """One accepted connection: what the guest sent, taken apart by a parser of its own."""

    def __init__(self, sock):
        self.sock = sock
        self.buffer = b""

    def more(self):
        data = self.sock.recv(65536)
        self.buffer += data
        return bool(data)

    def line(self):
        while b"\n" not in self.buffer:
            if not self.more():
                raise EOFError
        line, _, self.buffer = self.buffer.partition(b"\n")
        assert line.endswith(b"\r"), line
        return line[:-1].decode("latin-1")

    def head(self):
        """Lines of a request head; [] if the guest has left."""
        try:
            lines = [self.line()]
            while line := self.line():
                lines.append(line)
            return lines
        except EOFError:
            assert not self.buffer, self.buffer
            return []

    def exactly(self, length):
        while len(self.buffer) < length:
            if not self.more():
                raise EOFError
        data, self.buffer = self.buffer[:length], self.buffer[length:]
        return data

    def chunks(self):
        """The chunks of a body, one by one."""
        while size := int(self.line(), 16):
            yield self.exactly(size)
            assert self.exactly(2) == b"\r\n"
        assert self.line() == ""

    def body(self, head):
        """The body that a request with this head has."""
        fields = dict(line.lower().split(": ", 1) for line in head[1:] if ": " in line)
        if fields.get("transfer-encoding") == "chunked":
            return b"".join(self.chunks())
        return self.exactly(int(fields.get("content-length", 0)))

    def drain(self, length):
        """Takes `length` bytes of the pattern off the connection without keeping them."""
        done = 0
        while done < length:
            data = self.buffer or self.sock.recv(min(1 << 18, length - done))
            self.buffer = b""
            if not data:
                raise EOFError
            start = done % 251
            assert data == PATTERN[start : start + len(data)]
            done += len(data)

    def send(self, data):
        self.sock.sendall(data.encode("latin-1") if isinstance(data, str) else data)

    def send_pattern(self, length):
        view = memoryview(PATTERN)
        block = 251 * 1024
        for start in range(0, length, block):
            self.sock.sendall(view[: min(block, length - start)])


class Server:
    """Calls `handler(connection)` for each connection, in a thread of its own. What a handler raises
    is raised again when the server stops, unless it is that the guest has left."""

    def __init__(self, handler, context=None, family=socket.AF_INET):
        self.handler = handler
        self.context = context
        self.connections = 0
        self.closed = threading.Semaphore(0)  # released once for each connection that is closed
        self.failures = []
        self.open = []
        self.threads = []
        host = "127.0.0.1" if family == socket.AF_INET else "::1"
        self.listener = socket.create_server((host, 0), family=family)
        self.port = self.listener.getsockname()[1]
        self.scheme = "https" if context else "http"
        self.acceptor = threading.Thread(target=self.accept)
        self.acceptor.start()

    def url(self, target="/", host="127.0.0.1"):
        return f"{self.scheme}://{host}:{self.port}{target}"

    def accept(self):
        while True:
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            self.open.append(sock)
            thread = threading.Thread(target=self.serve, args=(sock,))
            self.threads.append(thread)
            thread.start()

    def serve(self, sock):
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.context:
                sock = self.context.wrap_socket(sock, server_side=True)
            self.handler(Connection(sock))
        except (EOFError, ConnectionError, ssl.SSLError):
            pass
        except BaseException as failure:  # pylint: disable=broad-exception-caught
            if sock.fileno() >= 0:
                self.failures.append(failure)
        finally:
            sock.close()
            self.closed.release()

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.acceptor.join()
        for sock in self.open:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        for thread in self.threads:
            thread.join()
        if self.failures and kind is None:
            raise self.failures[0]


def answering(response):
    """A handler that takes whole requests and answers each with `response`, keeping the connection."""

    def handler(connection):
        while head := connection.head():
            connection.body(head)
            connection.send(response)

    return handler


def openssl(folder, *arguments):
    subprocess.run(
        ["openssl", *arguments], cwd=folder, check=True, capture_output=True, text=True
    )


class Authority:
    """A certificate authority for one test run; the certificates it issues are `NAME.pem`."""

    def __init__(self, folder, name="ca"):
        self.folder = folder
        self.name = name
        self.file = os.path.join(folder, f"{name}.pem")
        openssl(
            folder, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
            "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.pem", "-days", "2",
            "-subj", f"/CN=Dagger test {name}",
            "-addext", "keyUsage=critical,keyCertSign",
        )  # fmt: skip

    def issue(self, name, subject="DNS:localhost,IP:127.0.0.1", expired=False):
        """Returns the server side of a certificate for `subject`."""
        openssl(
            self.folder, "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", "/CN=a server",
        )  # fmt: skip
        with open(os.path.join(self.folder, f"{name}.ext"), "w", encoding="ascii") as extensions:
            extensions.write(f"subjectAltName={subject}\n")
        days = "-1" if expired else "2"
        openssl(
            self.folder, "x509", "-req", "-in", f"{name}.csr", "-CA", f"{self.name}.pem",
            "-CAkey", f"{self.name}.key", "-CAcreateserial", "-days", days,
            "-extfile", f"{name}.ext", "-out", f"{name}.pem",
        )  # fmt: skip
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.path(f"{name}.pem"), self.path(f"{name}.key"))
        return context

    def path(self, name):
        return os.path.join(self.folder, name)


NGINX = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")


class Nginx:
    """nginx in the foreground, serving `folder`/www. The sockets are bound here, to free ports, and
    inherited by nginx the way it inherits them from itself when it is upgraded."""

    CONFIG = """
{user} daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log warn;
events {{ worker_connections 64; }}
http {{
    log_format connections '$connection $request_method $request_uri $status';
    access_log {folder}/access.log connections;
    client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
    uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
    types {{ text/plain txt; }}
    server {{
        listen 127.0.0.1:{plain};
        listen 127.0.0.1:{tls} ssl;
        ssl_certificate {folder}/nginx.pem; ssl_certificate_key {folder}/nginx.key;
        root {folder}/www; gzip on; gzip_min_length 1; gzip_http_version 1.0;
        location /moved {{ return 301 /file.txt; }}
        location /small {{ client_max_body_size 10; proxy_pass http://127.0.0.1:1/; }}
    }}
}}
"""

    def __init__(self, folder):
        self.folder = folder
        os.makedirs(os.path.join(folder, "www"))
        self.authority = Authority(folder)
        self.authority.issue("nginx")
        sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
        self.plain, self.tls = (sock.getsockname()[1] for sock in sockets)
        config = os.path.join(folder, "nginx.conf")
        with open(config, "w", encoding="ascii") as file:
            user = "user root root;" if os.geteuid() == 0 else ""  # or it reads nothing of `folder`
            names = {"folder": folder, "plain": self.plain, "tls": self.tls, "user": user}
            file.write(self.CONFIG.format(**names))
        descriptors = [sock.fileno() for sock in sockets]
        environment = {**os.environ, "NGINX": "".join(f"{number};" for number in descriptors)}
        # pylint: disable-next=consider-using-with
        self.process = subprocess.Popen(
            [NGINX, "-c", config, "-e", os.path.join(folder, "error.log")],
            pass_fds=descriptors, env=environment,
        )  # fmt: skip
        for sock in sockets:
            sock.close()

    def url(self, target, tls=False):
        if tls:
            return f"https://127.0.0.1:{self.tls}{target}"
        return f"http://127.0.0.1:{self.plain}{target}"

    def log(self):
        """[connection, method, path, status] of each request so far that is in the log."""
        with open(os.path.join(self.folder, "access.log"), encoding="utf-8") as file:
            return [line.split() for line in file]

    def put(self, name, size):
        """A file of `size` bytes of the pattern."""
        with open(os.path.join(self.folder, "www", name), "wb") as file:
            while size > 0:
                file.write(PATTERN[: min(size, 251 * 1024)])
                size -= 251 * 1024

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=30)
