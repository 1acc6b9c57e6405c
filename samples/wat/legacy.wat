;; A guest as the first draft of the ABI had them, and as some modules still are: the URL ends at its
;; NUL and its length is given as 0, the memory is not exported, the entry point is called "main", and
;; standard output is fd://1.
(module
  (import "dagger" "open" (func $open (param i32 i32) (result i32)))
  (import "dagger" "write" (func $write (param i32 i32 i32) (result i32)))
  (memory 1)
  (data (i32.const 8) "fd://1\00")
  (data (i32.const 32) "hello from an old module\n")
  (func (export "main") (result i32)
    (drop
      (call $write
        (call $open (i32.const 8) (i32.const 0))
        (i32.const 32)
        (i32.const 25)))
    (i32.const 0)))
