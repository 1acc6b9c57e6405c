"""dagger.pc, in the build tree and installed: by what it says, a program with a module inside."""

import shlex
import unittest

from packaging import BUILD, PackagingTest, install

MODULE = """(module
  (func (export "twice") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2))))"""
PROGRAM = """
#include <dagger/embed.h>
#include "number.h"
int main(void)
{
    struct dagger_instance *instance;
    int32_t result;
    if (dagger_instance_new(&number_module, NULL, &instance) != DAGGER_RESULT_OK)
        return 1;
    return number_twice(instance, 21, &result) == 0 && result == 42 ? 7 : 2;
}
"""


class PkgConfig(PackagingTest):
    def ask(self, *options):
        """The words of an answer, which pkg-config quotes for a shell."""
        return shlex.split(self.run_in(self.top, "pkg-config", *options, "dagger"))

    def embed(self, prefix):
        self.env["PKG_CONFIG_PATH"] = str(prefix / "share/pkgconfig")
        [daggercc] = self.ask("--variable=daggercc")
        self.assertIn(
            f"daggercc {self.ask('--modversion')[0]}", self.run_in(self.top, daggercc, "--version")
        )
        (self.top / "number.wat").write_text(MODULE)
        (self.top / "main.c").write_text(PROGRAM)
        self.run_in(self.top, daggercc, "--emit=archive", "number.wat")
        flags = self.ask("--cflags", "--libs")
        self.run_in(self.top, "cc", "main.c", "libnumber.a", *flags, "-o", "main")
        self.run_in(self.top, "./main", status=7)
        [guest] = self.ask("--variable=guestdir")
        self.compile_hello(guest, "hello.wasm")

    def test_build_tree(self):
        self.embed(BUILD)

    def test_installed(self):
        root = self.top / "the root"
        install("/usr", destdir=root)
        self.embed(root / "usr")


if __name__ == "__main__":
    unittest.main()
