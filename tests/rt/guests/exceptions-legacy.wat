;; Exceptions as the first proposal has them, which LLVM still makes; as traps.wat.
(module
  (import "dagger" "open" (func $open (param i32 i32) (result i32)))
  (import "dagger" "read" (func $read (param i32 i32 i32) (result i32)))
  (import "dagger" "write" (func $write (param i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "stdin://")
  (data (i32.const 16) "stdout://")
  (data (i32.const 32) "before the trap")
  (type $case (func (result i32)))
  (tag $number (param i32))
  (tag $plain)

  (func $throw_number (param i32)
    (throw $number (local.get 0)))

  ;; RETURNS 7
  (func $caught (result i32)
    (try (result i32)
      (do (call $throw_number (i32.const 7)) (i32.const 1))
      (catch $number)))

  ;; RETURNS 5
  (func $rethrown (result i32)
    (try (result i32)
      (do
        (try (do (call $throw_number (i32.const 5)))
          (catch_all (rethrow 0)))
        (i32.const 1))
      (catch $number)))

  ;; RETURNS 6
  (func $delegated (result i32)
    (try $outer (result i32)
      (do
        (try (do (call $throw_number (i32.const 6)))
          (delegate $outer))
        (i32.const 1))
      (catch $number)))

  ;; TRAP uncaught exception
  (func $uncaught (result i32)
    (try (do (call $throw_number (i32.const 6)))
      (catch $plain))
    (i32.const 1))

  ;; RETURNS 2
  (func $left_by_a_branch (result i32)
    (try $outer
      (do
        (block $out
          (try (do (br $out)) (catch_all)))
        (throw $plain))
      (catch $plain (return (i32.const 2))))
    (i32.const 1))

  (table $cases funcref (elem $caught $rethrown $delegated $uncaught $left_by_a_branch))

  (func $main (export "dagger_main") (result i32)
    (drop (call $read (call $open (i32.const 0) (i32.const 8)) (i32.const 64) (i32.const 1)))
    (drop (call $write (call $open (i32.const 16) (i32.const 9)) (i32.const 32) (i32.const 15)))
    (call_indirect $cases (type $case) (i32.sub (i32.load8_u (i32.const 64)) (i32.const 65)))))
