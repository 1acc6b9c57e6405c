"""What goes on beside a guest while it runs: each has `arguments`, more of the guest's, and stop(), which gives
a list of what was not as it must be."""

import os
import pathlib
import socket
import subprocess
import sys
import threading

TIMEOUT = 60  # seconds


class Swapper:
    """Makes `swap` and `swap-other` of the box a folder and a link out of it, and swaps them."""

    arguments = ()

    def __init__(self, box):
        os.rename(box.box / "swap-real", box.box / "swap")
        os.symlink("../outside", box.box / "swap-other")
        os.symlink("swap", box.box / "swap-link")
        script = pathlib.Path(__file__).with_name("swap.py")
        self.child = subprocess.Popen([sys.executable, script, box.box, "swap", "swap-other"],
                                      stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # fmt: skip
        self.begun = self.child.stdout.readline()

    def stop(self):
        self.child.communicate(timeout=TIMEOUT)
        if self.begun != "begun\n" or self.child.returncode != 0:
            return [f"nothing was swapped: {self.begun!r}, status {self.child.returncode}"]
        return []


class Server:
    """One connection: sends 0123456789, takes what comes until the guest is done sending."""

    def __init__(self, box):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(TIMEOUT)
        self.arguments = [str(self.listener.getsockname()[1])]
        self.got, self.thread = None, threading.Thread(target=self.serve)
        self.thread.start()

    def serve(self):
        try:
            connection, _ = self.listener.accept()
        except OSError:
            return
        with connection:
            connection.settimeout(TIMEOUT)
            connection.sendall(b"0123456789")
            self.got = b""
            while more := connection.recv(4096):
                self.got += more

    def stop(self):
        self.listener.shutdown(socket.SHUT_RDWR)  # ends an accept that nobody came for
        self.thread.join()
        self.listener.close()
        return [] if self.got == b"sent" else [f"the server got {self.got!r}"]
