"""What comes out: the same bytes wherever it is made, nothing of where it was made, an executable with
the protections it should have, names of functions, objects, C source, many parts, an install tree."""

import os
import re
import shutil
import subprocess
import unittest

from harness import BUILD, DriverTest, HELLO_WAT, PLAIN_WASM, main, section, text

KINDS = [[], ["-g"], ["-s"], ["-g", "-s"], ["-O0"], ["-static"], ["-static", "-g"], ["-c"],
         ["-c", "-g"], ["-S"], ["-S", "-g"], ["--emit=c"], ["--memory=checked"]]


def leb(value):
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes(out + bytes([value]))


def big_section(number, content):
    return bytes([number]) + leb(len(content)) + content


def big_module(functions, data=b""):
    """A guest of `functions` functions of 5.5 kB; main calls them all and returns 7. `data` is at 0."""
    filler = b"\x42" + b"\xff" * 9 + b"\0\x1a"  # i64.const of ten bytes, drop
    worker = b"\0" + filler * 460 + b"\x41\1\x0b"
    calls = b"\0" + b"".join(b"\x10" + leb(i) + b"\x1a" for i in range(functions)) + b"\x41\7\x0b"
    bodies = (leb(len(worker)) + worker) * functions + leb(len(calls)) + calls
    return (b"\0asm\1\0\0\0" + section(1, b"\1\x60\0\1\x7f")
            + big_section(3, leb(functions + 1) + b"\0" * (functions + 1))
            + section(5, b"\1\0\1")
            + big_section(7, b"\1" + text(b"main") + b"\0" + leb(functions))
            + big_section(10, leb(functions + 1) + bodies)
            + big_section(11, b"\1\0\x41\0\x0b" + leb(len(data)) + data))


class Deterministic(DriverTest):
    def both(self, *arguments, cc, name="a.wat", content=HELLO_WAT):
        """Builds in two places that differ in all that should not matter."""
        outputs = []
        places = [("one", {"TZ": "UTC"}, 0o022, []),
                  ("tw o=\u00e9/deeper", {"TZ": "Asia/Tokyo", "LC_ALL": "tr_TR.UTF-8",
                                          "LANG": "de_DE.UTF-8", "USER": "x", "HOME": "/",
                                          "TERM": "xterm", "PWD": "/"}, 0o077, ["-j1"])]
        for place, env, umask, more in places:
            folder = self.top / place
            temp = folder / "t"
            temp.mkdir(parents=True)
            source = folder / name
            source.write_bytes(content if isinstance(content, bytes) else content.encode())
            output = folder / "out.c"
            subprocess.run([BUILD / "bin/daggercc", f"--cc={cc}", *arguments, *more, "-o", output,
                            source], env={**self.env, **env, "TMPDIR": str(temp)}, umask=umask,
                           check=True, cwd=folder if more else self.top)
            self.assertEqual(os.listdir(temp), [])
            outputs.append(output.read_bytes())
            shutil.rmtree(folder)
        self.assertTrue(outputs[0] == outputs[1], f"{arguments} {cc}")
        return outputs[0]

    def test_same_bytes_everywhere(self):
        for cc in filter(shutil.which, ("gcc", "clang")):
            for arguments in KINDS:
                with self.subTest(cc=cc, arguments=arguments):
                    output = self.both(*arguments, cc=cc)
                    for trace in (str(self.top), str(BUILD), os.environ["DAGGER_SOURCE"],
                                  "daggercc-", "/proc/self/cwd", "a.wat"):
                        self.assertFalse(trace.encode() in output, trace)

    def test_same_bytes_in_parts(self):
        self.both("-O0", "-g", cc="cc", name="a.wasm", content=big_module(220))
        self.both("-O0", "-c", cc="cc", name="a.wasm", content=big_module(220))


class Executables(DriverTest):
    def setUp(self):
        super().setUp()
        self.write("a.wat", HELLO_WAT)

    def tool(self, *command):
        env = {**self.env, "LC_ALL": "C"}
        return subprocess.run(command, cwd=self.dir, env=env, check=True, capture_output=True,
                              text=True).stdout

    def test_protections(self):
        for cc in filter(shutil.which, ("gcc", "clang")):
            for arguments in ([], ["-static"], ["-s"], ["-O0"], ["-g", "-O3"]):
                with self.subTest(cc=cc, arguments=arguments):
                    self.daggercc(f"--cc={cc}", *arguments, "a.wat")
                    header = self.tool("readelf", "-hldW", "a")
                    self.assertRegex(header, r"Type:\s+DYN")
                    self.assertIn("GNU_RELRO", header)
                    self.assertRegex(header, r"(?m)FLAGS.*NOW|BIND_NOW")
                    self.assertRegex(header, r"Flags: .*PIE")
                    self.assertNotRegex(header, r"(?m)^\s+(LOAD|GNU_STACK)\s.* RWE ")
                    self.assertRegex(header, r"GNU_STACK\s.* RW ")
                    self.assertNotIn("TEXTREL", header)
                    self.assertNotIn("RPATH", header)
                    needed = re.findall(r"\(NEEDED\)\s+Shared library: \[(.*)\]", header)
                    wanted = set() if "-static" in arguments else {"libc.so.6", "libm.so.6"}
                    self.assertLessEqual(set(needed), wanted)
                    self.assertEqual(self.run_guest("a"), b"hello\n")

    def test_strip(self):
        self.daggercc("-s", "a.wat")
        self.assertNotIn(".symtab", self.tool("readelf", "-SW", "a"))
        self.assertIn(".dagger.functions", self.tool("readelf", "-SW", "a"))

    def test_debug_names(self):
        # too odd to be inlined everywhere
        self.write("n.wat", """(module
            (func $say_hello (param i32) (result i32)
                (if (result i32) (local.get 0)
                    (then (i32.add (call $say_hello (i32.sub (local.get 0) (i32.const 1)))
                        (call $say_hello (i32.shr_u (local.get 0) (i32.const 1)))))
                    (else (i32.const 1))))
            (func (export "main") (result i32) (call $say_hello (i32.const 9))))""")
        for cc in filter(shutil.which, ("gcc", "clang")):
            self.daggercc(f"--cc={cc}", "-g", "-o", "a", "n.wat")
            self.assertIsNotNone(re.search(r"(?m) [tT] w2c_guest_f\d+_say_hello(\.\S+)?$",
                                           self.tool("nm", "a")))
            debug = self.tool("readelf", "--debug-dump=info", "a")
            self.assertRegex(debug, r"DW_AT_comp_dir\s*:.* \.\n")
            if shutil.which("gdb"):
                out = self.tool("gdb", "-nx", "-batch", "-ex", "rbreak ^w2c_guest_f.*say_hello",
                                "-ex", "run", "-ex", "backtrace 1", "./a")
                self.assertRegex(out, r"#0 .*w2c_guest_f\d+_say_hello(\.\S+)? \(")
        self.daggercc("-o", "a", "n.wat")
        self.assertFalse("say_hello" in self.tool("nm", "a"))

    def test_function_table_has_the_names(self):
        for arguments in ([], ["-s"], ["-static"]):
            self.daggercc(*arguments, "a.wat")
            self.tool("objcopy", "-O", "binary", "--only-section=.dagger.functions", "a", "table")
            table = (self.dir / "table").read_bytes()
            word = lambda at: int.from_bytes(table[at:at + 4], "little")
            self.assertEqual(table[:4], b"DAGF")
            self.assertGreaterEqual(word(4), 1)
            self.assertEqual(word(8 + 8) & 0x7fffffff, 2)  # after two imports
            name = word(8 + 12)
            self.assertEqual(table[name:name + word(8 + 16)], b"say_hello")
            self.assertGreater(word(8 + 4), 0)

    def test_long_and_hostile_names_of_functions(self):
        names = ["x" * 5000, "\u00e9" * 300, "*/ int evil; /*", "a\\22\\5c\\0a\\1b[31m"]
        functions = "".join(f'(func (export "{name}") (unreachable))' for name in names)
        self.write("n.wat", f'(module {functions} (func (export "main")))')
        for arguments in ([], ["-g"], ["-c"], ["-c", "-g"], ["--emit=c", "-g"]):
            self.daggercc(*arguments, "n.wat")
        self.run_guest("n", status=0)
        self.assertTrue((self.dir / "n.c").read_text().isascii())

    def test_many_parts(self):
        self.write("big.wasm", big_module(220))
        commands = self.daggercc("-v", "-O0", "big.wasm").error
        self.assertIn("guest_1.o", commands)
        self.run_guest("big")
        self.daggercc("-O0", "-c", "big.wasm")
        symbols = self.tool("nm", "big.o")
        self.assertEqual(len(re.findall(r" [tT] w2c_guest_f\d+$", symbols, re.M)), 221)
        self.assertEqual(len(re.findall(r" T w2c_guest_main$", symbols, re.M)), 1)
        self.assertNotIn("guest_1", self.daggercc("-###", "-S", "big.wasm").error)

    def test_objects_in_parts_mean_the_same(self):
        """Data, types, elements, tags and references to functions are seen from all parts."""
        pad = f"(drop (i64.const {-1 << 63}))" * 12000
        segments = "".join(f'(data (i32.const {3 * i}) "{i % 10}")' for i in range(6000))
        self.write("big.wat", f"""(module
            (type $t (func (param i32) (result i32)))
            (tag $e (param i32))
            (memory $m 1) (memory $n 1)
            {segments} (data (memory $n) (i32.const 7) "n") (data (i32.const 0) "A")
            (data $passive "xyz{'.' * 9999}")
            (table $tab 8 funcref) (elem (i32.const 0) $inc $thrower) (elem $el func $twice)
            (func $pad1 {pad}) (func $inc (type $t) (i32.add (local.get 0) (i32.const 1)))
            (func $pad2 {pad}) (func $thrower (type $t) (throw $e (local.get 0)))
            (func $pad3 {pad}) (func $twice (type $t) (i32.mul (local.get 0) (i32.const 2)))
            (func $pad4 {pad}) (func $call (param i32 i32) (result i32)
                (call_indirect (type $t) (local.get 1) (local.get 0)))
            (func $check (export "check") (param i32) (result i32)
                (memory.init $passive (i32.const 65000) (i32.const 1) (i32.const 2))
                (data.drop $passive)
                (table.init $el (i32.const 2) (i32.const 0) (i32.const 1))
                (table.set (i32.const 3) (ref.func $inc))
                (i32.const 0)
                (i32.add (i32.mul (i32.const 1000) (call $call (i32.const 2) (local.get 0))))
                (i32.add (i32.mul (i32.const 100) (call $call (i32.const 3) (local.get 0))))
                (i32.add (try (result i32) (do (call $call (i32.const 1) (local.get 0)))
                    (catch $e (i32.mul (i32.const 10)))))
                (i32.add (i32.load8_u (i32.const 65001))) ;; z
                (i32.add (i32.load8_u $n (i32.const 7))) ;; n
                (i32.add (i32.load8_u (i32.const 0))) ;; A
                (i32.add (i32.load8_u (i32.const 17997))))) ;; 9
            """)
        self.write("use.c", "#include <wasm-rt.h>\n"  # any instance is smaller than this one
                            "#include <stdio.h>\nstatic long long guest[999];\n"
                            "void wasm2c_guest_instantiate(void *);\n"
                            "unsigned w2c_guest_check(void *, unsigned);\n"
                            "int main(void) { wasm2c_guest_instantiate(guest);\n"
                            'printf("%u\\n", w2c_guest_check(guest, 3)); }\n')
        for arguments in (["-O0"], ["-O0", "--memory=checked"]):
            commands = self.daggercc("-v", "-c", *arguments, "big.wat").error
            self.assertIn("guest_1.c", commands)
            self.assertIn("data.s", commands)
            self.tool("cc", "-I", BUILD / "include/dagger", "-o", "use", "use.c", "big.o",
                      BUILD / "lib/dagger/libdagger.a", "-lm")
            self.assertEqual(self.tool("./use"),
                             f"{6000 + 400 + 30 + ord('z') + ord('n') + ord('A') + ord('9')}\n")
        # What is not for its users is hidden, as it is static in an object of one part.
        symbols = self.tool("readelf", "-sW", "big.o")
        shown = re.findall(r"GLOBAL DEFAULT +\d+ (\S+)$", symbols, re.M)
        self.assertEqual(sorted(shown), ["w2c_guest_check", "wasm2c_guest_free",
                                         "wasm2c_guest_get_func_type", "wasm2c_guest_instantiate"])

    def test_objects_can_be_used(self):
        self.write("lib.wat", '(module (func (export "twice") (param i32) (result i32) '
                              '(i32.mul (local.get 0) (i32.const 2))))')
        self.daggercc("-c", "lib.wat")
        self.daggercc("--emit=c", "lib.wat")
        self.write("use.c", '#include "lib.h"\n#include <stdio.h>\n'
                            "static w2c_guest guest;\n"
                            "int main(void) { wasm2c_guest_instantiate(&guest);\n"
                            'printf("%u\\n", w2c_guest_twice(&guest, 21)); }\n')
        version = re.search(r"-DDAGGER_WASM2C_VERSION=\d+",
                            self.daggercc("-###", "lib.wat", "-c").error)
        for piece in ("lib.o", "lib.c"):
            self.tool("cc", f"-I{BUILD}/include/dagger", version[0], "-w", "-DNDEBUG", "use.c",
                      piece, "-o", "use", "-lm")
            self.assertEqual(self.run_guest("use", status=0), b"42\n")

    def test_objects_need_no_entry_but_known_imports(self):
        self.write("x.wat", '(module (import "wasi" "fd_write" (func)) (func (export "f")))')
        for arguments in (["-c"], ["--emit=c"], ["-S"], []):
            self.assertIn("fd_write", self.daggercc(*arguments, "x.wat", status=1).error)
        self.write("y.wat", '(module (func (export "f")))')
        self.daggercc("-c", "y.wat")
        self.daggercc("y.wat", status=1)

    def test_max_memory_below_what_the_module_starts_with(self):
        self.write("m.wat", '(module (memory 3) (func (export "main")))')
        self.daggercc("--max-memory=192KiB", "m.wat")
        error = self.daggercc("--max-memory=191KiB", "m.wat", status=1).error
        self.assertIn("196608", error)

    def test_simd_without_its_header(self):
        self.write("v.wat", '(module (func (export "main") (result i32) (i32x4.extract_lane 0 '
                            '(v128.const i32x4 7 7 7 7))))')
        self.script("bare", "#!/bin/sh\ncase \"$*\" in *guest.c*) echo 'guest.c:9:10: fatal error: "
                            "simde/wasm/simd128.h: No such file or directory' >&2; exit 1;; esac\n"
                            "exec cc \"$@\"\n")
        error = self.daggercc("--cc=./bare", "v.wat", status=1).error
        self.assertIn("apt install libsimde-dev", error)
        if os.path.exists("/usr/include/simde/wasm/simd128.h"):
            self.daggercc("v.wat")
            self.run_guest("v")


class Installed(DriverTest):
    def test_works_from_where_it_is_installed(self):
        prefix = self.top / "pre fix"
        subprocess.run(["cmake", "--install", BUILD, "--prefix", prefix], check=True,
                       capture_output=True)
        daggercc = prefix / "bin/daggercc"
        for path in ("lib/dagger/libdagger.a", "include/dagger/start.h", "include/dagger/wasm-rt.h",
                     "share/dagger/wasm2c/wasm2c-node.mjs", "share/man/man1/daggercc.1",
                     "share/bash-completion/completions/daggercc"):
            self.assertTrue((prefix / path).is_file(), path)
        self.write("a.wat", HELLO_WAT)
        self.assertIn(str(prefix / "include").encode(),
                      self.daggercc("--version", program=daggercc).stdout)
        commands = self.daggercc("-v", "a.wat", program=daggercc).error
        self.assertIn(f"'{prefix}/lib/dagger/libdagger.a'", commands)
        self.assertNotIn(str(BUILD), commands)
        self.assertEqual(self.run_guest("a"), b"hello\n")
        # moved, and through a link, it still finds its parts
        moved = prefix.rename(self.top / "moved")
        os.symlink(moved / "bin/daggercc", self.top / "link")
        self.daggercc("-o", "b", "a.wat", program=self.top / "link")
        self.assertEqual((self.dir / "a").read_bytes(), (self.dir / "b").read_bytes())
        self.daggercc("--emit=archive", "a.wat", program=self.top / "link")
        self.write("main.c", '#include "a.h"\nint main(void) { return a_dagger_main(0, 0); }')
        subprocess.run(["cc", "-fsyntax-only", "main.c"], cwd=self.dir, check=True)
        self.assertTrue((self.dir / "liba.a").is_file())


if __name__ == "__main__":
    main()
