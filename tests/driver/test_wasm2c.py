"""Which wasm2c is used, which is refused, and how it is run."""

import json
import os
import pathlib
import resource
import shutil
import subprocess
import unittest

from harness import BUILD, DriverTest, HELLO_WAT, PLAIN_WASM, main

PINNED = BUILD / "share/dagger/wasm2c/node_modules/wabt"

# what `wasm2c --version` says: the version we take it for, or a word of the refusal
ANSWERS = [
    ("1.0.36", 1036), ("1.0.36 (git~1.0.37)", 1037), ("1.0.37 (git~1.0.38)", 1038),
    ("1.0.37", 1037), ("1.0.38", 1038), ("1.0.39", 1039), ("1.0.40", 1040), ("1.0.41", 1041),
    ("1.0.42", 1042), ("1.0.41 (git~1.0.42)", 1042),
    ("1.0.32", "can become code"), ("1.0.13", "can become code"),
    ("1.0.35", "another runtime interface"), ("1.0.33", "another runtime interface"),
    ("1.0.43", "not known"), ("1.1.39", "not known"), ("2.0.0", "not known"),
    ("1.0.41 (git~1.0.41-53-gdeadbeef)", "not known"), ("1.0.39-dirty", "not known"),
    ("1.0.3900", "not known"), ("99999999999.0.1", "not known"), ("-1.0.39", "not known"),
    ("", "not known"), ("wasm2c", "not known"), ("\\033]0;x\\0071.0.39", "\\x1b"),
]


class Versions(DriverTest):
    def fake(self, name, answer, help_text=""):
        return self.script(name, f"#!/bin/sh\n[ $1 = --help ] && echo '{help_text}'\n"
                                 f"[ $1 = --version ] && printf '{answer}\\n'\nexit 0\n")

    def test_answers(self):
        self.write("a.wasm", PLAIN_WASM)
        for answer, wanted in ANSWERS:
            with self.subTest(answer):
                fake = self.fake("fake", answer)
                known = isinstance(wanted, int)
                error = self.daggercc("-###", f"--wasm2c={fake}", "a.wasm",
                                      status=0 if known else 1).error
                self.assertNotIn("\x1b", error)
                self.assertIn(f"-DDAGGER_WASM2C_VERSION={wanted} " if known else wanted, error)
                if not known:
                    self.assertIn("1.0.36 to 1.0.42", error)

    def test_a_released_1_0_37_that_says_1_0_36(self):
        self.write("a.wasm", PLAIN_WASM)
        fake = self.fake("fake", "1.0.36", "--enable-custom-page-sizes")
        self.assertIn("VERSION=1037 ", self.daggercc("-###", f"--wasm2c={fake}", "a.wasm").error)

    def test_what_does_not_answer(self):
        self.write("a.wasm", PLAIN_WASM)
        for body in ("exit 1", "kill -9 $$", "exec cat /dev/zero | head -c 9000000"):
            fake = self.script("fake", f"#!/bin/sh\n{body}\n")
            self.assertIn("can't use wasm2c",
                          self.daggercc(f"--wasm2c={fake}", "a.wasm", status=1).error)
        for name in ("/no/such", "no-such", str(self.dir)):
            self.daggercc(f"--wasm2c={name}", "a.wasm", status=1)

    def test_order(self):
        self.write("a.wasm", PLAIN_WASM)
        tools = {name: self.fake(name, "1.0.40") for name in ("by-option", "by-variable")}
        folder = self.dir / "path"
        folder.mkdir()
        on_path = self.fake("path/wasm2c", "1.0.40")
        env = {"PATH": f"{folder}:{os.environ['PATH']}"}

        def used(*arguments, **more):
            error = self.daggercc("-###", *arguments, "a.wasm", env={**env, **more}).error
            return next(line for line in error.splitlines() if "guest.wasm" in line)

        option, variable = f"--wasm2c={tools['by-option']}", str(tools["by-variable"])
        self.assertIn("by-option", used(option, DAGGER_WASM2C=variable))
        self.assertIn("by-variable", used(DAGGER_WASM2C=variable))
        self.assertIn("path/wasm2c", used())
        self.fake("path/wasm2c", "1.0.32")  # not supported: passed over
        if PINNED.exists():
            self.assertIn("share/dagger/wasm2c", used())
            self.assertIn("passed over: version '1.0.32'",
                          self.daggercc("-v", "a.wasm", env=env).error)
        self.assertIn("can become code",  # but not when it is asked for
                      self.daggercc("--wasm2c=wasm2c", "a.wasm", env=env, status=1).error)
        self.assertTrue(on_path.exists())

    def test_none(self):
        # an installed tree without the npm package, and nothing on PATH
        self.write("a.wasm", PLAIN_WASM)
        tree = self.top / "tree"
        for name in ("bin", "share/dagger/wasm2c"):
            (tree / name).mkdir(parents=True)
        shutil.copy2(BUILD / "bin/daggercc", tree / "bin")
        error = self.daggercc("a.wasm", program=tree / "bin/daggercc", env={"PATH": "/nowhere"},
                              status=1).error
        self.assertIn("no usable wasm2c", error)
        self.assertIn("npm ci", error)

    def test_every_version_is_trusted_with_what_the_table_says(self):
        exceptions = ('(module (tag $e) (func (export "main") '
                      '(block (try_table (catch_all 0) (throw $e)))))')
        tail_call = '(module (func $f) (func (export "main") (return_call $f)))'
        memory64 = '(module (memory i64 1) (func (export "main")))'
        plain = ('(module (memory 1) (memory 1) (global i32 (i32.add (i32.const 1) (i32.const 2)))'
                 '(func (export "main") (drop (i8x16.splat (i32.const 1)))))')
        binaries = {}
        for name, text in (("exceptions", exceptions), ("tail", tail_call), ("m64", memory64),
                           ("plain", plain)):
            self.write(f"{name}.wat", text)
            kept = self.dir / f"kept-{name}"
            self.daggercc("-###", f"--save-temps={kept}", "-c", f"{name}.wat",
                          status=None)
            binaries[name] = (kept / "module.wasm").read_bytes()
            self.write(f"{name}.wasm", binaries[name])
        for patch in range(36, 43):
            fake = self.fake("fake", f"1.0.{patch}")
            for name, wanted in (("plain", 0), ("exceptions", 1 if patch == 36 else 0),
                                 ("tail", 1), ("m64", 1)):
                with self.subTest(patch=patch, name=name):
                    error = self.daggercc("-###", f"--wasm2c={fake}", f"{name}.wasm",
                                          status=wanted).error
                    if wanted and name != "m64":
                        self.assertIn(f"1.0.{patch}", error)

    def daggercc(self, *arguments, status=0, **more):
        if status is not None:
            return super().daggercc(*arguments, status=status, **more)
        return subprocess.run([BUILD / "bin/daggercc", *arguments], cwd=self.dir, env=self.env,
                              capture_output=True)


@unittest.skipUnless(PINNED.exists(), "the npm package is not set up")
class Npm(DriverTest):
    def test_the_lock_file_pins_without_naming_a_registry(self):
        folder = pathlib.Path(os.environ["DAGGER_SOURCE"]) / "compiler/wasm2c"
        lock = json.loads((folder / "package-lock.json").read_text())
        wabt = lock["packages"]["node_modules/wabt"]
        self.assertTrue(wabt["integrity"].startswith("sha512-"))
        self.assertNotIn("resolved", wabt)
        self.assertEqual(json.loads((folder / "package.json").read_text())["dependencies"]["wabt"],
                         wabt["version"])
        self.assertEqual(json.loads((PINNED / "package.json").read_text())["version"],
                         wabt["version"])

    def test_through_a_link(self):
        self.write("a.wasm", PLAIN_WASM)
        os.symlink(PINNED / "bin/wasm2c", self.dir / "w")
        self.daggercc("--wasm2c=./w", "a.wasm")
        self.run_guest("a")

    def test_package_that_lies_elsewhere(self):
        self.write("a.wasm", PLAIN_WASM)
        for version, status in (("1.0.38", 0), ("1.0.20", 1), ("\\u001b[31m", 1)):
            other = self.dir / "other"
            (other / "bin").mkdir(parents=True, exist_ok=True)
            (other / "bin/wasm2c").write_text("#!/usr/bin/env node\n")
            (other / "bin/wasm2c").chmod(0o755)
            (other / "package.json").write_text(
                f'{{\n  "name": "wabt",\n  "version": "{version}"\n}}\n')
            error = self.daggercc("-###", f"--wasm2c={other}/bin/wasm2c", "a.wasm",
                                  status=status).error
            self.assertNotIn("\x1b", error)

    def test_without_node(self):
        self.write("a.wasm", PLAIN_WASM)
        error = self.daggercc(f"--wasm2c={PINNED}/bin/wasm2c", "a.wasm", env={"PATH": "/nowhere"},
                              status=1).error
        self.assertIn("node, which is not on PATH", error)

    def nested(self, depth):
        """A module whose main nests `depth` blocks."""
        body = b"\0" + b"\x02\x40" * depth + b"\x0b" * depth + b"\x41\7\x0b"

        def leb(value):
            out = bytearray()
            while value > 127:
                out.append(value & 127 | 128)
                value >>= 7
            return bytes(out + bytes([value]))

        code = b"\1" + leb(len(body)) + body
        return (b"\0asm\1\0\0\0\1\5\1\x60\0\1\x7f\3\2\1\0\7\x08\1\4main\0\0\x0a"
                + leb(len(code)) + code)

    def test_deep_nesting_needs_the_runner(self):
        self.write("deep.wasm", self.nested(4000))
        # Without it the spoilt data make it fail, or go round for ever.
        plain = subprocess.run(["node", PINNED / "bin/wasm2c", "deep.wasm", "-o", "x.c"],
                               cwd=self.dir, env=self.env, capture_output=True,
                               stdin=subprocess.DEVNULL, preexec_fn=lambda: resource.setrlimit(
                                   resource.RLIMIT_CPU, (3, 3)))
        self.assertNotEqual(plain.returncode, 0)
        (self.dir / "x.c").unlink(missing_ok=True)
        self.daggercc("--emit=c", "deep.wasm")
        (self.dir / "deep.c").unlink()
        self.daggercc("-O0", "deep.wasm")
        self.run_guest("deep")

    def test_too_deep_is_said(self):
        self.write("deep.wasm", self.nested(100000))
        error = self.daggercc("--emit=c", "deep.wasm", status=1).error
        self.assertRegex(error, "nest(ed|ing)")

    def test_little_memory(self):
        self.write("a.wasm", PLAIN_WASM)
        error = self.daggercc("--wasm2c-memory=300MiB", "a.wasm", status=1).error
        self.assertIn("not enough memory", error)
        self.assertIn("--wasm2c-memory", error)


if __name__ == "__main__":
    main()
