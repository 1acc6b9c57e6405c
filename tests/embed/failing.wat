;; A data segment that does not fit: no instance can be made.
(module
  (memory (export "memory") 16)
  (table 1000 funcref)
  (data (i32.const 1048570) "beyond the end")
  (func (export "never")))
