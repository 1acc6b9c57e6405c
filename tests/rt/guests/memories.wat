;; Several memories, each with bounds of its own; as traps.wat.
(module
  (import "dagger" "open" (func $open (param i32 i32) (result i32)))
  (import "dagger" "read" (func $read (param i32 i32 i32) (result i32)))
  (import "dagger" "write" (func $write (param i32 i32 i32) (result i32)))
  (memory $first (export "memory") 1)
  (memory $second 2 4)
  (memory $third 0)
  (data (memory $first) (i32.const 0) "stdin://")
  (data (memory $first) (i32.const 16) "stdout://")
  (data (memory $first) (i32.const 32) "before the trap")
  (type $case (func (result i32)))

  ;; RETURNS 8
  (func $second_is_larger (result i32)
    (i32.store $second (i32.const 131068) (i32.const 8))
    (i32.load $second (i32.const 131068)))

  ;; TRAP out of bounds memory access
  (func $first_is_not (result i32)
    (i32.load $first (i32.const 131068)))

  ;; TRAP out of bounds memory access
  (func $beyond_second (result i32)
    (i32.load $second (i32.const 131069)))

  ;; TRAP out of bounds memory access
  (func $third_is_empty (result i32)
    (i32.load8_u $third (i32.const 0)))

  ;; TRAP out of bounds memory access
  (func $copy_into_the_smaller (result i32)
    (memory.copy $first $second (i32.const 0) (i32.const 0) (i32.const 131072))
    (i32.const 0))

  ;; RETURNS 1
  (func $each_grows_alone (result i32)
    (drop (memory.grow $second (i32.const 2)))
    (drop (memory.grow $third (i32.const 1)))
    (i32.store $third (i32.const 65532) (i32.const 1))
    (i32.and (i32.eq (memory.size $first) (i32.const 1))
             (i32.eq (memory.grow $second (i32.const 1)) (i32.const -1))))

  (table $cases funcref (elem
    $second_is_larger $first_is_not $beyond_second $third_is_empty $copy_into_the_smaller
    $each_grows_alone))

  (func $main (export "dagger_main") (result i32)
    (drop (call $read (call $open (i32.const 0) (i32.const 8)) (i32.const 64) (i32.const 1)))
    (drop (call $write (call $open (i32.const 16) (i32.const 9)) (i32.const 32) (i32.const 15)))
    (call_indirect $cases (type $case) (i32.sub (i32.load8_u (i32.const 64)) (i32.const 65)))))
