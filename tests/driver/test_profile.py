"""--profile-generate and --profile-use: counts are written however a guest ends, add up, are really used,
and never of another module, compiler or option."""

import os
import re
import shutil
import subprocess
import unittest

from harness import DriverTest, main
from test_output import big_module

CALLS = 100000  # of the hot function, a run

# Ends as the first byte of standard input says: by returning 7, or by a trap.
WAT = f"""(module
  (import "dagger" "open" (func $open (param i32 i32) (result i32)))
  (import "dagger" "read" (func $read (param i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "stdin://")
  (type $t (func (param i32) (result i32)))
  (table 2 funcref) (elem (i32.const 0) $hot $never)
  (func $hot (type $t) (i32.add (local.get 0) (i32.const 3)))
  (func $main (export "main") (result i32) (local $i i32) (local $how i32)
    (drop (call $read (call $open (i32.const 0) (i32.const 8)) (i32.const 64) (i32.const 1)))
    (local.set $how (i32.load8_u (i32.const 64)))
    (loop $again
      (drop (call_indirect (type $t) (local.get $i)
        (i32.eq (local.get $how) (i32.const {ord("n")}))))
      (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1)))
                              (i32.const {CALLS}))))
    (if (i32.eq (local.get $how) (i32.const {ord("u")})) (then (unreachable)))
    (if (i32.eq (local.get $how) (i32.const {ord("o")}))
      (then (drop (i32.load (i32.const 0x7ffffff0)))))
    (if (i32.eq (local.get $how) (i32.const {ord("s")})) (then (drop (call $deep (i32.const 1)))))
    (i32.const 7))
  (func $never (type $t)
    (i32.store (i32.const 80) (i32.mul (local.get 0) (i32.load (i32.const 84))))
    (i32.load (i32.const 88)))
  (func $deep (type $t) (i32.add (call $deep (local.get 0)) (i32.load (i32.const 80)))))
"""

ENDINGS = [("r", 7, b""), ("u", 134, b"unreachable"), ("o", 134, b"out of bounds memory access"),
           ("s", 134, b"call stack exhausted")]


class Profile(DriverTest):
    cc = "gcc"

    def setUp(self):
        super().setUp()
        self.write("a.wat", WAT)

    def compile(self, *arguments, **more):
        return self.daggercc(f"--cc={self.cc}", *arguments, **more)

    def run_with(self, how="r", status=7, name="a", **more):
        done = subprocess.run([self.dir / name], input=how.encode(), capture_output=True,
                              **{"cwd": self.dir, **more})
        self.assertEqual(done.returncode, status, done.stderr)
        return done.stderr

    def files(self, folder="a.profile"):
        return sorted(p for p in (self.dir / folder).rglob("*") if p.is_file())

    def assertRuns(self, count, folder="a.profile"):
        """The hot function's counter is in the one file of the profile."""
        file, = self.files(folder)
        self.assertIn((count * CALLS).to_bytes(8, "little"), file.read_bytes())

    def assertUsed(self, name, used=True):
        """$never (function 4) goes out of the way of $hot; else the order is the module's."""
        out = subprocess.run(["nm", self.dir / name], capture_output=True, check=True).stdout.decode()
        at = {name: int(a, 16)
              for a, name in re.findall(r"(?m)^(\w+) [tT] w2c_guest_(f2|f4)$", out)}
        self.assertEqual(at["f4"] < at["f2"], used, out)

    def test_round_trip(self):
        self.compile("--profile-generate", "a.wat")
        elsewhere = self.dir / "else/where"
        elsewhere.mkdir(parents=True)
        for run, (how, status, word) in enumerate(ENDINGS, 1):
            self.assertIn(word, self.run_with(how, status, cwd=elsewhere))
            self.assertRuns(run)
        self.assertEqual(os.listdir(elsewhere), [])
        self.compile("a.wat", "-o", "b")
        self.assertUsed("b", False)
        self.assertEqual(self.compile("--profile-use=a.profile", "a.wat", "-o", "b").error, "")
        self.assertUsed("b")
        for how, status, word in ENDINGS:
            self.assertIn(word, self.run_with(how, status, "b"))
        # a build of another time and place is the same program
        before = (self.dir / "a").read_bytes()
        self.compile("--profile-generate", "../a.wat", cwd=self.moved_here())
        self.assertEqual((self.dir / "moved/a").read_bytes(), before)
        self.run_with(name="moved/a")
        self.compile("--profile-use=moved/a.profile", "a.wat", "-o", "c")
        self.assertUsed("c")

    def moved_here(self):
        (self.dir / "moved").mkdir()
        return self.dir / "moved"

    def test_environment_of_the_compilers_has_no_say(self):
        self.compile("--profile-generate", "a.wat")
        env = {**self.env, "LLVM_PROFILE_FILE": f"{self.dir}/x", "GCOV_PREFIX": f"{self.dir}/y",
               "GCOV_PREFIX_STRIP": "1"}
        self.assertEqual(self.run_with(env=env), b"")
        self.assertRuns(1)
        self.assertEqual(sorted(os.listdir(self.dir)), ["a", "a.profile", "a.wat"])

    def test_other_folders(self):
        folder = self.dir / "it's \"50%m\" \u00e9\\"
        self.compile(f"--profile-generate={folder.name}", "a.wat")
        self.run_with(cwd="/")
        self.assertRuns(1, folder)
        self.compile("--profile-use", folder, "a.wat", "-o", "b")
        self.assertUsed("b")
        self.run_with(env={**self.env, "DAGGER_PROFILE": "named"})
        self.assertRuns(1, "named")
        self.compile("--profile-generate=/dev/null/x", "a.wat")
        for how, status, word in ENDINGS:
            error = self.run_with(how, status)
            self.assertIn(word, error)
            self.assertIn(b'a: warning: the profile was not written to "/dev/null/x": Not a dir', error)
        self.assertEqual([n for n in os.listdir(self.dir) if "." in n], ["a.wat"])

    def test_other_ways_to_compile(self):
        for arguments in (["-static"], ["-g"], ["-O3", "-s"], ["--memory=guard"],
                          ["--memory=checked"], [f"--cc=ccache {self.cc}"]):
            if "ccache" in arguments[0] and not shutil.which("ccache"):
                continue
            with self.subTest(arguments):
                self.compile("--profile-generate=p", *arguments, "a.wat")
                for run, (how, status, word) in enumerate(ENDINGS, 1):
                    self.assertIn(word, self.run_with(how, status))
                    self.assertRuns(run, "p")
                self.assertEqual(self.compile("--profile-use=p", *arguments, "a.wat").error, "")
                self.run_with()
                shutil.rmtree(self.dir / "p")

    def test_what_is_not_of_this_program(self):
        self.assertIn("can't read the profile 'p': No such file",
                      self.compile("--profile-use=p", "a.wat", status=1).error)
        (self.dir / "p").mkdir()
        (self.dir / "p/other").mkdir()
        self.assertIn("there is no profile in 'p'",
                      self.compile("--profile-use=p", "a.wat", status=1).error)
        self.compile("--profile-generate=p", "a.wat")
        self.run_with()
        other = "clang" if self.cc == "gcc" else "gcc"
        for arguments, words in [
                (["-O3", "a.wat"], "made with other options, or another version of"),
                (["--memory=guard", "a.wat"], "made with other options"),
                ([f"--cc={other}", "a.wat"], rf"made with {self.cc}\d+; this is {other}\d+"),
                (["b.wat"], "is of another module")]:
            self.write("b.wat", WAT.replace("const 3", "const 4"))
            error = self.compile("--profile-use=p", *arguments, "-o", "b", status=1).error
            self.assertRegex(error, f"daggercc: error: the profile in 'p' .*{words}")
            self.assertIn("compile with --profile-generate", error)
        # each has its place; nothing is mixed up
        self.compile("--profile-generate=p", "b.wat")
        self.run_with(name="b")
        self.assertEqual(len(self.files("p")), 2)
        for name in "ab":
            self.compile("--profile-use=p", f"{name}.wat", "-o", "c")
            self.assertUsed("c")

    def test_damaged(self):
        self.compile("--profile-generate", "a.wat")
        self.run_with()
        file, = self.files()
        good = file.read_bytes()
        for bad in (b"", b"x" * 400, good[:-8], good[:24], b"\0" + good[1:], good[:4] + b"\x7f" * 4
                    + good[8:]):
            file.write_bytes(bad)
            error = self.compile("--profile-use=a.profile", "a.wat", "-o", "b", status=1).error
            self.assertIn("the profile is damaged", error)
            self.assertIn("run the executable", error)
        file.unlink()
        self.assertIn("the profile is not complete",
                      self.compile("--profile-use=a.profile", "a.wat", status=1).error)
        self.run_with()
        self.compile("--profile-use=a.profile", "a.wat", "-o", "b")

    def test_parts(self):
        self.write("big.wasm", big_module(220))
        self.compile("--profile-generate", "-O0", "big.wasm")
        for _ in range(2):
            self.run_with(name="big")
        self.assertEqual(self.compile("--profile-use=big.profile", "-O0", "big.wasm").error, "")
        self.run_with(name="big")
        names = [p.name for p in self.files("big.profile")]
        self.assertEqual("guest_0.gcda" in names and "guest_1.gcda" in names, self.cc == "gcc")

    def test_traps_are_told_where_they_are(self):
        self.compile("--profile-generate", "a.wat")
        expected = self.run_with("s", 134)
        self.run_with("u", 134)
        self.compile("--profile-use=a.profile", "a.wat")
        self.assertIn(b"at main (function 3)", self.run_with("u", 134))
        self.assertIn(b"at deep (function 5)", self.run_with("s", 134))
        self.assertIn(b"at deep (function 5)", expected)

    def test_commands_need_no_profile(self):
        dry = self.compile("-###", "--profile-use=none", "a.wat").error
        self.assertIn("-fprofile-use", dry)
        self.assertIn("-fprofile-generate", self.compile("-###", "--profile-generate", "a.wat").error)


class Gcc(Profile):
    def test_counts_that_do_not_fit(self):
        self.compile("--profile-generate", "a.wat")
        self.run_with()
        file, = self.files()
        good = file.read_bytes()
        at = good.index(b"\0\0\0\1\x0c\0\0\0")  # a function's record: id, checksums of lines and flow
        file.write_bytes(good[:at + 16] + b"\x55" * 4 + good[at + 20:])
        error = self.compile("--profile-use=a.profile", "a.wat", "-o", "b",
                             env={"CFLAGS": ""}).error
        self.assertRegex(error, r"^daggercc: note: the profile does not fit in \d+ places")
        self.run_with(name="b")

    def test_flags_of_the_user_do_not_make_warnings_errors(self):
        env = {"CFLAGS": "-Wall -Wextra -Werror"}
        self.compile("--profile-generate", "a.wat", env=env)
        self.run_with()
        self.assertEqual(self.compile("--profile-use=a.profile", "a.wat", env=env).error, "")


class Clang(Profile):
    cc = "clang"

    def test_tools_that_are_missing(self):
        clang = shutil.which("clang")
        self.script("cc", f"#!/bin/sh\ncase \"$*\" in -print-prog-name=*) echo llvm-profdata; exit;; "
                          f"esac\nexec {clang} \"$@\"\n")
        (self.dir / "bin").mkdir()
        os.symlink(shutil.which("node"), self.dir / "bin/node")
        self.compile("--save-temps=kept", "--profile-generate=p", "a.wat")
        self.run_with()
        binary = self.dir / "kept/module.wasm"
        for option in ("--profile-generate", "--profile-use=p"):
            error = self.daggercc("--cc=./cc", option, binary, status=1,
                                  env={"PATH": str(self.dir / "bin")}).error
            self.assertRegex(error, r"can't find llvm-profdata, which .* of clang \d+")
            self.assertRegex(error, r"apt install llvm-\d+")
        self.script("no-runtime", "#!/bin/sh\ncase \"$*\" in *' out '*) echo 'ld: cannot find "
                                  "/usr/lib/llvm/libclang_rt.profile-x86_64.a: No such file' >&2\n"
                                  f"exit 1;; esac\nexec {clang} \"$@\"\n")
        error = self.daggercc("--cc=./no-runtime", "--profile-generate", "a.wat", status=1).error
        self.assertIn("apt install libclang-rt-dev", error)


del Profile  # what the compilers share

if __name__ == "__main__":
    main()
