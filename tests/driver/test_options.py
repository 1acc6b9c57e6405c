"""The command line: every option, what is refused, help, manual and completions."""

import re
import subprocess

from harness import BUILD, DriverTest, HELLO_WAT, PLAIN_WASM, main

# arguments, words that the message must have
REFUSED = [
    ([], ["no input"]),
    (["--frobnicate", "a.wasm"], ["unknown option '--frobnicate'", "--help"]),
    (["--emitt=obj", "a.wasm"], ["unknown option", "did you mean --emit?"]),
    (["--stat", "a.wasm"], ["unknown option"]),
    (["-statik", "a.wasm"], ["did you mean -static?"]),
    (["--max-memry=1G", "a.wasm"], ["did you mean --max-memory?"]),
    (["-O7", "a.wasm"], ["-O", "'7'", "0|1|2|3|s"]),
    (["-O", "a.wasm"], ["-O needs an argument"]),
    (["--emit=dll", "a.wasm"], ["--emit", "'dll'", "exe|obj|archive|c"]),
    (["--memory=", "a.wasm"], ["--memory needs an argument"]),
    (["--memory=none", "a.wasm"], ["'none'", "guard|checked"]),
    (["a.wasm", "-o"], ["-o needs an argument"]),
    (["a.wasm", "--cc"], ["--cc needs an argument"]),
    (["-j0", "a.wasm"], ["-j", "'0'"]),
    (["-jx", "a.wasm"], ["-j", "'x'"]),
    (["-j", "99999999999999999999", "a.wasm"], ["-j"]),
    (["--max-memory=0", "a.wasm"], ["--max-memory", "size"]),
    (["--max-memory=12Q", "a.wasm"], ["'12Q'", "64MiB"]),
    (["--max-memory=-1", "a.wasm"], ["'-1'"]),
    (["--max-memory=99999999999999999999", "a.wasm"], ["size"]),
    (["--max-memory=17179869184G", "a.wasm"], ["size"]),
    (["--wasm2c-time=0", "a.wasm"], ["--wasm2c-time"]),
    (["--wasm2c-memory=lots", "a.wasm"], ["--wasm2c-memory"]),
    (["--static-x", "a.wasm"], ["unknown option"]),
    (["--profile-generate", "--profile-use=p", "a.wasm"], ["exclude each other"]),
    (["--profile-use", "p", "-c", "a.wasm"], ["for executables"]),
    (["--profile-generate", "--emit=c", "a.wasm"], ["for executables"]),
    (["--profile-use=", "a.wasm"], ["--profile-use needs an argument: DIR"]),
    (["--version=1"], ["unknown option"]),
    (["a.wasm", "b.wasm"], ["more than one input", "b.wasm"]),
    ([""], ["empty"]),
    (["--", "--help", "-v"], ["more than one input"]),
    (["\x1b[31m--red", "a", "b"], ["more than one input"]),
    (["--\x1b[31m", "a"], ["unknown option '--\\x1b[31m'"]),
]

SIZES = [("65536", 65536), ("64K", 65536), ("64KiB", 65536), ("64KB", 65536), ("1M", 1 << 20),
         ("1MiB", 1 << 20), ("2G", 2 << 30), ("1GiB", 1 << 30)]


SIMD_WAT = HELLO_WAT.replace("(i32.const 7)", "(drop (i8x16.splat (i32.const 7))) (i32.const 7)")


class Options(DriverTest):
    def test_refused(self):
        for arguments, words in REFUSED:
            with self.subTest(arguments):
                error = self.daggercc(*arguments, status=2).error
                for word in words:
                    self.assertIn(word, error)
                self.assertTrue(error.isprintable() or "\x1b" not in error)
                for line in error.splitlines():
                    self.assertRegex(line, r"^daggercc: (error|note): [^A-Z].*[^.]$")

    def test_sizes(self):
        self.write("a.wasm", PLAIN_WASM)
        for word, value in SIZES:
            with self.subTest(word):
                self.daggercc(f"--max-memory={word}", "--save-temps=kept", "a.wasm")
                self.assertIn(f".max_memory = {value}u", (self.dir / "kept/start.c").read_text())

    def test_both_ways_to_give_an_argument(self):
        self.write("a.wasm", PLAIN_WASM)
        for arguments in (["-o", "x"], ["-ox"], ["--emit", "exe", "-o", "x"], ["--emit=exe", "-ox"],
                          ["--cc", "cc", "-ox"], ["--cc=cc", "-ox"], ["-j", "2", "-ox"],
                          ["-j2", "-ox"], ["--entry", "main", "-ox"], ["--entry=main", "-ox"]):
            with self.subTest(arguments):
                self.daggercc("a.wasm", *arguments)
                self.run_guest("x")
                (self.dir / "x").unlink()

    def test_every_code_option_works(self):
        self.write("a.wat", HELLO_WAT)
        for arguments in ([], ["-O0"], ["-O1"], ["-O2"], ["-O3"], ["-Os"], ["-g"], ["-s"],
                          ["-g", "-s"], ["-march=native"], ["-static"], ["-static", "-s"],
                          ["--memory=guard"], ["--memory=checked"], ["--max-memory=1MiB"],
                          ["--cc=gcc -pipe"], ["-Wc,-DX=1"], ["-Wl,-O1"], ["-v"],
                          ["--wasm2c-time=60"], ["--wasm2c-memory=4GiB"]):
            with self.subTest(arguments):
                self.daggercc(*arguments, "a.wat")
                self.assertEqual(self.run_guest("a"), b"hello\n")

    def test_levels_reach_the_compiler(self):
        self.write("a.wasm", PLAIN_WASM)
        for level in "0123s":
            commands = self.daggercc("-###", f"-O{level}", "a.wasm", env={"CFLAGS": "-O1"}).error
            compile_line = next(l for l in commands.splitlines() if "guest.c -o guest.o" in l)
            self.assertEqual(re.findall(r" -O(\S)", compile_line)[-1], level)
        # CFLAGS stand over the default, and can't change what code means
        line = self.daggercc("-###", "a.wasm", env={"CFLAGS": "-O1 -ffast-math"}).error
        line = next(l for l in line.splitlines() if "guest.c -o guest.o" in l)
        self.assertEqual(re.findall(r" -O(\S)", line)[-1], "1")
        self.assertLess(line.index("-ffast-math"), line.index("-fno-fast-math"))

    def test_simd_asks_for_a_processor(self):
        self.write("a.wat", SIMD_WAT)
        self.write("b.wat", HELLO_WAT)
        for arguments, env, wanted in ((["a.wat"], {}, True), (["b.wat"], {}, False),
                                       (["-c", "a.wat"], {}, False),
                                       (["-march=x86-64", "a.wat"], {}, False),
                                       (["-Wc,-march=x86-64", "a.wat"], {}, False),
                                       (["a.wat"], {"CFLAGS": "-march=x86-64"}, False),
                                       (["a.wat"], {"CC": "gcc -march=x86-64"}, False)):
            with self.subTest(arguments, env=env):
                self.daggercc(*arguments, "-o", "out", env=env)
                self.assertEqual(" -msse4.2 " in self.compile_line(*arguments, env=env), wanted)
                if "-c" not in arguments:
                    symbols = subprocess.run(["nm", "out"], cwd=self.dir, capture_output=True, check=True)
                    self.assertEqual(b"dagger_x86_64_v2" in symbols.stdout, wanted)

    def compile_line(self, *arguments, env=None):
        commands = self.daggercc("-###", *arguments, env=env).error
        return next(l for l in commands.splitlines() if "guest.c -o guest.o" in l)

    def test_dead_loads_are_kept(self):
        """By options, where the compiler has them."""
        self.write("a.wat", HELLO_WAT)
        for arguments, wanted in (([], True), (["--memory=guard"], True), (["--cc=clang"], False),
                                  (["--memory=checked"], False), (["--relaxed-loads"], False),
                                  (["-c"], False)):
            with self.subTest(arguments):
                line = self.compile_line(*arguments, "a.wat")
                self.assertEqual("-fno-delete-dead-exceptions" in line, wanted)

    def test_environment(self):
        self.write("a.wasm", PLAIN_WASM)
        env = {"CC": "gcc '-DA=b c'", "CFLAGS": "-DC=\"d e\" -Df\\ g", "LDFLAGS": "-Wl,-O1"}
        error = self.daggercc("-###", "a.wasm", env=env).error
        for word in ("'-DA=b c'", "'-DC=d e'", "'-Df g'", "-Wl,-O1"):
            self.assertIn(word, error)
        self.assertIn("CC: a quote is not closed",
                      self.daggercc("a.wasm", env={"CC": "gcc 'x"}, status=1).error)
        self.assertIn("CFLAGS: a quote is not closed",
                      self.daggercc("a.wasm", env={"CFLAGS": "\"x"}, status=1).error)
        self.assertIn("can't find the C compiler 'no-such-cc'",
                      self.daggercc("a.wasm", env={"CC": "no-such-cc"}, status=1).error)
        self.daggercc("a.wasm", env={"CC": "no-such-cc"}, status=1)
        self.daggercc("--cc=cc", "a.wasm", env={"CC": "no-such-cc"})
        self.assertIn("/no/such",
                      self.daggercc("a.wasm", env={"TMPDIR": "/no/such"}, status=1).error)
        self.assertNotIn("\x1b", self.daggercc("x.wasm", env={"NO_COLOR": "1"}, status=1).error)

    def test_verbose_commands_are_the_ones_of_dry_run(self):
        self.write("a b.wat", HELLO_WAT)
        dry = self.daggercc("-###", "-s", "a b.wat").error
        self.assertFalse((self.dir / "a b").exists())
        wet = self.daggercc("-v", "-s", "a b.wat").error
        wet = re.sub(r"(?m)^daggercc: note: .*\n", "", wet)
        hide = re.compile(r"daggercc-\w{6}")
        self.assertEqual(hide.sub("T", dry), hide.sub("T", wet))
        self.assertEqual(self.run_guest("a b"), b"hello\n")

    def test_printed_commands_can_be_run_by_a_shell(self):
        self.write("a.wasm", PLAIN_WASM)
        kept = self.dir / "it's kept\n"
        words = ["-Wc,-DQ='\"$(touch evil)`touch evil`\\", "-Wc,-DN=a\nb\x07"]
        printed = self.daggercc("-###", f"--save-temps={kept}", *words, "a.wasm").error
        self.assertTrue(all(c.isprintable() or c == "\n" for c in printed))
        echo = subprocess.run(["bash", "-c", "cd() { printf 'cd %q\\n' \"$@\"; }\n" + re.sub(
            r"(?m)^/", "printf '%s\\\\0' /", printed)], cwd=self.dir, capture_output=True)
        self.assertEqual(echo.stderr, b"")
        self.assertIn(b"-DQ='\"$(touch evil)`touch evil`\\\0", echo.stdout)
        self.assertIn(b"-DN=a\nb\x07\0", echo.stdout)
        self.assertFalse((self.dir / "evil").exists())

    def test_print_imports(self):
        self.write("a.wasm", PLAIN_WASM)
        result = self.daggercc("--print-imports", "a.wasm")
        self.assertIn(b"flush", result.stdout)
        self.assertEqual(sorted(p.name for p in self.dir.iterdir()), ["a.wasm"])

    def test_version_names_the_folders(self):
        out = self.daggercc("--version").stdout.decode()
        self.assertRegex(out, r"^daggercc \d+\.\d+\.\d+\n")
        for folder in ("include", "lib/dagger", "share/dagger"):
            self.assertIn(f"{BUILD.resolve()}/{folder}", out)

    def test_full_standard_output_is_an_error(self):
        with open("/dev/full", "wb") as full:
            result = subprocess.run([BUILD / "bin/daggercc", "--help"], stdout=full,
                                    stderr=subprocess.PIPE, env=self.env)
        self.assertEqual(result.returncode, 1)
        self.assertIn(b"No space left", result.stderr)


class Documents(DriverTest):
    """Help, manual and completions all have all options."""

    def setUp(self):
        super().setUp()
        self.help = self.daggercc("--help").stdout.decode()
        self.names = re.findall(r"^  (-[-#\w]+,?)", self.help, re.M)
        self.assertGreater(len(self.names), 24)

    def test_help_fits_a_screen(self):
        lines = self.help.splitlines()
        self.assertLessEqual(len(lines), 40)
        self.assertLessEqual(max(map(len, lines)), 80)

    def test_manual(self):
        page = BUILD / "share/man/man1/daggercc.1"
        plain = page.read_text().replace("\\-", "-")
        for name in self.names:
            self.assertRegex(plain, rf"(?m)^\.B {re.escape(name)}")
        for variable in ("CC", "CFLAGS", "LDFLAGS", "DAGGER_WASM2C", "TMPDIR", "SOURCE_DATE_EPOCH"):
            self.assertIn(variable, plain)

    def complete(self, line):
        script = BUILD / "share/bash-completion/completions/daggercc"
        words = re.findall(r"=|[^\s=]+", line) + ([""] if line[-1] in " =" else [])
        command = ("compopt() { :; }; . \"$1\"; shift; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($#-1)); "
                   "_daggercc daggercc \"${COMP_WORDS[COMP_CWORD]}\" "
                   "\"${COMP_WORDS[COMP_CWORD-1]}\"; printf '%s\\n' \"${COMPREPLY[@]}\"")
        out = subprocess.run(["bash", "-O", "extglob", "-c", command, "bash", script, *words],
                             cwd=self.dir, env=self.env, capture_output=True, check=True)
        self.assertEqual(out.stderr, b"")
        return out.stdout.decode().split()

    def test_bash_completion(self):
        self.write("a.wasm", "")
        self.write("a.txt", "")
        offered = self.complete("daggercc -")
        for name in self.names:
            self.assertTrue(any(o.startswith(name) for o in offered), name)
        self.assertEqual(self.complete("daggercc --emit="), ["exe", "obj", "archive", "c"])
        self.assertEqual(self.complete("daggercc --memory=c"), ["checked"])
        self.assertEqual(self.complete("daggercc --max-m"), ["--max-memory="])
        self.assertEqual(self.complete("daggercc a"), ["a.wasm"])

    def test_other_completions_have_all_options(self):
        zsh = (BUILD / "share/zsh/site-functions/_daggercc").read_text()
        fish = (BUILD / "share/fish/vendor_completions.d/daggercc.fish").read_text()
        for name in self.names:
            name = "-O" if name.startswith("-O") else name
            self.assertRegex(zsh, rf"(?m)^  '{re.escape(name)}[^']*' \\$")
            self.assertRegex(fish, rf"(?m) '{re.escape(name.strip('-,'))}' -d '[^']*'")


if __name__ == "__main__":
    main()
