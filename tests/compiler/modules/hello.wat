;; The smallest guest: opens standard output, writes, ends.
(module
  (import "dagger" "open" (func $open (param i32 i32) (result i32)))
  (import "dagger" "write" (func $write (param i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "stdout://hello\n")
  (func (export "dagger_main") (result i32)
    (drop (call $write (call $open (i32.const 16) (i32.const 9)) (i32.const 25) (i32.const 6)))
    (i32.const 0)))
