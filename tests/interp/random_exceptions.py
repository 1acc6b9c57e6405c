"""Random modules full of exceptions (try, catch, delegate, rethrow), which wasm-opt's generator does not
make. What has happened goes into a number that is written again and again, so that a wrong way through the
module shows."""

TAGS = {"$a": [], "$b": ["i32"], "$c": ["i32", "i64"]}
FUNCTIONS = 5
DEEPEST = 5


class Maker:
    def __init__(self, rng):
        self.rng = rng
        self.labels = 0
        self.count = 0

    def label(self):
        self.labels += 1
        return f"$l{self.labels}"

    def note(self):
        """Something that happened, which depends on the locals too."""
        self.count += 1
        return (f"(global.set $h (i32.add (i32.mul (global.get $h) (i32.const 31)) (i32.add (i32.const {self.count}) "
                "(i32.add (local.get $x) (i32.wrap_i64 (local.get $y))))))")  # fmt: skip

    def value(self, kind):
        rng = self.rng
        if kind == "i64":
            return rng.choice((f"(i64.const {rng.randrange(9)})", "(local.get $y)"))
        return rng.choice((f"(i32.const {rng.randrange(9)})", "(local.get $x)", "(local.get $z)", "(local.get 0)"))

    def throw(self):
        tag = self.rng.choice(list(TAGS))
        return f"(throw {tag} {' '.join(map(self.value, TAGS[tag]))})"

    def statements(self, depth, outer, caught, last=""):
        """outer: labels that may be delegated or branched to; caught: those of catches, to rethrow."""
        found = [self.statement(depth, outer, caught) for _ in range(self.rng.randrange(1, 4))]
        return "\n".join([*found, last])

    def statement(self, depth, outer, caught):
        rng = self.rng
        kinds = ["note", "set", "call", "maybe throw", "log"]
        if depth < DEEPEST:
            kinds += ["try"] * 4 + ["delegate"] * 2 + ["block", "if", "operands"]
        if outer:
            kinds.append("branch")
        kind = rng.choice(kinds)
        if kind == "set":
            return rng.choice((f"(local.set $x {self.value('i32')})", f"(local.set $y {self.value('i64')})"))
        if kind == "call":
            return f"(local.set $z (call $f{rng.randrange(FUNCTIONS)} {self.value('i32')}))"
        if kind == "maybe throw":
            return f"(if (i32.and {self.value('i32')} (i32.const {rng.choice((1, 2, 3))})) (then {self.throw()}))"
        if kind == "log":
            return "(call $log)"
        if kind == "branch":
            return f"(br_if {rng.choice(outer)} (i32.eq {self.value('i32')} (i32.const {rng.randrange(4)})))"
        if kind in ("block", "if"):
            label = self.label()
            inside = self.statements(depth + 1, [*outer, label], caught)
            return (f"(block {label}\n{inside})" if kind == "block" else
                    f"(if {label} {self.value('i32')} (then\n{inside}))")  # fmt: skip
        if kind == "operands":  # a catch must leave what is below it
            inside = self.attempt(depth + 1, outer, caught, "(result i32)", self.value("i32"))
            return f"{self.value('i32')}\n{self.value('i64')}\n{inside}\n(local.set $z) (local.set $y) (local.set $x)"
        if kind == "try":
            return self.attempt(depth, outer, caught, "", "")
        if kind == "delegate":
            label = self.label()
            inside = self.statements(depth + 1, [*outer, label], caught)
            target = rng.choice([*outer, str(len(outer))]) if outer else "0"
            return f"(try {label} (do\n{inside})\n(delegate {target}))"
        return self.note()

    def attempt(self, depth, outer, caught, result, value):
        """A try with its catches. A catch_all stands alone: daggercc refuses one after a catch."""
        rng, label = self.rng, self.label()
        # A try that gives a value is no target for branches without one.
        inner = outer if result else [*outer, label]
        body = self.statements(depth + 1, inner, caught, rng.choice((value, value or self.throw())))
        again = rng.random() < 0.2
        tail = f"(rethrow {rng.choice([*caught, label])})" if again else value
        if rng.random() < 0.3:
            handlers = f"(catch_all {self.statements(depth + 1, inner, [*caught, label], tail)})"
        else:
            handlers = ""
            for tag in rng.sample(list(TAGS), rng.randrange(1, 4)):
                pops = " ".join({"i32": "(local.set $x)", "i64": "(local.set $y)"}[kind]
                                for kind in reversed(TAGS[tag]))  # fmt: skip
                inside = self.statements(depth + 1, inner, [*caught, label], tail)
                handlers += f"\n(catch {tag} {pops} {self.note()}\n{inside})"
        return f"(try {label} {result} (do\n{body})\n{handlers})"

    def function(self, number):
        body = self.statements(0, [], [])
        return f"""
 (func $f{number} (param i32) (result i32)
  (local $x i32) (local $y i64) (local $z i32)
  (if (i32.eqz (global.get $left)) (then (return (i32.const 1))))
  (global.set $left (i32.sub (global.get $left) (i32.const 1)))
{body}
  {self.note()}
  {self.value("i32")})"""


def module(rng):
    """The text of a module, without imports and entry point."""
    maker = Maker(rng)
    tags = " ".join(f"(tag {tag} (param {' '.join(kinds)}))" for tag, kinds in TAGS.items())
    functions = "".join(maker.function(number) for number in range(FUNCTIONS))
    exports = "".join(f'\n (export "f{number}" (func $f{number}))' for number in range(FUNCTIONS))
    return f"""(module
 {tags}{exports}
 (global $h (mut i32) (i32.const 1)) (global $left (mut i32) (i32.const 40))
 (memory $0 16 17)
 (func $log (call $dagger$log-i32 (global.get $h)))
{functions}
)
"""
