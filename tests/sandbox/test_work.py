"""What guests may do works in the sandbox: libcurl, loaded when it is needed, names, TLS, files."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

SOURCE = pathlib.Path(os.environ["DAGGER_SOURCE"])
sys.path.insert(0, str(SOURCE / "tests" / "http"))

from servers import Authority, Server, answering  # noqa: E402

BUILD = pathlib.Path(os.environ["DAGGER_BUILD"])
OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"

# Copies the stream of the first argument to that of the second; the status is its first error.
COPY = """(module
  (import "dagger" "open" (func $open (param i32 i32) (result i32)))
  (import "dagger" "read" (func $read (param i32 i32 i32) (result i32)))
  (import "dagger" "write" (func $write (param i32 i32 i32) (result i32)))
  (import "dagger" "close" (func $close (param i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "args://1\\00args://2\\00")
  (func $fail (param i32) (result i32) (if (i32.lt_s (local.get 0) (i32.const 0))
    (then (call $exit (local.get 0)))) (local.get 0))
  (func $exit (param i32) (global.set $error (i32.sub (i32.const 0) (local.get 0))))
  (global $error (mut i32) (i32.const 0))
  (func $named (param $url i32) (result i32) (local $sd i32) (local $n i32)
    (local.set $sd (call $open (local.get $url) (i32.const 8)))
    (local.set $n (call $read (local.get $sd) (i32.const 1024) (i32.const 8192)))
    (drop (call $close (local.get $sd)))
    (call $fail (call $open (i32.const 1024) (local.get $n))))
  (func (export "main") (result i32) (local $in i32) (local $out i32) (local $n i32)
    (local.set $in (call $named (i32.const 0)))
    (if (global.get $error) (then (return (global.get $error))))
    (local.set $out (call $named (i32.const 9)))
    (if (global.get $error) (then (return (global.get $error))))
    (loop $more
      (local.set $n (call $fail (call $read (local.get $in) (i32.const 1024) (i32.const 32768))))
      (if (i32.gt_s (local.get $n) (i32.const 0)) (then
        (drop (call $fail (call $write (local.get $out) (i32.const 1024) (local.get $n))))
        (br $more))))
    (drop (call $fail (call $close (local.get $out))))
    (global.get $error)))
"""
PERM, NOENT, CONNECT, TLS = 6, 7, 13, 14


class Work(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        pathlib.Path(cls.folder, "copy.wat").write_text(COPY)
        subprocess.run([BUILD / "bin" / "daggercc", "copy.wat"], cwd=cls.folder, check=True)
        cls.authority = Authority(cls.folder)

    def setUp(self):
        self.root = self.enterContext(tempfile.TemporaryDirectory())

    def copy(self, source, target="stdout://", **variables):
        done = subprocess.run([f"{self.folder}/copy", source, target], cwd=self.root, timeout=60,
                              env={**os.environ, **variables}, capture_output=True, text=True)
        self.assertEqual(done.stderr, "")
        return done.returncode, done.stdout

    def test_http_by_name(self):
        server = self.enterContext(Server(answering(OK)))
        status, said = self.copy(f"http://localhost:{server.port}/")
        self.assertEqual((status, said[-5:]), (0, "hello"))

    def test_https(self):
        server = self.enterContext(Server(answering(OK), self.authority.issue("good")))
        url = f"https://localhost:{server.port}/"
        status, said = self.copy(url, SSL_CERT_FILE=self.authority.file)
        self.assertEqual((status, said[-5:]), (0, "hello"))
        self.assertEqual(self.copy(url), (TLS, ""))  # the system's store was read and has it not

    def test_policy_that_names_a_port(self):
        """The only one that is left, beside that of name servers."""
        server = self.enterContext(Server(answering(OK)))
        allowed = [f"--allow=http://localhost:{server.port}", "--allow=args://"]
        subprocess.run([BUILD / "bin" / "daggercc", "copy.wat", *allowed, "-o", f"{self.root}/copy"],
                       cwd=self.folder, check=True)
        done = subprocess.run([f"{self.root}/copy", f"http://localhost:{server.port}/", "stdout://"],
                              timeout=60, capture_output=True)
        self.assertEqual((done.returncode, done.stdout[-5:]), (0, b"hello"))

    def test_names_that_do_not_exist(self):
        self.assertEqual(self.copy("http://nobody.invalid/", DAGGER_CONNECT_TIMEOUT="5")[0], CONNECT)

    def test_libraries_of_another_folder(self):
        found = subprocess.run(["ldconfig", "-p"], capture_output=True, text=True,
                               env={"PATH": "/usr/sbin:/sbin"}).stdout
        paths = [line.split()[-1] for line in found.splitlines() if "libcurl.so.4 " in line]
        if not paths:
            self.skipTest("libcurl is not where ldconfig looks")
        pathlib.Path(self.root, "lib").mkdir()
        pathlib.Path(self.root, "lib", "libcurl.so.4").write_bytes(pathlib.Path(paths[0]).read_bytes())
        server = self.enterContext(Server(answering(OK)))
        with tempfile.TemporaryDirectory() as elsewhere:
            os.rename(f"{self.root}/lib", f"{elsewhere}/lib")
            status, _ = self.copy(f"http://127.0.0.1:{server.port}/",
                                  LD_LIBRARY_PATH=f"{elsewhere}/lib")
        self.assertEqual(status, 0)

    def test_files(self):
        pathlib.Path(self.root, "a").write_text("text")
        self.assertEqual(self.copy("file:///a"), (0, "text"))
        for mode in ("w", "x", "a", "rw", "w&atomic=1", "w&sync=1"):
            name = mode[0] + str(len(mode))
            self.assertEqual(self.copy("file:///a", f"file:///{name}?mode={mode}"), (0, ""), mode)
            self.assertEqual(pathlib.Path(self.root, name).read_text(), "text", mode)
        self.assertEqual(self.copy("file:///")[0], 0)
        self.assertEqual(self.copy("file:///etc/passwd")[0], NOENT)

    def test_root_of_the_environment(self):
        pathlib.Path(self.root, "a").write_text("text")
        done = subprocess.run([f"{self.folder}/copy", "file:///a", "file:///b?mode=w&atomic=1"], cwd="/",
                              env={**os.environ, "DAGGER_ROOT": self.root})
        self.assertEqual(done.returncode, 0)
        self.assertEqual(pathlib.Path(self.root, "b").read_text(), "text")


if __name__ == "__main__":
    unittest.main()
