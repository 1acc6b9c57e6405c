;; A guest in the text format; also the template to start one from. The five imports are all there is
;; (leave out what the guest does not call):
;;
;;   (import "dagger" "open"  (func $open  (param $url i32) (param $url_len i32) (result i32)))
;;   (import "dagger" "close" (func $close (param $sd i32) (result i32)))
;;   (import "dagger" "read"  (func $read  (param $sd i32) (param $data i32) (param $len i32) (result i32)))
;;   (import "dagger" "write" (func $write (param $sd i32) (param $data i32) (param $len i32) (result i32)))
;;   (import "dagger" "flush" (func $flush (param $sd i32) (result i32)))
;;
;; Results below zero are errors:
;;
;;   -1 BADURL    -4 BADSD   -7 NOENT   -10 IO       -13 CONNECT  -16 NOMEM
;;   -2 BADINPUT  -5 FAULT   -8 EXIST   -11 TOOMANY  -14 TLS      -17 PIPE
;;   -3 NOSCHEME  -6 PERM    -9 NOTSUP  -12 TIMEOUT  -15 NOSPACE  -18 UNAVAIL
;;
;; docs/abi.md is the contract of the calls in full.
(module
  (import "dagger" "open" (func $open (param i32 i32) (result i32)))
  (import "dagger" "write" (func $write (param i32 i32 i32) (result i32)))

  ;; The memory that pointers point into: the one exported as "memory".
  (memory (export "memory") 1)
  (data (i32.const 0) "stdout://")
  (data (i32.const 16) "hello from WAT\n")

  ;; The entry point; its result, & 255, is the exit status.
  (func (export "dagger_main") (result i32)
    (local $out i32)
    (local.set $out (call $open (i32.const 0) (i32.const 9)))
    (if (i32.lt_s (local.get $out) (i32.const 0))
      (then (return (i32.const 1))))
    (i32.lt_s (call $write (local.get $out) (i32.const 16) (i32.const 15)) (i32.const 0))))
