;; Blocks of every kind, nested, with values; branches and tables of labels.
(module
  (type $two (func (param i32 i32) (result i32 i32)))
  (func $swap (type $two) (local i64 f64)
    (local.get 1) (local.get 0))
  (func (export "_start") (local $i i32)
    (block $out
      (loop $again
        (if (i32.gt_u (local.get $i) (i32.const 1000)) (then (br $out)) (else (nop)))
        (local.set $i (i32.add (local.get $i) (i32.const 300)))
        (block (block (block (br_table 0 1 2 3 4 (local.get $i)))))
        (br_if $again (i32.const 0)))
      (drop (drop (call $swap (i32.const 1) (i32.const -129))))
      (drop (block (result i32) (if (result i32) (i32.const 1) (then (i32.const 2)) (else (i32.const 3)))))
      (i32.const 7) (i32.const 8)
      (block (type $two) (call $swap))
      (drop) (drop))
    (return)))
