;; Exceptions, with and without references to them; as traps.wat.
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
  (tag $pair (param i32 i64))
  (tag $plain)

  (func $throw_number (param i32)
    (throw $number (local.get 0)))
  (func $throw_pair_deep (param i32)
    (if (i32.eqz (local.get 0)) (then (throw $pair (i32.const 5) (i64.const 6))))
    (call $throw_pair_deep (i32.sub (local.get 0) (i32.const 1))))

  ;; TRAP uncaught exception
  (func $uncaught (result i32)
    (call $throw_number (i32.const 1))
    (i32.const 0))

  ;; TRAP uncaught exception
  (func $uncaught_by_this_handler (result i32)
    (block $caught
      (try_table (catch $plain $caught)
        (call $throw_number (i32.const 1))))
    (i32.const 0))

  ;; RETURNS 7
  (func $caught (result i32)
    (block $caught (result i32)
      (try_table (result i32) (catch $number $caught)
        (call $throw_number (i32.const 7))
        (i32.const 1))))

  ;; RETURNS 11
  (func $caught_from_deep_below (result i32) (local $second i64)
    (block $caught (result i32 i64)
      (try_table (catch $pair $caught)
        (call $throw_pair_deep (i32.const 1000)))
      (return (i32.const 1)))
    (local.set $second)
    (i32.add (i32.wrap_i64 (local.get $second))))

  ;; RETURNS 9
  (func $thrown_again_by_reference (result i32)
    (block $outer (result i32)
      (try_table (result i32) (catch $number $outer)
        (block $inner (result exnref)
          (try_table (catch_all_ref $inner)
            (call $throw_number (i32.const 9)))
          (return (i32.const 1)))
        (throw_ref))))

  ;; TRAP null reference
  (func $throw_null (result i32)
    (throw_ref (ref.null exn)))

  ;; RETURNS 100
  (func $many_in_turn (result i32) (local $i i32) (local $caught i32)
    (loop $again
      (block $handler
        (try_table (catch $plain $handler)
          (throw $plain)))
      (local.set $caught (i32.add (local.get $caught) (i32.const 1)))
      (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1)))
                              (i32.const 100))))
    (local.get $caught))

  ;; TRAP unreachable
  (func $trap_is_not_caught (result i32)
    (block $caught
      (try_table (catch_all $caught)
        unreachable))
    (i32.const 0))

  ;; TRAP call stack exhausted
  (func $exhausted_is_not_caught (result i32)
    (block $caught (result i32)
      (try_table (result i32) (catch $number $caught)
        (i32.add (i32.const 1) (call $exhausted_is_not_caught)))))

  (table $cases funcref (elem
    $uncaught $uncaught_by_this_handler $caught $caught_from_deep_below $thrown_again_by_reference
    $throw_null $many_in_turn $trap_is_not_caught $exhausted_is_not_caught))

  (func $main (export "dagger_main") (result i32)
    (drop (call $read (call $open (i32.const 0) (i32.const 8)) (i32.const 64) (i32.const 1)))
    (drop (call $write (call $open (i32.const 16) (i32.const 9)) (i32.const 32) (i32.const 15)))
    (call_indirect $cases (type $case) (i32.sub (i32.load8_u (i32.const 64)) (i32.const 65)))))
