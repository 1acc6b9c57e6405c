;; Every trap a guest of WebAssembly 2.0 can end by. The first byte of standard input, 'A' and on, says
;; which function is called; the line before a function says how the program must end: ";; TRAP" and
;; the reason, or ";; RETURNS" and the status. Read by traps.py.
(module
  (import "dagger" "open" (func $open (param i32 i32) (result i32)))
  (import "dagger" "read" (func $read (param i32 i32 i32) (result i32)))
  (import "dagger" "write" (func $write (param i32 i32 i32) (result i32)))
  (memory (export "memory") 1 3)
  (data (i32.const 0) "stdin://")
  (data (i32.const 16) "stdout://")
  (data (i32.const 32) "before the trap")
  (data $passive "passive")

  (type $case (func (result i32)))
  (type $other (func (param i64)))
  (table $things 4 8 externref)
  (table $functions 6 funcref)
  (elem (table $functions) (i32.const 1) func $indirect_recursion $takes_i64)
  (elem $passive_functions func $unreachable $unreachable)
  (global $zero (mut i32) (i32.const 0))
  (global $depth (mut i32) (i32.const 0))

  ;; TRAP unreachable
  (func $unreachable (result i32)
    unreachable)

  ;; TRAP out of bounds memory access
  (func $load_across_the_end (result i32)
    (i32.load (i32.const 65533)))

  ;; TRAP out of bounds memory access
  (func $load_as_far_as_there_is (result i32)
    (i32.wrap_i64 (i64.load offset=0xffffffff (i32.const -1))))

  ;; TRAP out of bounds memory access
  (func $load_of_no_use (result i32)
    (drop (i32.load8_u (i32.const 65536)))
    (i32.const 0))

  ;; TRAP out of bounds memory access
  (func $load_of_no_use_f64 (result i32)
    (drop (f64.load (i32.sub (global.get $zero) (i32.const 4))))
    (i32.const 0))

  ;; TRAP out of bounds memory access
  (func $load_of_no_use_f32 (result i32)
    (drop (f32.load offset=65530 (i32.const 3)))
    (i32.const 0))

  ;; TRAP out of bounds memory access
  (func $store_across_the_end (result i32)
    (i64.store (i32.const 65529) (i64.const -1))
    (i32.const 0))

  ;; TRAP out of bounds memory access
  (func $store_far_away (result i32)
    (i32.store8 offset=0x80000000 (i32.const 0x7fffffff) (i32.const 1))
    (i32.const 0))

  ;; RETURNS 41
  (func $last_bytes (result i32)
    (i64.store (i32.const 65528) (i64.const 40))
    (i32.add (i32.load (i32.const 65528)) (i32.const 1)))

  ;; RETURNS 1
  (func $memory_grows (result i32)
    (drop (memory.grow (i32.const 2)))
    (i32.store (i32.const 196604) (i32.const 7))
    (i32.and (i32.eq (memory.grow (i32.const 1)) (i32.const -1))
             (i32.eq (memory.size) (i32.const 3))))

  ;; TRAP out of bounds memory access
  (func $beyond_what_grew (result i32)
    (drop (memory.grow (i32.const 1)))
    (drop (i32.load (i32.const 131068)))
    (i32.load (i32.const 131069)))

  ;; TRAP out of bounds memory access
  (func $memory_fill (result i32)
    (memory.fill (i32.const 65530) (i32.const 1) (i32.const 7))
    (i32.const 0))

  ;; TRAP out of bounds memory access
  (func $memory_fill_of_all (result i32)
    (memory.fill (i32.const 1) (i32.const 1) (i32.const -1))
    (i32.const 0))

  ;; TRAP out of bounds memory access
  (func $memory_copy (result i32)
    (memory.copy (i32.const 0) (i32.const 65535) (i32.const 2))
    (i32.const 0))

  ;; TRAP out of bounds memory access
  (func $memory_init (result i32)
    (memory.init $passive (i32.const 0) (i32.const 5) (i32.const 3))
    (i32.const 0))

  ;; TRAP out of bounds memory access
  (func $memory_init_of_dropped (result i32)
    (data.drop $passive)
    (memory.init $passive (i32.const 0) (i32.const 0) (i32.const 1))
    (i32.const 0))

  ;; TRAP out of bounds table access
  (func $table_get (result i32)
    (ref.is_null (table.get $things (i32.const 4))))

  ;; TRAP out of bounds table access
  (func $table_set (result i32)
    (table.set $functions (i32.const -1) (ref.null func))
    (i32.const 0))

  ;; TRAP out of bounds table access
  (func $table_fill (result i32)
    (table.fill $things (i32.const 3) (ref.null extern) (i32.const 2))
    (i32.const 0))

  ;; TRAP out of bounds table access
  (func $table_copy (result i32)
    (table.copy $functions $functions (i32.const 0) (i32.const 1) (i32.const -1))
    (i32.const 0))

  ;; TRAP out of bounds table access
  (func $table_init (result i32)
    (table.init $functions $passive_functions (i32.const 5) (i32.const 0) (i32.const 2))
    (i32.const 0))

  ;; TRAP out of bounds table access
  (func $table_init_of_dropped (result i32)
    (elem.drop $passive_functions)
    (table.init $functions $passive_functions (i32.const 0) (i32.const 0) (i32.const 1))
    (i32.const 0))

  ;; RETURNS 1
  (func $table_grows (result i32)
    (drop (table.grow $things (ref.null extern) (i32.const 4)))
    (i32.and (i32.eq (table.grow $things (ref.null extern) (i32.const 1)) (i32.const -1))
             (ref.is_null (table.get $things (i32.const 7)))))

  ;; TRAP integer divide by zero
  (func $divide_by_zero (result i32)
    (i32.div_s (i32.const 1) (global.get $zero)))

  ;; TRAP integer divide by zero
  (func $remainder_by_zero (result i32)
    (i32.wrap_i64 (i64.rem_u (i64.const 1) (i64.extend_i32_u (global.get $zero)))))

  ;; TRAP integer overflow
  (func $divide_smallest_by_minus_one (result i32)
    (i32.div_s (i32.const 0x80000000) (i32.sub (global.get $zero) (i32.const 1))))

  ;; RETURNS 0
  (func $remainder_of_smallest_by_minus_one (result i32)
    (i32.wrap_i64 (i64.rem_s (i64.const 0x8000000000000000)
                             (i64.sub (i64.extend_i32_u (global.get $zero)) (i64.const 1)))))

  ;; TRAP invalid conversion to integer
  (func $truncate_nan (result i32)
    (i32.trunc_f32_s (f32.div (f32.convert_i32_s (global.get $zero))
                              (f32.convert_i32_s (global.get $zero)))))

  ;; TRAP integer overflow
  (func $truncate_large (result i32)
    (i32.wrap_i64 (i64.trunc_f64_u (f64.add (f64.const 1e19)
                                            (f64.mul (f64.const 1e19) (f64.const 10))))))

  ;; TRAP undefined element or indirect call type mismatch
  (func $call_undefined_element (result i32)
    (call_indirect $functions (type $case) (i32.const 6)))

  ;; TRAP undefined element or indirect call type mismatch
  (func $call_null (result i32)
    (call_indirect $functions (type $case) (global.get $zero)))

  ;; TRAP undefined element or indirect call type mismatch
  (func $call_of_another_type (result i32)
    (call_indirect $functions (type $case) (i32.const 2)))

  ;; TRAP call stack exhausted
  (func $recursion (result i32)
    (global.set $depth (i32.add (global.get $depth) (i32.const 1)))
    (i32.add (call $recursion) (global.get $depth)))

  ;; TRAP call stack exhausted
  (func $indirect_recursion (result i32)
    (i32.add (i32.const 1) (call_indirect $functions (type $case) (i32.const 1))))

  ;; TRAP call stack exhausted
  (func $recursion_with_calls_to_the_host (result i32)
    (drop (call $write (i32.const 99) (i32.const 32) (i32.const 1)))
    (i32.add (call $recursion_with_calls_to_the_host) (global.get $depth)))

  ;; TRAP call stack exhausted
  (func $recursion_that_grows_memory (result i32)
    (drop (memory.grow (i32.const 0)))
    (i32.add (call $recursion_that_grows_memory) (global.get $depth)))

  ;; TRAP call stack exhausted
  (func $recursion_that_fills_memory (result i32)
    (memory.fill (i32.const 1000) (i32.const 0) (i32.const 5000))
    (i32.add (call $recursion_that_fills_memory) (global.get $depth)))

  (func $takes_i64 (param i64))

  (table $cases funcref (elem
    $unreachable $load_across_the_end $load_as_far_as_there_is $load_of_no_use $load_of_no_use_f64
    $load_of_no_use_f32 $store_across_the_end $store_far_away $last_bytes $memory_grows
    $beyond_what_grew $memory_fill $memory_fill_of_all $memory_copy $memory_init
    $memory_init_of_dropped $table_get $table_set $table_fill $table_copy $table_init
    $table_init_of_dropped $table_grows $divide_by_zero $remainder_by_zero
    $divide_smallest_by_minus_one $remainder_of_smallest_by_minus_one $truncate_nan $truncate_large
    $call_undefined_element $call_null $call_of_another_type $recursion $indirect_recursion
    $recursion_with_calls_to_the_host $recursion_that_grows_memory $recursion_that_fills_memory))

  (func $main (export "dagger_main") (result i32)
    (drop (call $read (call $open (i32.const 0) (i32.const 8)) (i32.const 64) (i32.const 1)))
    (drop (call $write (call $open (i32.const 16) (i32.const 9)) (i32.const 32) (i32.const 15)))
    (call_indirect $cases (type $case) (i32.sub (i32.load8_u (i32.const 64)) (i32.const 65)))))
