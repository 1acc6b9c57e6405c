"""What daggercc must refuse: it does so before a C compiler has any say."""

from toolchain import REFUSED_IMPORTS, run

# Refusals of version 2.0 that multiple memories, which daggercc takes, have made void: such a module
# must get an orderly answer, whichever it is.
VOID = ("multiple memories", "zero byte expected")


def is_void(command):
    return command["type"] != "assert_unlinkable" and command["text"] in VOID


def _translate(tools, path):
    """Has daggercc translate it: status, messages and what it left, which is removed."""
    output = path.with_suffix(".refused.c")
    argv = [tools.daggercc, *tools.options, "--emit=c", "-o", output, path]
    status, _, errors = run(argv, path.parent)
    left = [file for file in (output, output.with_suffix(".h")) if file.exists()]
    for file in left:
        file.unlink()
    return status, errors, left


def _refuses(tools, path):
    status, errors, left = _translate(tools, path)
    if status != 1 or not errors.startswith("daggercc: "):
        return f"daggercc: status {status}: {errors[:300]}"
    if left:
        return f"daggercc refuses it but leaves {left[0].name}"
    if REFUSED_IMPORTS not in errors:
        return None
    # That says nothing about the rest of it: see what wasm2c thinks.
    status, _, errors = run(tools.translation("guest", path.with_suffix(".c"), path), path.parent)
    return None if status == 1 else f"wasm2c: status {status}: {errors[:300]}"


def _refuses_imports(tools, path):
    status, errors, _ = _translate(tools, path)
    good = status == 1 and REFUSED_IMPORTS in errors
    return None if good else f"daggercc: status {status}: {errors[:300]}"


def _answers(tools, path):
    status, errors, left = _translate(tools, path)
    if status == 0 or (status == 1 and errors.startswith("daggercc: ") and not left):
        return None
    return f"daggercc: status {status}: {errors[:300]}"


def check_refusal(tools, file, command):
    """None if daggercc does with the module as it should, else what it does."""
    path = file.folder / command["filename"]
    if is_void(command):
        return _answers(tools, path)
    refuses = _refuses_imports if command["type"] == "assert_unlinkable" else _refuses
    return refuses(tools, path)
