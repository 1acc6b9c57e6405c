;; Exceptions of the older kind, with a tag.
(module
  (memory (export "memory") 1 2)
  (tag $t (param i32))
  (func (export "main") (result i32)
    (try (result i32)
      (do (try (do (throw $t (i32.const 7))) (delegate 0)) (i32.const 1))
      (catch $t)
      (catch_all (rethrow 0)))))
