;; Several memories, each kind of access to them.
(module
  (memory $one 1)
  (memory $two (export "memory") 1 2)
  (data $passive "xyz")
  (data (memory $two) (i32.const 8) "second")
  (func (export "main") (result i32)
    (i32.store $two (i32.const 0) (i32.load $one (i32.const 0)))
    (memory.copy $one $two (i32.const 0) (i32.const 8) (i32.const 4))
    (memory.init $two $passive (i32.const 0) (i32.const 0) (i32.const 3))
    (memory.fill $one (i32.const 0) (i32.const 0) (i32.const 1))
    (drop (memory.grow $two (i32.const 1)))
    (memory.size $one)))
