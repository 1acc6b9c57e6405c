"""Real servers on loopback that start a program for each request. The listening socket is bound here, to
a free port, and inherited, so that no port is ever guessed."""

import os
import shutil
import signal
import socket
import subprocess

PLACES = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"


def find(program):
    return shutil.which(program, path=PLACES)


class Server:
    """A program that is started with a listening socket as descriptor 3, as systemd would; stopped, with
    all that it has started, when the block ends."""

    def __init__(self, *command, folder, environment=None, inherits=True, backlog=128):
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=backlog)
        self.port = self.listener.getsockname()[1]
        self.command = [str(word).replace("PORT", str(self.port)) for word in command]
        self.environment = {**os.environ, **(environment or {})}
        self.folder = folder
        self.inherits = inherits
        self.log = open(os.path.join(folder, "server.log"), "ab")

    def __enter__(self):
        # The variables of sd_listen_fds(3) name the process that is to take the socket. Not by sh, which
        # may know descriptors of one digit only.
        start = 'exec 3<&"$0"; LISTEN_PID=$$ LISTEN_FDS=1 exec "$@"'
        number = self.listener.fileno()
        self.process = subprocess.Popen(
            ["bash", "-c", start, str(number), *self.command], cwd=self.folder, env=self.environment,
            pass_fds=[number], stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
            start_new_session=True,
        )  # fmt: skip
        self.listener.close()
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(timeout=30)
        finally:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            self.log.close()

    def url(self, target="/", scheme="http"):
        return f"{scheme}://127.0.0.1:{self.port}{target}"


LIGHTTPD = """
server.modules = ("mod_cgi")
server.document-root = "{folder}/www"
server.bind = "127.0.0.1"
server.port = PORT
server.systemd-socket-activation = "enable"
server.errorlog = "{folder}/error.log"
$HTTP["url"] =~ "^/cgi-bin/" {{ cgi.assign = ("" => "") }}
"""


def lighttpd(folder):
    """Serves `folder`/www, programs in its cgi-bin by CGI."""
    os.makedirs(os.path.join(folder, "www", "cgi-bin"), exist_ok=True)
    config = os.path.join(folder, "lighttpd.conf")
    server = Server(find("lighttpd"), "-D", "-f", config, folder=folder)
    with open(config, "w", encoding="ascii") as file:
        file.write(LIGHTTPD.format(folder=folder).replace("PORT", str(server.port)))
    return server


def socket_activate(folder, *command, accept=False):
    """systemd-socket-activate: starts `command` for each connection, or with the first one."""
    each = ["--accept", "--inetd"] if accept else []
    return Server(find("systemd-socket-activate"), *each, *command, folder=folder)


class Tcpserver:
    """tcpserver, the inetd of ucspi-tcp: it chooses a port by itself, and says which."""

    def __init__(self, folder, *command):
        self.log = open(os.path.join(folder, "tcpserver.log"), "ab")
        self.process = subprocess.Popen(
            [find("tcpserver"), "-q", "-1", "-H", "-R", "-l", "0", "127.0.0.1", "0", *command],
            cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self.log,
            start_new_session=True,
        )  # fmt: skip

    def __enter__(self):
        self.port = int(self.process.stdout.readline())
        return self

    def __exit__(self, *rest):
        self.process.stdout.close()
        Server.__exit__(self, *rest)

    url = Server.url
