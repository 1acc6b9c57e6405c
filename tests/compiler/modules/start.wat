;; A start function, a mutable global, and an export of every kind under an odd name.
(module
  (memory (export "a memory") 0)
  (table (export "__table__") 0 funcref)
  (global $g (export "f12") (mut i32) (i32.const 0))
  (func $begin (global.set $g (i32.const 1)))
  (func (export "") (export "*/ int main(){}") (export "main") (export "export_0"))
  (func (export "a\0ab\5c\0a/") (export "??/") (export "\22'`$(x)") (export "_") (export "int"))
  (start $begin))
