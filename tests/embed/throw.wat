;; Exceptions that are caught, thrown past the export, and thrown past a call that the host made
;; while a handler of the guest waits.
(module
  (import "dagger" "open" (func $open (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (tag $number (param i32))
  (func $throw (export "throw") (param i32) (throw $number (local.get 0)))
  (func (export "catch") (param i32) (result i32)
    (try (result i32)
      (do (call $throw (local.get 0)) (i32.const -1))
      (catch $number)))
  ;; Opens the URL at 0 with a handler around it, throws, and gives what was thrown.
  (func (export "open_and_catch") (param i32 i32) (result i32)
    (try (result i32)
      (do (drop (call $open (i32.const 0) (local.get 0))) (call $throw (local.get 1)) (i32.const -1))
      (catch $number))))
