;; Vector accesses out of bounds; as traps.wat.
(module
  (import "dagger" "open" (func $open (param i32 i32) (result i32)))
  (import "dagger" "read" (func $read (param i32 i32 i32) (result i32)))
  (import "dagger" "write" (func $write (param i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "stdin://")
  (data (i32.const 16) "stdout://")
  (data (i32.const 32) "before the trap")
  (type $case (func (result i32)))

  ;; RETURNS 3
  (func $last_bytes (result i32)
    (v128.store (i32.const 65520) (i32x4.splat (i32.const 3)))
    (i32x4.extract_lane 3 (v128.load (i32.const 65520))))

  ;; TRAP out of bounds memory access
  (func $load (result i32)
    (i32x4.extract_lane 0 (v128.load (i32.const 65521))))

  ;; TRAP out of bounds memory access
  (func $load_of_no_use (result i32)
    (drop (v128.load (i32.const -16)))
    (i32.const 0))

  ;; TRAP out of bounds memory access
  (func $load_as_far_as_there_is (result i32)
    (i32x4.extract_lane 0 (v128.load offset=0xffffffff (i32.const -1))))

  ;; TRAP out of bounds memory access
  (func $store (result i32)
    (v128.store (i32.const 65535) (i32x4.splat (i32.const 3)))
    (i32.const 0))

  ;; TRAP out of bounds memory access
  (func $load_lane (result i32)
    (i64x2.extract_lane 0 (v128.load64_lane 1 (i32.const 65529) (i32x4.splat (i32.const 3))))
    i32.wrap_i64)

  ;; TRAP out of bounds memory access
  (func $load_splat (result i32)
    (i8x16.extract_lane_u 0 (v128.load8_splat (i32.const 65536))))

  (table $cases funcref (elem
    $last_bytes $load $load_of_no_use $load_as_far_as_there_is $store $load_lane $load_splat))

  (func $main (export "dagger_main") (result i32)
    (drop (call $read (call $open (i32.const 0) (i32.const 8)) (i32.const 64) (i32.const 1)))
    (drop (call $write (call $open (i32.const 16) (i32.const 9)) (i32.const 32) (i32.const 15)))
    (call_indirect $cases (type $case) (i32.sub (i32.load8_u (i32.const 64)) (i32.const 65)))))
