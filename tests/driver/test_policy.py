"""Policy on the command line, what an executable tells about itself, and builds that are the same whoever
makes them."""

import hashlib
import json
import os
import shutil
import subprocess
import unittest

from harness import BUILD, DAGGERCC, DriverTest, HELLO_WAT, PLAIN_WASM, main

DAGGER = BUILD / "bin/dagger"
INTERPRETED = DAGGER.exists()

# Opens random:// and returns 7, or the error made positive.
RANDOM_WAT = """(module
  (import "dagger" "open" (func $open (param i32 i32) (result i32)))
  (memory (export "memory") 1 100)
  (data (i32.const 0) "random://")
  (func (export "main") (result i32) (local $sd i32)
    (local.set $sd (call $open (i32.const 0) (i32.const 9)))
    (select (i32.sub (i32.const 0) (local.get $sd)) (i32.const 7)
            (i32.lt_s (local.get $sd) (i32.const 0)))))
"""
PERM = 6

# Returns by how many pages its memory can grow, of 1 to 99.
GROW_WAT = """(module
  (memory 1)
  (func (export "main") (result i32) (local $n i32)
    (loop $next
      (if (i32.ne (memory.grow (i32.const 1)) (i32.const -1)) (then
        (local.set $n (i32.add (local.get $n) (i32.const 1)))
        (br_if $next (i32.lt_u (local.get $n) (i32.const 99))))))
    (local.get $n)))
"""


# Patterns that are allowed, what the sandbox leaves then.
NEEDS = [
    (["stdout://"], "nothing"),
    (["random://", "clock://"], "nothing"),
    (["file:///x?mode=r"], "read"),
    (["file:///x?mode=r", "file:///y"], "read write"),
    (["https://example.org"], "network"),
    (["tcp://example.org:7", "file:///"], "read write network"),
    (["tcp+listen://127.0.0.1:*"], "listen"),
    (["tcp+listen://", "gopher://example.org"], "network listen"),
    (["listen://web"], "inherited"),
    ([], "read write network listen inherited"),
]


class Policy(DriverTest):
    def test_the_sandbox_leaves_what_is_allowed(self):
        self.write("a.wat", RANDOM_WAT)
        for patterns, left in NEEDS:
            options = [f"--allow={pattern}" for pattern in patterns]
            self.daggercc("-O0", "a.wat", "-o", "a", *options)
            names = subprocess.run(["nm", "a"], cwd=self.dir, check=True, capture_output=True).stdout
            for code, need in ((b"dagger_http_head_parse", "network"), (b"dagger_file_request", "read")):
                self.assertEqual(code in names, need in left, (patterns, code))
            commands = [[self.dir / "a"]] + ([[DAGGER, *options, "a.wat"]] if INTERPRETED else [])
            for command in commands:
                with self.subTest(command=command):
                    done = subprocess.run(command, cwd=self.dir, capture_output=True, timeout=60,
                                          env={**self.env, "DAGGER_TRACE": "1"})  # fmt: skip
                    first = done.stderr.decode().splitlines()[0]
                    self.assertTrue(first.endswith(f"; needs {left}"), first)

    def setUp(self):
        super().setUp()
        self.write("a.wat", RANDOM_WAT)

    def run_dagger(self, *arguments, status):
        if INTERPRETED:
            done = subprocess.run([DAGGER, *arguments], cwd=self.dir, capture_output=True, text=True)
            self.assertEqual(done.returncode, status, done.stderr)
            return done.stderr
        return None

    def both(self, *arguments, status, **env):
        """The guest by both engines."""
        self.daggercc(*arguments, "-O0", "-o", "a", "a.wat")
        self.run_guest("a", status=status, env=env)
        if INTERPRETED:
            done = subprocess.run([DAGGER, *arguments, "a.wat"], cwd=self.dir, env=env)
            self.assertEqual(done.returncode, status)

    def test_options(self):
        self.both("--allow=random://", status=7)
        self.both("--allow", "zero://", status=PERM)
        self.both("--deny", "random://", status=PERM)
        self.both("--allow=random://", "--deny=^random://$", status=PERM)
        self.both("--deny=zero://", status=7)
        self.both("--allow=zero://", "--allow=random://", status=7)

    def test_policy_file(self):
        self.write("p.policy", "## only this\nallow (\n  random://\n)\n")
        self.both("--policy", "p.policy", status=7)
        self.both("--policy=p.policy", "--deny=random://", status=PERM)
        self.both("--policy=p.policy", "--allow=zero://", status=7)
        self.write("p.policy", "allow ()\n")
        self.both("--policy=p.policy", status=PERM)
        self.write("p.policy", "disallow random://\nram-page-limit 2\n")
        self.both("--policy=p.policy", status=PERM)

    def test_running_only_narrows(self):
        for arguments, env, status in (
                ((), {}, 7),
                ((), {"DAGGER_DENY": "random://"}, PERM),
                ((), {"DAGGER_DENY": "zero://"}, 7),
                ((), {"DAGGER_DENY": ""}, 7),
                ((), {"DAGGER_ALLOW": "zero://"}, PERM),
                ((), {"DAGGER_ALLOW": ""}, PERM),
                ((), {"DAGGER_ALLOW": "zero://,random://"}, 7),
                (("--allow=random://",), {"DAGGER_ALLOW": "zero://"}, PERM),
                (("--allow=random://",), {"DAGGER_DENY": "random://"}, PERM),
                (("--allow=zero://",), {"DAGGER_ALLOW": "random://"}, PERM),
                (("--deny=random://",), {"DAGGER_ALLOW": "random://"}, PERM),
                ((), {"DAGGER_ALLOW": "random"}, 2),
                (("--deny=random://",), {"DAGGER_DENY": "https://*"}, 2)):
            with self.subTest(arguments=arguments, env=env):
                self.both(*arguments, status=status, **env)

    def test_limits(self):
        self.write("a.wat", GROW_WAT)
        self.write("p.policy", "ram-page-limit 4\n")
        self.both("--policy=p.policy", status=3)
        self.both("--policy=p.policy", "--max-memory=1GiB", status=3)
        self.both("--policy=p.policy", "--max-memory=128KiB", status=1)
        self.write("p.policy", "gas-limit 1000000\n")
        self.both("--policy=p.policy", status=99)
        self.both("--policy=p.policy", "--fuel=5", status=152)
        self.write("p.policy", "gas-limit 5\n")
        self.both("--policy=p.policy", status=152)
        self.assertEqual(json.loads(self.daggercc("--inspect=json", "a").stdout)["fuel"], 5)
        self.both("--policy=p.policy", "--fuel=1000000", status=152)
        self.daggercc("--policy=p.policy", "--emit=obj", "a.wat", status=2)

    def test_what_is_wrong_is_said(self):
        self.write("bad.policy", "allow (\n  random://\n  ^https?://a.com/\n)\n")
        for arguments, said in (
                (["--allow=https://*"], "--allow: 'https://*': in a host, '*' stands for"),
                (["--deny", "a.com"], "--deny: 'a.com': no URL"),
                (["--deny", "htps://a.com"], "--deny: 'htps://a.com': unknown scheme"),
                (["--allow=\x1b[2J"], "--allow: '\\x1b[2J': no URL"),
                (["--policy=bad.policy"], "bad.policy:3: '^https?://a.com/': no URL"),
                (["--policy=none.policy"], "can't open 'none.policy': No such file"),
                (["--policy="], "--policy needs an argument: FILE")):
            with self.subTest(arguments):
                error = self.daggercc(*arguments, "a.wat", status=2).error
                self.assertIn(f"daggercc: error: {said}", error)
                error = self.run_dagger(*arguments, "a.wat", status=2)
                if INTERPRETED:
                    self.assertIn(f"dagger: error: {said}", error)
        for kind in ("-c", "-S", "--emit=c", "--emit=archive"):
            error = self.daggercc(kind, "--deny=random://", "a.wat", status=2).error
            self.assertIn("--policy, --allow and --deny are for executables", error)

    def test_nothing_of_it_without_one(self):
        """An executable asks nobody if there is no policy."""
        self.daggercc("--save-temps=t", "a.wat")
        self.assertIn(".policy = 0,", (self.dir / "t/start.c").read_text())


class Inspect(DriverTest):
    KEYS = ["module_sha256", "daggercc", "wasm2c", "cc", "options", "features", "memory", "sandbox",
            "policy", "allow", "deny", "directories", "environment"]

    def shown(self, name="a", json_too=True, env=None):
        """As text, after it was compared in all ways to get it."""
        told = self.daggercc("--inspect", name).stdout
        as_json = self.daggercc("--inspect=json", name).stdout
        for how, expected in (("1", told), ("json", as_json)):
            done = subprocess.run([self.dir / name], env={"DAGGER_INSPECT": how},
                                  capture_output=True, check=True)
            self.assertEqual((done.stdout, done.stderr), (expected, b""))
        told.decode("ascii")
        self.assertNotRegex(told.decode(), r"[^\n -~]")
        return told.decode(), json.loads(as_json)

    def test_plain(self):
        self.write("a.wasm", PLAIN_WASM)
        self.daggercc("a.wasm")
        text, data = self.shown()
        self.assertEqual(list(data), self.KEYS)
        self.assertEqual(data["module_sha256"], hashlib.sha256(PLAIN_WASM).hexdigest())
        version = self.daggercc("--version").stdout.decode().split()[1]
        self.assertEqual(data["daggercc"], version)
        self.assertRegex(data["wasm2c"], r"^1\.0\.\d+$")
        cc = subprocess.run(["cc", "--version"], capture_output=True, text=True).stdout
        self.assertEqual(data["cc"], cc.splitlines()[0])
        self.assertEqual(data["options"], ["-O2"])
        self.assertEqual((data["policy"], data["allow"], data["deny"]), ("none", [], []))
        self.assertEqual([key for key in data if key.startswith("max_")], [])
        self.assertIn(f"module_sha256: {data['module_sha256']}\ndaggercc: {version}\n", text)
        self.run_guest("a")

    def test_everything(self):
        self.write("a.wat", HELLO_WAT)
        self.write("p.policy", "allow (\n  HTTPS://A.com:443/%78\n  random://\n)\n")
        self.daggercc("-O1", "-s", "-static", "--memory=checked", "--entry=dagger_main",
                      "--max-memory=1MiB", "--policy=p.policy", "--deny=file:///x?mode=w",
                      "--dir=d::/data::ro", "--env=NAME=v", "--env", "HOME", "-Wc,-DX=1",
                      "--max-table=12", "--max-streams=3", "--max-stream-bytes=2K",
                      "--max-cpu-time=1.5", "--max-time=20", "--fuel=7000", "--deny-private", "--sandbox=require", "a.wat",
                      env={"CFLAGS": "-DY", "LDFLAGS": "-Wl,-z,now"})
        text, data = self.shown()
        self.assertEqual(data["options"],
                         ["-O1", "-static", "-s", "--entry=dagger_main", "CFLAGS: -DY",
                          "-Wc,-DX=1", "LDFLAGS: -Wl,-z,now"])
        self.assertEqual(data["memory"], "checked")
        self.assertEqual(data["max_memory"], 1 << 20)
        self.assertEqual([data[f"max_{name}"] for name in
                          ("table", "streams", "stream_bytes", "cpu_time", "time")],
                         [12, 3, 2048, 1.5, 20])
        self.assertIn("\nmax_memory: 1048576\nmax_table: 12\nmax_streams: 3\nmax_stream_bytes: 2048\n"
                      "max_cpu_time: 1.500\nmax_time: 20.000\nfuel: 7000\n", text)
        self.assertEqual(data["fuel"], 7000)
        self.assertEqual((data["deny_private"], data["sandbox"]), (True, "require"))
        self.assertEqual(data["policy"], "only what is allowed")
        self.assertEqual(data["allow"], ["https://a.com/x", "random://"])
        self.assertEqual(data["deny"], ["file:///x?mode=w"])
        self.assertEqual(data["directories"], ["d::/data::ro"])
        self.assertEqual(data["environment"], ["NAME=v", "HOME"])
        self.assertIn("\nallow:\n  https://a.com/x\n  random://\ndeny:\n  file:///x?mode=w\n", text)
        self.daggercc("--deny=null://", "a.wat")
        self.assertEqual(self.shown()[1]["policy"], "all but what is denied")

    def test_features(self):
        self.write("a.wat", """(module (import "wasi_snapshot_preview1" "sched_yield"
            (func (result i32))) (memory 1)
            (func (export "_start") (drop (i32x4.splat (i32.const 1)))))""")
        self.daggercc("a.wat")
        self.assertEqual(self.shown()[1]["features"], ["SIMD", "WASI"])

    def test_hostile_text(self):
        name = "\x1b[2J\"'\\\n},{\u202e\u00e9\U0001f600]"
        self.write("a.wat", '(module (func (export "\\1b[2J\\22\'\\\\\\0a},{'
                   '\u202e\u00e9\U0001f600]")))')
        self.daggercc(f"--entry={name}", b"--env=A=\xff\x80", "--dir=\t::" + name, "a.wat")
        text, data = self.shown()
        self.assertIn(f"--entry={name}", data["options"])
        self.assertEqual(data["environment"], ["A=\ufffd\ufffd"])
        self.assertEqual(data["directories"], ["\t::" + name])
        elements = sum(len(value) for value in data.values() if isinstance(value, list))
        self.assertEqual(text.count("\n"), len(data) + elements)

    def test_other_files(self):
        self.write("text", "not an executable")
        self.write("empty", "")
        self.write("module", PLAIN_WASM)
        self.write("header", b"\x7fELF" + bytes(60))
        shutil.copy("/bin/true", self.dir / "true")
        for name in ("text", "empty", "module", "header", "true", "none", ".", "/dev/null"):
            error = self.daggercc("--inspect", name, status=1).error
            self.assertRegex(error, rf"^daggercc: error: .*'{name}'.*\n$", name)

    def test_damaged(self):
        self.write("a.wasm", PLAIN_WASM)
        self.daggercc("a.wasm")
        whole = (self.dir / "a").read_bytes()
        at = whole.index(b'{\n"module_sha256')
        for place, byte in ((at, b"x"), (at + 2, b"\x1b"), (at + 3, b"\x80"), (at + 3, b"\0")):
            self.write("a", whole[:place] + byte + whole[place + 1:])
            error = self.daggercc("--inspect", "a", status=1).error
            self.assertIn("is damaged", error)
        for size in range(64, len(whole), len(whole) // 40):
            self.write("a", whole[:size])
            self.daggercc("--inspect", "a", status=1)

    def test_is_not_run(self):
        self.write("a.wasm", PLAIN_WASM)
        self.daggercc("a.wasm")
        (self.dir / "a").chmod(0o400)
        self.daggercc("--inspect", "a")

    def test_variable(self):
        self.write("a.wat", HELLO_WAT)
        self.daggercc("a.wat")
        for off in ("", "0"):
            self.assertEqual(self.run_guest("a", env={"DAGGER_INSPECT": off}), b"hello\n")
        for bad in ("yes", "JSON", "2"):
            self.assertEqual(self.run_guest("a", status=2, env={"DAGGER_INSPECT": bad}), b"")
        with open("/dev/full", "w") as full:
            done = subprocess.run([self.dir / "a"], env={"DAGGER_INSPECT": "1"}, stdout=full,
                                  stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"can't write standard output: No space left", done.stderr)


class Reproducible(DriverTest):
    """--reproducible: another folder, user, time zone, locale and what else differs change nothing."""

    OPTIONS = (["-g"], ["-s", "--allow=https://a.com", "--env=A=b"], ["-static"], ["-O0", "-g"])

    def build(self, folder, arguments, env, prefix=()):
        source = folder / "a.wat"
        source.write_text(HELLO_WAT)
        (folder / "t").mkdir()
        for path in (folder, folder / "t"):
            path.chmod(0o777)
        output = folder / "out"
        subprocess.run([*prefix, DAGGERCC, "--reproducible", *arguments, "-o", output, source],
                       env={"PATH": os.environ["PATH"], "TMPDIR": str(folder / "t"), **env},
                       cwd=folder, check=True)
        return output.read_bytes()

    def as_nobody(self):
        """What makes a command another user's."""
        if os.getuid() != 0 or not shutil.which("setpriv"):
            self.skipTest("needs root and setpriv, to be another user")
        prefix = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        if subprocess.run([*prefix, DAGGERCC, "--version"], capture_output=True).returncode != 0:
            self.skipTest("another user can't run this daggercc")
        return prefix

    def same(self, prefix):
        self.top.chmod(0o755)
        header = self.top / "steering"
        header.mkdir()
        (header / "string.h").write_text("#error found\n")
        other = {"TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8", "LANG": "ja_JP.eucJP",
                 "USER": "nobody", "LOGNAME": "nobody", "HOME": "/nonexistent", "TERM": "xterm",
                 "SOURCE_DATE_EPOCH": "1234567890", "CPATH": str(header),
                 "C_INCLUDE_PATH": str(header), "DEPENDENCIES_OUTPUT": str(self.top / "deps"),
                 "GCC_COMPARE_DEBUG": "", "LD_RUN_PATH": "/evil"}
        for number, arguments in enumerate(self.OPTIONS):
            with self.subTest(arguments):
                one, two = self.top / f"one{number}", self.top / f"\u00e9 two{number}/deep er"
                one.mkdir()
                two.mkdir(parents=True)
                first = self.build(one, arguments, {"TZ": "UTC", "LC_ALL": "C"})
                second = self.build(two, arguments, other, prefix)
                self.assertTrue(first == second, "they differ")
                for trace in (str(self.top), "/evil", "nobody", "Kiritimati"):
                    self.assertFalse(trace.encode() in first, trace)
        self.assertFalse((self.top / "deps").exists())

    def test_another_place(self):
        self.same(())

    def test_another_user(self):
        self.same(self.as_nobody())

    def test_is_told(self):
        self.write("a.wat", HELLO_WAT)
        self.daggercc("--reproducible", "a.wat")
        self.assertIn("  --reproducible\n", self.daggercc("--inspect", "a").stdout.decode())

    def test_what_depends_on_the_machine(self):
        self.write("a.wat", HELLO_WAT)
        for option in ("-march=native", "-Wc,-mtune=native"):
            error = self.daggercc("--reproducible", option, "a.wat", status=2).error
            self.assertIn("depends on this machine", error)


if __name__ == "__main__":
    main()
