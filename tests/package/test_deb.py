"""The Debian package installed, used and removed on a copy of this machine.

The copy has the folders of this machine that packages change, each beneath a layer of memory that takes
the changes, in name spaces of its own (mounts, processes, a network that leads nowhere): nothing of this
machine is changed, and source and build tree are not there."""

import os
import pathlib
import shutil
import stat
import subprocess
import sys
import tempfile
import unittest

from packaging import BUILD, SKIPPED, SOURCE, PackagingTest

ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
    "HOME": "/tmp",
    "LC_ALL": "C.UTF-8",
    "TERM": "dumb",
}
COPIED = ("etc", "usr", "var")
SPACES = "unshare --mount --pid --fork --kill-child --mount-proc --net".split()
BOUND = ("dev", "proc", "sys")
# Of programs that take note of each package: dpkg, man-db.
RECORDS = ("var/lib/dpkg/", "var/log/", "var/cache/man/")
SIMD = """(module (func (export "main") (result i32)
  (i32x4.extract_lane 1 (i32x4.add (v128.const i32x4 1 2 3 4) (v128.const i32x4 1 40 1 1)))))"""
PROJECT = """cmake_minimum_required(VERSION 3.25)
project(fresh C)
find_package(Dagger REQUIRED)
add_dagger_executable(again SOURCES hello.c)
add_dagger_library(number SOURCES number.wat)
add_executable(host main.c)
target_link_libraries(host number)
"""
HOST = """#include "number.h"
int main(void)
{
    struct dagger_instance *instance;
    int32_t number = 0;
    return dagger_instance_new(&number_module, 0, &instance) || number_main(instance, &number) ? 1 : number;
}
"""


class Machine(PackagingTest):
    def setUp(self):
        super().setUp()
        self.mount("-t", "tmpfs", "-o", "mode=755", "none", MEMORY)
        self.root = MEMORY / "root"
        for folder in (*COPIED, *BOUND, "tmp", "run"):
            (self.root / folder).mkdir(parents=True)
        self.home = self.root / "tmp"
        self.home.chmod(0o1777)
        for folder in COPIED:
            self.copy(folder)
        for folder in BOUND:
            self.mount("--rbind", f"/{folder}", self.root / folder)
        for link in pathlib.Path("/").iterdir():
            if link.is_symlink():  # bin, lib and the like
                (self.root / link.name).symlink_to(link.readlink())
        self.first = sorted(os.listdir(self.root))

    def copy(self, folder):
        """A folder of this machine, beneath a layer that takes what is changed."""
        upper, work, there = (MEMORY / name / folder for name in ("upper", "work", "root"))
        for path in (upper, work, there):
            path.mkdir(parents=True, exist_ok=True)
        layers = f"lowerdir=/{folder},upperdir={upper},workdir={work}"
        self.mount("-t", "overlay", "-o", layers, "none", there)

    def mount(self, *arguments):
        """Mounted until the name space ends."""
        self.run_in("/", "mount", *arguments)

    def there(self, command, expected=None, status=0):
        """Runs a command of bash in the copy, in /tmp there and with a clean environment."""
        command = ["chroot", self.root, "bash", "-euc", f"cd /tmp; {command}"]
        said = self.run_in("/", *command, status=status, env=ENVIRONMENT)
        if expected is not None:
            self.assertEqual(said, expected)
        return said

    def left(self):
        """What is new, gone or another than on this machine, but for records."""
        for where, folders, files in (x for f in COPIED for x in os.walk(MEMORY / "upper" / f)):
            for name in [*folders, *files]:
                path = pathlib.Path(where, name)
                inside = str(path.relative_to(MEMORY / "upper"))
                below = pathlib.Path("/", inside)
                whiteout = stat.S_ISCHR(path.lstat().st_mode) and path.lstat().st_rdev == 0
                if name in folders and below.is_dir() or inside.startswith(RECORDS):
                    continue
                if not whiteout or os.path.lexists(below):
                    yield inside
        yield from set(os.listdir(self.root)).symmetric_difference(self.first)

    def use(self):
        self.there("daggercc hello.wasm && ./hello", "hello from C\n")
        self.there("dagger hello.wasm", "hello from C\n")
        self.assertIn(
            "headers: /usr/include\nruntime: /usr/lib/dagger\n", self.there("daggercc --version")
        )
        self.there("daggercc simd.wat && ./simd", status=42)
        self.there(
            "man -w dagger daggercc dagger-abi dagger-streams",
            "".join(
                f"/usr/share/man/man{s}/{p}.{s}.gz\n"
                for p, s in (
                    ("dagger", 1),
                    ("daggercc", 1),
                    ("dagger-abi", 7),
                    ("dagger-streams", 7),
                )
            ),
        )
        self.there("ls $(pkg-config --variable=guestdir dagger)/dagger.h")
        self.there(
            "cmake -B build >log && cmake --build build -j2 >log && build/again", "hello from C\n"
        )
        self.there("build/host", status=42)
        if shutil.which("zsh"):
            said = self.there("zsh -f complete.zsh /none 'daggercc --print-im'")
            self.assertIn("--print-imports", said)
        if shutil.which("fish"):
            self.assertIn(
                "--emit=archive", self.there("fish -c \"complete -C 'daggercc --emit='\"")
            )
        self.there(
            "mkdir -m 777 nobody; cd nobody; setpriv --reuid=65534 --regid=65534 --clear-groups"
            " daggercc ../hello.wasm; ./hello",
            "hello from C\n",
        )

    def test_installed_used_removed(self):
        self.compile_hello(SOURCE / "samples/include", self.home / "hello.wasm")
        package = self.debian_package()
        for file in (
            package,
            SOURCE / "samples/c/hello.c",
            SOURCE / "tests/package/complete.zsh",
        ):
            shutil.copy(file, self.home)
        for name, text in (
            ("simd.wat", SIMD),
            ("number.wat", SIMD),
            ("main.c", HOST),
            ("CMakeLists.txt", PROJECT),
        ):
            (self.home / name).write_text(text)
        self.assertIn("daggercc: command not found", self.there("daggercc hello.wasm", status=127))
        # Where node is there, but not as a package, dpkg has to be told so.
        force = "" if self.node_is_a_package() else "--force-depends"
        # Images of containers leave out documents.
        self.there(f"dpkg {force} --path-include='*' -i {package.name}")
        self.assertEqual(self.there("dpkg --verify dagger"), "")
        self.assertIn("usr/bin/daggercc", list(self.left()))
        self.use()
        self.there(f"dpkg {force} --purge dagger")
        self.assertEqual(sorted(self.left()), [])
        self.there("daggercc hello.wasm", status=127)

    def node_is_a_package(self):
        ask = "dpkg-query -W -f '${db:Status-Status}' nodejs || true"
        return self.there(ask) == "installed"

    def test_installed_as_the_tutorial_says(self):
        if BUILD != SOURCE / "build" or not self.node_is_a_package():
            self.skipTest("the tutorial builds in build/, on a machine with Debian's node")
        self.copy(str(SOURCE).lstrip("/"))
        tutorial = (SOURCE / "docs/tutorial.md").read_text()
        section = tutorial.split("\n## Install\n")[1].split("\n## ")[0]
        commands = [line.strip() for line in section.splitlines() if line.startswith("    ")]
        self.assertIn("scripts/setup build", commands)
        for command in commands:
            self.there(f"cd '{SOURCE}'; {command}")
        # With nothing of what building took, and the package does not depend on.
        self.there(
            "rm -rf /usr/bin/clang* /usr/bin/wasm* /usr/bin/wat* /usr/bin/npm /usr/include/wabt"
        )
        (self.home / "simd.wat").write_text(SIMD)
        self.there("/usr/bin/daggercc simd.wat && ./simd", status=42)
        self.there("/usr/bin/dagger simd.wat", status=42)
        self.there("dpkg --purge dagger")


def enter():
    """Runs this script again in name spaces of its own, as root: those of a user can't change what root
    owns. The folder for all of it is removed out here, where nothing has ever been mounted in it.
    """
    if os.geteuid() != 0 or subprocess.run([*SPACES, "true"], stderr=subprocess.DEVNULL).returncode:
        print("a copy of this machine takes root and the right to make name spaces")
        return SKIPPED
    with tempfile.TemporaryDirectory(prefix="dagger-machine-") as memory:
        again = [*SPACES, sys.executable, "-B", *sys.argv]
        return subprocess.run(again, env={**os.environ, "MACHINE": memory}).returncode


if __name__ == "__main__":
    if "MACHINE" not in os.environ:
        sys.exit(enter())
    MEMORY = pathlib.Path(os.environ["MACHINE"])
    unittest.main()
