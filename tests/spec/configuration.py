"""One configuration: daggercc's options, and what all files come to with them."""

import dataclasses
import shutil
import shlex

import c_text
from toolchain import Failed, Toolchain, run


@dataclasses.dataclass
class Outcome:
    """Of one file."""

    file: object
    passed: int = 0
    failures: list = dataclasses.field(default_factory=list)  # (line, what, why)
    executables: int = 0
    objects: int = 0

    def fail(self, number, why):
        self.failures.append(self.file.failure(number, why))

    def take(self, numbers, output, status):
        """What a program said that performed these commands."""
        said = {}
        for line in output.splitlines():
            verdict, number, why = line.split(" ", 2)
            said[int(number)] = (verdict, why)
        for number in numbers:
            verdict, why = said.get(number, ("fail", f"not reached: ended by status {status}"))
            if verdict != "pass":
                self.fail(number, why)
            elif self.file.counts(number):
                self.passed += 1
        if status != 0 and len(said) == len(numbers):
            self.fail(numbers[-1], f"the program ended by status {status}")


class Configuration:
    """`text`: options of daggercc. With -c among them all modules are compiled to objects, as a library
    is; else those that import nothing, and are not imported from, to executables."""

    def __init__(self, text):
        words = shlex.split(text)
        self.text = text or "daggercc's defaults"
        self.as_objects = "-c" in words
        self.options = [word for word in words if word != "-c"]
        self.tools, self.memory = None, None

    def set_up(self, build, wasm2c, enable, folder):
        folder.mkdir(parents=True)
        self.tools = Toolchain(build, [*self.options, f"--wasm2c={wasm2c}"], enable, folder)
        if not self.as_objects:
            self.memory = self.tools.check_specialised()

    def check(self, file, programs, pool):
        """`programs`: the objects' files of commands of executables, by module number."""
        outcome = Outcome(file)
        alone = [] if self.as_objects else [m for m in file.modules.values() if not m.linked]
        linked = [m for m in file.modules.values() if self.as_objects or m.linked]
        folder = self.tools.folder / file.folder.name
        folder.mkdir()
        outcome.executables, outcome.objects = len(alone), len(linked)
        objects = {m.number: pool.submit(self.tools.make_object, m, folder) for m in linked}
        executables = {m.number: pool.submit(self._run_alone, m, folder, programs) for m in alone}
        for number, future in executables.items():
            numbers = [step.number for step in file.steps if step.module.number == number]
            try:
                outcome.take(numbers, *future.result())
            except Failed as error:
                self._fail_all(outcome, numbers, str(error))
        if linked:
            self._run_linked(outcome, folder, objects)
        return outcome

    def _fail_all(self, outcome, numbers, why):
        outcome.fail(numbers[0], why)
        for number in numbers[1:]:
            outcome.fail(number, "its module did not compile")

    # ---- executables -----------------------------------------------------------------------------

    def _run_alone(self, module, folder, programs):
        program = folder / f"m{module.number}"
        wasm = module.path.with_suffix(".program.wasm")
        self.tools.make_executable(module, wasm, programs, program)
        status, output, _ = run([program], folder)
        program.unlink()
        return output, status

    # ---- objects ---------------------------------------------------------------------------------

    def _run_linked(self, outcome, folder, objects):
        broken = set()
        for number, future in objects.items():
            try:
                future.result()
            except Failed as error:
                broken.add(number)
                outcome.fail(number, str(error))
        usable = []
        for step in outcome.file.steps:
            module = step.module
            if module.number not in objects or (step.instantiates and module.number in broken):
                continue
            if ({module.number} | module.needs) & broken:
                broken |= {module.number}
                outcome.fail(step.number, "its module did not compile")
                continue
            usable.append(step)
        if usable:
            try:
                self._run_program(outcome, folder, usable, [n for n in objects if n not in broken])
            except Failed as error:
                outcome.fail(usable[0].number, f"the program of all commands: {error}")

    def _text(self, step, folder):
        if not step.instantiates:
            return step.text(c_text.InObjects)
        others = self.tools.instances_taken(step.module, folder)
        return c_text.command(
            step.number, step.module.reason, c_text.InObjects.instantiate(step.module, others)
        )

    def _run_program(self, outcome, folder, usable, modules):
        texts = [self._text(step, folder) for step in usable]
        source, program = folder / "program.c", folder / "program"
        source.write_text(c_text.InObjects.head(modules) + c_text.commands_function("commands", texts))
        self.tools.compile_ours(source, folder / "program.o", folder)
        objects = [folder / f"m{number}.o" for number in modules]
        self.tools.link([folder / "program.o", *objects], program, folder)
        status, output, _ = run([program], folder)
        outcome.take([step.number for step in usable], output, status)

    def forget(self, file):
        """Removes what `check` left."""
        shutil.rmtree(self.tools.folder / file.folder.name)


def write_programs(file, tools):
    """For all configurations: copies of the modules that can be executables, and an object with the
    commands that are performed in each. Returns the object's name."""
    alone = [module for module in file.modules.values() if not module.linked]
    source, form = file.folder / "programs.c", c_text.InExecutables
    with open(source, "w", encoding="utf-8") as out:
        out.write(form.head(alone))
        for module in alone:
            reads = [(index, kind) for index, kind, _ in module.globals_read]
            module.wasm.write_program(module.path.with_suffix(".program.wasm"), reads)
            texts = []
            for step in file.steps:
                if step.module is not module:
                    continue
                start = form.instantiate(module, None)
                texts.append(
                    c_text.command(step.number, module.reason, start)
                    if step.instantiates
                    else step.text(form)
                )
            out.write(c_text.commands_function(f"m{module.number}_commands", texts))
    tools.compile_ours(source, source.with_suffix(".o"), file.folder)
    return source.with_suffix(".o")
