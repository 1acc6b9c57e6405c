;; Names of functions, of which many become long or strange ones.
(module
  (memory 1)
  (func $_ZN4core3fmt9Formatter3pad17h0123456789abcdefE)
  (func $a.b::c<d>__e (call 0))
  (func $0x41 (call 1))
  (func $__x_ (call 2))
  (func (call 3))
  (func $std::vector<int>::push_back~!@#%^&*=|?.operator-> (call 4))
  (func $main (export "main") (call 5)))
