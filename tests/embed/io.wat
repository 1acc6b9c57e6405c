;; The five calls, for the embedder to make.
(module
  (import "dagger" "open" (func $open (param i32 i32) (result i32)))
  (import "dagger" "close" (func $close (param i32) (result i32)))
  (import "dagger" "read" (func $read (param i32 i32 i32) (result i32)))
  (import "dagger" "write" (func $write (param i32 i32 i32) (result i32)))
  (import "dagger" "flush" (func $flush (param i32) (result i32)))
  (import "env" "abort" (func $abort (param i32 i32 i32 i32)))
  (memory (export "memory") 2)
  (export "open" (func $open))
  (export "close" (func $close))
  (export "write" (func $write))
  (export "flush" (func $flush))
  (func (export "read") (param i32 i32 i32) (result i32)
    (call $read (local.get 0) (local.get 1) (local.get 2)))
  ;; Opens, and traps after the host has returned.
  (func (export "open_and_trap") (param i32 i32)
    (drop (call $open (local.get 0) (local.get 1))) (unreachable))
  (func (export "abort")
    (call $abort (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)))
  ;; Calls down the stack until none is left.
  (func $down (export "down") (param i32) (result i32)
    (drop (call $flush (i32.const 99)))
    (i32.add (i32.const 1) (call $down (local.get 0)))))
