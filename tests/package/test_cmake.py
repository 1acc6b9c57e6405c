"""find_package(Dagger): a project outside the tree, as it stands in project/, by each of two
generators; what is made again after a change, and no more; the errors of wrong calls."""

import os
import platform
import shutil
import unittest

from packaging import ASC, BUILD, SOURCE, PackagingTest, install

PROJECT = SOURCE / "tests/package/project"
OUTPUTS = (
    "greet",
    "number",
    "total",
    "made",
    "script/script",
    *(f"CMakeFiles/{name}.dagger/{name}.wasm" for name in ("greet", "sum", "made")),
)


class Project(PackagingTest):
    def setUp(self):
        super().setUp()
        self.project = self.top / "pro ject"
        shutil.copytree(PROJECT, self.project)
        self.build = self.project / "build"

    def configure(self, prefix, generator):
        self.run_in(
            self.project,
            "cmake",
            "-G",
            generator,
            "-B",
            "build",
            f"-DCMAKE_PREFIX_PATH={prefix}",
            f"-DDAGGER_ASC={ASC}",
        )

    def make(self):
        """Builds, four rules at a time; gives the outputs that are new."""
        before = self.times()
        self.run_in(self.project, "cmake", "--build", "build", "-j4")
        after = self.times()
        return {os.path.basename(name) for name in OUTPUTS if before[name] != after[name]}

    def times(self):
        return {
            name: (self.build / name).stat().st_mtime_ns if (self.build / name).exists() else None
            for name in OUTPUTS
        }

    def says(self, program, text):
        self.assertEqual(self.run_in(self.project, self.build / program), text)

    def change(self, name, old, new):
        path = self.project / name
        text = path.read_text()
        self.assertIn(old, text)
        path.write_text(text.replace(old, new))

    def whole(self, prefix, generator):
        self.configure(prefix, generator)
        self.assertEqual(len(self.make()), len(OUTPUTS))
        self.says("greet", "hello\nPERM\n")
        self.says("total", "385\n")
        self.says("made", "made\n")
        self.says("script/script", "from a script\n")
        self.assertEqual((self.build / "name.txt").read_text().strip(), str(self.build / "made"))
        self.run_in(self.build, "ctest", "-R", "^number$", "--no-tests=error")
        self.run_in(self.project, "cmake", "--install", "build", "--prefix", self.top / "in")
        self.assertEqual(self.run_in(self.top, self.top / "in/bin/greet"), "hello\nPERM\n")

        self.assertEqual(self.make(), set(), "nothing has changed")
        self.change("include/words.h", "hello", "good day")
        self.assertEqual(self.make(), {"greet.wasm", "greet"})
        self.says("greet", "good day\nPERM\n")
        self.change("greet.policy", "null", "zero")
        self.assertEqual(self.make(), {"greet"})
        self.says("greet", "good day\nopen\n")
        self.change("sum.c", "i * i", "i")
        self.assertEqual(self.make(), {"sum.wasm", "total"})
        self.says("total", "55\n")
        self.change("script/words.ts", "a script", "another")
        self.assertEqual(self.make(), {"script"})
        self.says("script/script", "from another\n")
        self.change("made.in", '"made"', '"made again"')
        self.assertEqual(self.make(), {"made.wasm", "made"})
        self.says("made", "made again\n")
        (self.build / "number").unlink()
        self.assertEqual(self.make(), {"number"})
        self.assertEqual(self.make(), set())

    def test_ninja_and_an_installed_tree(self):
        prefix = install(self.top / "pre fix")
        self.whole(prefix, "Ninja")
        os.utime(prefix / "lib/dagger/libdagger.a")
        self.assertEqual(self.make(), {"greet", "number", "made", "script", "total"})

    def test_make_and_the_build_tree(self):
        self.whole(BUILD, "Unix Makefiles")


class Places(PackagingTest):
    """Where Dagger is, and where things go."""

    def configure(self, text, prefix, *options):
        (self.top / "number.wat").write_text((PROJECT / "number.wat").read_text())
        (self.top / "CMakeLists.txt").write_text(
            "cmake_minimum_required(VERSION 3.25)\nproject(places NONE)\n"
            f"find_package(Dagger REQUIRED)\n{text}\n"
        )
        return self.run_in(
            self.top, "cmake", "-B", "build", f"-DCMAKE_PREFIX_PATH={prefix}", *options
        )

    def make(self):
        return self.run_in(self.top, "cmake", "--build", "build")

    def test_output_directory(self):
        """It is made, by each generator; a relative one is in the binary folder."""
        for generator, folder in (
            ("Unix Makefiles", self.top / "out of/it"),
            ("Ninja", self.top / "out of/ninja"),
            ("Ninja", "beneath/it"),
        ):
            with self.subTest(generator=generator, folder=folder):
                self.configure(
                    "add_dagger_executable(number SOURCES number.wat)",
                    BUILD,
                    "--fresh",
                    "-G",
                    generator,
                    f"-DCMAKE_RUNTIME_OUTPUT_DIRECTORY={folder}",
                )
                self.make()
                self.run_in(self.top, self.top / "build" / folder / "number")

    def test_a_merged_usr(self):
        """Found by a link, lib to usr/lib, it is where the link leads."""
        install(self.top / "root/usr")
        (self.top / "root/lib").symlink_to("usr/lib")
        said = self.configure(
            "message(STATUS <${Dagger_DIR}>)\nadd_dagger_executable(number SOURCES number.wat)",
            self.top / "root",
        )
        self.assertIn(f"<{self.top}/root/lib/cmake/Dagger>", said)
        self.make()
        self.run_in(self.top, self.top / "build/number")

    def test_the_runtime_of_a_target(self):
        """Guests for it are made again when it changes."""
        prefix = install(self.top / "installed")
        triple = f"{platform.machine()}-linux-gnu"  # this one's: its runtime is there already
        own = prefix / "lib/dagger" / triple
        own.mkdir()
        for archive in ("libdagger.a", "libdagger_embed.a"):
            shutil.copy2(own.parent / archive, own)
        self.configure(
            "add_dagger_executable(one SOURCES number.wat OPTIONS --target=${triple})\n"
            "add_dagger_executable(two SOURCES number.wat OPTIONS --target ${triple})\n"
            "add_dagger_executable(host SOURCES number.wat)\n",
            prefix,
            "-G",
            "Ninja",
            f"-Dtriple={triple}",
        )
        self.make()
        os.utime(own / "libdagger.a")
        said = self.make()
        self.assertIn("Compiling one to native code", said)
        self.assertIn("Compiling two to native code", said)
        self.assertNotIn("Compiling host to native code", said)


class Errors(PackagingTest):
    def configure(self, text, *options, prefix=BUILD, status=1):
        (self.top / "CMakeLists.txt").write_text(
            f"cmake_minimum_required(VERSION 3.25)\nproject(wrong NONE)\n{text}\n"
        )
        said = self.run_in(
            self.top,
            "cmake",
            "-B",
            "build",
            "-G",
            "Ninja",
            f"-DCMAKE_PREFIX_PATH={prefix}",
            *options,
            status=status,
        )
        return " ".join(said.split())

    def wrong(self, call, *options):
        return self.configure(f"find_package(Dagger REQUIRED)\n{call}", *options)

    def test_calls(self):
        for name in ("a.c", "a.wat", "b.wat", "a.ts", "a.txt"):
            (self.top / name).write_text("")
        rows = (
            ("add_dagger_executable(x SOURCES none.c)", "x: there is no source 'none.c' in"),
            ("add_dagger_executable(x)", "x: no SOURCES"),
            (
                "add_dagger_executable(x a.c)",
                "x: 'a.c' belongs to no keyword: files stand behind SOURCES",
            ),
            ("add_dagger_executable(x/y SOURCES a.wat)", "x/y: a target's name has letters"),
            (
                "add_custom_target(x)\nadd_dagger_executable(x SOURCES a.wat)",
                "x: there is another target of that name",
            ),
            (
                "add_dagger_executable(x SOURCES a.txt)",
                "is not known: give LANGUAGE, or name it by its ending:"
                " .c (C) .wat (WAT) .wasm (WASM) .ts (AS)",
            ),
            (
                "add_dagger_executable(x SOURCES a.c LANGUAGE Rust)",
                "x: LANGUAGE is one of C, WAT, WASM, AS, not 'Rust'",
            ),
            ("add_dagger_executable(x SOURCES a.c LANGUAGE WAT)", "is C, but the guest is WAT"),
            ("add_dagger_executable(x SOURCES a.c a.ts)", "is AS, but the guest is C"),
            (
                "add_dagger_executable(x SOURCES a.wat b.wat)",
                "x: 2 SOURCES, but a guest in WAT is one file",
            ),
            ("add_dagger_executable(x SOURCES a.wat WASI)", "x: WASI is not for guests in WAT"),
            (
                "add_dagger_executable(x SOURCES a.ts LINK_OPTIONS -s)",
                "x: LINK_OPTIONS is not for guests in AS",
            ),
            ("add_dagger_library(x SOURCES a.wat POLICY p)", "x: POLICY is for executables"),
        )
        for call, message in rows:
            with self.subTest(call):
                self.assertIn(message, self.wrong(call))

    def test_found_elsewhere(self):
        (self.top / "beneath").mkdir()
        (self.top / "beneath/CMakeLists.txt").write_text("find_package(Dagger REQUIRED)\n")
        for kind in ("executable", "library"):
            self.assertIn(
                "call find_package(Dagger) in this folder or one above",
                self.configure(f"add_subdirectory(beneath)\nadd_dagger_{kind}(x SOURCES a.wat)"),
            )

    def test_compilers(self):
        (self.top / "a.c").write_text("")
        (self.top / "a.ts").write_text("")
        self.assertIn(
            "/usr/bin/false can't compile for wasm32"
            " (on Debian that takes the packages clang and lld)",
            self.wrong("add_dagger_executable(x SOURCES a.c)", "-DDAGGER_CLANG=/usr/bin/false"),
        )
        self.assertIn(
            "x: AS needs asc, which was not found: run 'npm install assemblyscript' in",
            self.wrong(
                "add_dagger_executable(x SOURCES a.ts)",
                "-DCMAKE_FIND_ROOT_PATH=/none",
                "-DCMAKE_FIND_ROOT_PATH_MODE_PROGRAM=ONLY",
            ),
        )

    def test_packages(self):
        self.assertIn(
            'compatible with requested version "99"',
            self.configure("find_package(Dagger 99 REQUIRED)"),
        )
        prefix = install(self.top / "part")
        (prefix / "lib/dagger/libdagger.a").unlink()
        self.assertIn(
            "libdagger.a is missing: install Dagger again",
            self.configure("find_package(Dagger REQUIRED)", prefix=prefix),
        )

    def test_a_module_that_is_refused_ends_the_build(self):
        (self.top / "a.wat").write_text(
            '(module (import "env" "socket" (func)) (func (export "main")))'
        )
        self.configure(
            "find_package(Dagger REQUIRED)\nadd_dagger_executable(x SOURCES a.wat)", status=0
        )
        said = self.run_in(self.top, "cmake", "--build", "build", status=1)
        self.assertIn('1 import is not part of the Dagger ABI\n    "env"."socket" (func)', said)
        self.assertFalse((self.top / "build/x").exists())


if __name__ == "__main__":
    unittest.main()
