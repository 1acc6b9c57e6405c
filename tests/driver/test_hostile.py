"""Modules made to break out, at the point where daggercc must stop them."""

import shutil
import unittest

from harness import DriverTest, main

# What must never pass for another type, and how to use it as that.
VALUES = {"i32": "(i32.const 1)", "i64": "(i64.const 0x100000000000)", "f32": "(f32.const 1e30)",
          "f64": "(f64.const 1e18)", "v128": "(v128.const i64x2 0 0)", "funcref": "(ref.null func)",
          "externref": "(ref.null extern)"}
USES = {"i32": "(drop (i32.load %s))", "i64": "(drop (i64.eqz %s))", "f32": "(drop (f32.neg %s))",
        "f64": "(drop (f64.neg %s))", "v128": "(drop (v128.not %s))",
        "funcref": "(table.set $f (i32.const 0) %s)",
        "externref": "(table.set $e (i32.const 0) %s)"}


def select(kind):
    return f"(select (result {kind}) {VALUES[kind]} {VALUES[kind]} (i32.const 1))"


def module(body):
    return (f"(module (memory 1) (table $f 1 funcref) (table $e 1 externref)"
            f"(func (export \"main\") {body}))")


class Types(DriverTest):
    """wasm2c before 1.0.40 takes the result of a select with a type for any type."""

    def test_a_select_is_of_its_type(self):
        for kind in VALUES:
            with self.subTest(kind):
                self.write("good.wat", module(USES[kind] % select(kind)))
                self.daggercc("--emit=c", "good.wat")

    def test_a_select_is_of_no_other_type(self):
        for kind in VALUES:
            for use in USES:
                if use == kind:
                    continue
                with self.subTest(f"{kind} as {use}"):
                    self.write("bad.wat", module(USES[use] % select(kind)))
                    error = self.daggercc("--emit=c", "bad.wat", status=1).error
                    self.assertIn("type mismatch", error)

    def test_a_select_gives_what_it_chose(self):
        self.write("a.wat", """(module (table $f 1 funcref) (elem declare func $main)
          (func $two (result i32) (i32.const 2))
          (func $main (export "main") (result i32)
            (table.set $f (i32.const 0) (select (result funcref) (ref.func $main) (ref.null func)
                                                (i32.const 0)))
            (i32.add (ref.is_null (table.get $f (i32.const 0)))
                     (select (result i32) (call $two) (i32.const 40) (i32.const 1)))))""")
        self.daggercc("a.wat")
        self.run_guest("a", status=3)


class Deep(DriverTest):
    def test_blocks_nest_deeper_than_compilers_like(self):
        for kind, depth in (("if", 100), ("if", 1000), ("block", 1000), ("try", 90), ("try", 300)):
            for compiler in ("gcc", "clang"):
                if not shutil.which(compiler):
                    continue
                with self.subTest(f"{depth} {kind}, {compiler}"):
                    opening, closing = {
                        "if": ("(if (local.get 0) (then", "))"),
                        "block": ("(block", ")"),
                        "try": ("(try (do", ") (catch $e))"),
                    }[kind]
                    self.write("deep.wat", f"""(module (tag $e)
                      (func (export "main") (result i32) (local i32)
                        (local.set 0 (i32.const 3)) {opening * depth} (local.set 0 (i32.const 7))
                        {closing * depth} (local.get 0)))""")
                    self.daggercc(f"--cc={compiler}", "-O0", "deep.wat")
                    self.run_guest("deep")


if __name__ == "__main__":
    main()
