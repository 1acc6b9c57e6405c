"""Names of inputs and outputs: defaults, hostile ones, and outputs that must not be written."""

import os
import subprocess
import threading

from harness import DAGGERCC, DriverTest, HELLO_WAT, PLAIN_WASM, main

HOSTILE = ["$(touch evil).wasm", "`touch evil`.wasm", "a b.wasm", "a\nb.wasm", "; touch evil;.wasm",
           "'\".wasm", "\\.wasm", "*.wasm", "%s%n.wasm", "é.wasm", "\x1b[31m.wasm", "a=b.wasm",
           "@file.wasm", "#.wasm", "-o evil.wasm", "a" * 240 + ".wasm"]


class Names(DriverTest):
    def test_defaults(self):
        rows = [("app.wasm", [], "app"), ("app.wat", [], "app"), ("app.wasm", ["-c"], "app.o"),
                ("app.wasm", ["--emit=obj"], "app.o"), ("app.wasm", ["-S"], "app.s"),
                ("app.v2.wasm", [], "app.v2"), ("plain", [], "a.out"), ("plain", ["-c"], "plain.o"),
                (".wasm", [], "a.out"), ("app.wasm", ["--emit=c"], "app.c")]
        for name, arguments, output in rows:
            with self.subTest(name=name, arguments=arguments):
                path = self.dir / "from" / name
                path.parent.mkdir(exist_ok=True)
                path.write_bytes(HELLO_WAT.encode() if name.endswith("wat") else PLAIN_WASM)
                self.daggercc(*arguments, path)
                wanted = {output, "app.h"} if "--emit=c" in arguments else {output}
                self.assertEqual(set(os.listdir(self.dir)) - {"from"}, wanted)
                for written in wanted:
                    (self.dir / written).unlink()

    def test_standard_input(self):
        for content in (PLAIN_WASM, HELLO_WAT.encode(), b";; text\n" + HELLO_WAT.encode(),
                        b"(; text ;)" + HELLO_WAT.encode()):
            self.daggercc("-", input=content, stdin=None)
            self.run_guest("a.out")
        self.daggercc("-c", "-", input=PLAIN_WASM, stdin=None)
        self.assertTrue((self.dir / "a.o").exists())

    def test_standard_output(self):
        self.write("a.wasm", PLAIN_WASM)
        out = self.daggercc("-o", "-", "a.wasm").stdout
        self.script("app", out)
        self.run_guest("app")
        self.assertIn(b"w2c_guest", self.daggercc("-S", "-o-", "a.wasm").stdout)
        self.assertIn("must end in '.c'",
                      self.daggercc("--emit=c", "-o", "-", "a.wasm", status=1).error)
        with open("/dev/full", "wb") as full:
            result = subprocess.run([DAGGERCC, "-o", "-", "a.wasm"], cwd=self.dir, env=self.env,
                                    stdout=full, stderr=subprocess.PIPE)
        self.assertEqual(result.returncode, 1)
        self.assertIn(b"No space left", result.stderr)

    def test_hostile_names_are_inert(self):
        for name in HOSTILE + ["-evil.wasm", "--help", "-"]:
            with self.subTest(name):
                self.write(name, PLAIN_WASM)
                path = name if name != "-" else "./-"
                self.daggercc("-v", "-o", "out", "--", path)
                self.run_guest("out")
                self.assertEqual(sorted(os.listdir(self.dir)), sorted({name, "out"}))
                (self.dir / name).unlink()

    def test_hostile_names_of_outputs(self):
        self.write("in.wasm", PLAIN_WASM)
        for name in HOSTILE + ["-evil", "--help"]:
            with self.subTest(name):
                self.daggercc("-o", name, "in.wasm")
                self.run_guest(name)
                self.assertEqual(sorted(os.listdir(self.dir)), sorted(["in.wasm", name]))
                (self.dir / name).unlink()

    def test_messages_escape_names(self):
        for name in ("\x1b[31m.wasm", "a\nb.wasm", "\u202egnp.wasm"):
            error = self.daggercc(name, status=1).error
            self.assertIn("No such file", error)
            self.assertNotIn(name, error)
            self.write(name, b"\0asm\1\0\0\0\xff")
            error = self.daggercc(name, status=1).error
            self.assertNotIn(name, error)

    def test_names_for_c_source(self):
        self.write("in.wasm", PLAIN_WASM)
        for name in ("a\".c", "a b.c", "a\n.c", "x", "x.cc", "x.c/", ".c", "-x.c", "a\\.c"):
            with self.subTest(name):
                self.daggercc("--emit=c", "-o", name, "in.wasm", status=1)
                self.assertEqual(os.listdir(self.dir), ["in.wasm"])
        (self.dir / "sub dir").mkdir()
        self.daggercc("--emit=c", "-o", "sub dir/x-1.c", "in.wasm")
        self.assertIn('#include "x-1.h"', (self.dir / "sub dir/x-1.c").read_text())
        self.assertTrue((self.dir / "sub dir/x-1.h").exists())

    def test_output_is_input(self):
        path = self.write("in", PLAIN_WASM)
        os.link(path, self.dir / "hard")
        os.symlink("in", self.dir / "soft")
        for name in ("in", "./in", "hard", "soft", str(path)):
            with self.subTest(name):
                error = self.daggercc("-o", name, "in", status=1).error
                self.assertIn("is the input", error)
                self.assertEqual(path.read_bytes(), PLAIN_WASM)
        self.write("x.c", PLAIN_WASM)
        self.assertIn("is the input", self.daggercc("--emit=c", "x.c", status=1).error)
        self.write("y.h", PLAIN_WASM)
        self.assertIn("is the input",
                      self.daggercc("--emit=c", "-o", "y.c", "y.h", status=1).error)
        self.assertFalse((self.dir / "y.c").exists())

    def test_output_replaces_what_was_there(self):
        self.write("in.wasm", PLAIN_WASM)
        self.write("target", "keep me")
        self.write("app", "old")
        os.link(self.dir / "app", self.dir / "other")
        self.daggercc("-o", "app", "in.wasm")
        self.run_guest("app")
        self.assertEqual((self.dir / "other").read_text(), "old")
        os.symlink("target", self.dir / "link")
        self.daggercc("-o", "link", "in.wasm")
        self.assertEqual((self.dir / "target").read_text(), "keep me")

    def test_modes(self):
        self.write("in.wasm", PLAIN_WASM)
        for mask, exe, obj in ((0o022, 0o755, 0o644), (0o077, 0o700, 0o600), (0o000, 0o777, 0o666)):
            self.daggercc("-o", "app", "in.wasm", umask=mask)
            self.daggercc("-c", "-o", "app.o", "in.wasm", umask=mask)
            self.assertEqual((self.mode("app"), self.mode("app.o")), (exe, obj))

    def test_outputs_that_are_no_files(self):
        self.write("in.wasm", PLAIN_WASM)
        self.daggercc("-o", "/dev/null", "in.wasm")
        self.assertTrue(os.path.exists("/dev/null") and not os.path.isfile("/dev/null"))
        self.assertIn("No space left", self.daggercc("-o", "/dev/full", "in.wasm", status=1).error)
        (self.dir / "folder").mkdir()
        self.assertIn("is a folder", self.daggercc("-o", "folder", "in.wasm", status=1).error)
        self.assertIn("No such file", self.daggercc("-o", "no/app", "in.wasm", status=1).error)
        os.mkfifo(self.dir / "fifo")
        got = []
        reader = threading.Thread(target=lambda: got.append((self.dir / "fifo").read_bytes()))
        reader.start()
        # The reader's open() and ours wait for each other only if ours waits, so read it by hand.
        with open(os.open(self.dir / "fifo", os.O_WRONLY), "wb"):
            self.daggercc("-c", "-o", "fifo", "in.wasm")
        reader.join()
        self.assertEqual(got[0][:4], b"\x7fELF")

    def test_inputs_that_are_no_modules(self):
        os.mkfifo(self.dir / "fifo")
        writer = threading.Thread(target=lambda: (self.dir / "fifo").write_bytes(PLAIN_WASM))
        writer.start()
        self.daggercc("-o", "app", "fifo")
        writer.join()
        self.run_guest("app")
        (self.dir / "folder.wasm").mkdir()
        self.assertIn("Is a directory", self.daggercc("folder.wasm", status=1).error)
        for content in (b"", b"\0", b"\0asm", b"MZ\x90\0" * 100, b"hello", b"\0asm\1\0\0\0\5"):
            self.write("bad.wasm", content)
            self.daggercc("bad.wasm", status=1)
            self.assertFalse((self.dir / "bad").exists())
        self.write("bad.wat", "(module" + " " * 300 + "(func (export \"main\") (i32.const \"\x1b[31m\")))")
        error = self.daggercc("bad.wat", status=1).error
        self.assertIn("bad.wat:1:", error)
        self.assertNotIn("\x1b", error)

    def test_save_temps(self):
        self.write("a.wat", HELLO_WAT)
        self.daggercc("--save-temps", "a.wat")
        kept = set(os.listdir(self.dir / "a.temps"))
        self.assertLessEqual({"guest.c", "guest.h", "guest.o", "start.c", "module.wat"}, kept)
        self.daggercc("--save-temps", "a.wat")  # and again, over it
        target = self.write("precious", "keep me")
        (self.dir / "other").mkdir()
        os.symlink(target, self.dir / "other/start.c")
        self.daggercc("--save-temps=other", "a.wat")
        self.assertEqual(target.read_text(), "keep me")
        self.daggercc("--save-temps=precious", "a.wat", status=1)


if __name__ == "__main__":
    main()
