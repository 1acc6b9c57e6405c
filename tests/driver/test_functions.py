"""The table of functions that an executable carries for its backtraces."""

import re
import struct
import subprocess
import unittest

from harness import DriverTest, main

COUNT = 200

# Every function is in a table and calls the next one through it.
ALL_IN_A_TABLE = f"""(module (type $t (func (param i32) (result i32)))
  (table {COUNT} funcref) (elem (i32.const 0) {" ".join(f"$f{i}" for i in range(COUNT))})
  {" ".join(f'''(func $f{i} (type $t) (i32.add (i32.const {i})
    {f"(call_indirect (type $t) (local.get 0) (i32.const {i + 1}))" if i + 1 < COUNT
     else "(unreachable)"}))''' for i in range(COUNT))}
  (func $main (export "main")
    (drop (call_indirect (type $t) (i32.const 1) (i32.const {COUNT - 10})))))"""


class Rows(DriverTest):
    def symbols(self, program):
        names = subprocess.run(["nm", program], cwd=self.dir, capture_output=True, text=True,
                               check=True).stdout
        return len(re.findall(r" [tT] (?:(?:wrap_)?w2c_guest_f\d|w2c_guest_entry)", names))

    def rows(self, program):
        subprocess.run(["objcopy", "--dump-section", ".dagger.functions=table", program],
                       cwd=self.dir, check=True)
        return struct.unpack_from("<II", (self.dir / "table").read_bytes())[1]

    def test_there_is_room_for_every_symbol(self):
        self.write("many.wat", ALL_IN_A_TABLE)
        # Without reordering, gcc keeps functions that are inlined everywhere.
        for level, flags, least in (("-O0", "", COUNT), ("-O2", "", COUNT), ("-O3", "", COUNT),
                                    ("-O2", "-fno-toplevel-reorder", COUNT)):
            with self.subTest(f"{level} {flags}"):
                self.daggercc("--cc=gcc", level, "many.wat", env={"CFLAGS": flags})
                self.assertEqual(self.rows("many"), self.symbols("many"))
                self.assertGreater(self.rows("many"), least)
                error = subprocess.run([self.dir / "many"], capture_output=True, text=True).stderr
                self.assertEqual(error.splitlines()[1:],
                                 [f"    at f{i} (function {i})"
                                  for i in range(COUNT - 1, COUNT - 11, -1)]
                                 + [f"    at main (function {COUNT})"])


if __name__ == "__main__":
    main()
