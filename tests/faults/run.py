"""Each allocation, mapping, open, read and write of a run fails once, in turn, over samples and a guest of WASI.

    run.py GUEST...

Whatever fails: no crash, no hang; a run that ends with status 0 did all of its work; one that failed has said
so by its status, its output is the beginning of the right one, and a file that is replaced has its old
content or its new one, never part of it.
"""

import os
import pathlib
import subprocess
import sys
import tempfile

BUILD = pathlib.Path(os.environ["DAGGER_BUILD"])
SOURCE = pathlib.Path(os.environ["DAGGER_SOURCE"])
KINDS = ["alloc", "map", "open", "read", "write"]
TIMEOUT = 60  # seconds; no run takes one
CLANG = ["clang", "--target=wasm32", "-O2", "-mbulk-memory", "-nostdlib", "-Wl,--no-entry",
         f"-I{SOURCE}/samples/include"]  # fmt: skip
WASI = ["clang", "--target=wasm32-wasi", "-O2"]
TEXT = b"".join(b"line %d of the text\n" % i for i in range(1, 400))

# Guest: compiler, source, standard input.
GUESTS = {
    "hello": (CLANG, "samples/c/hello.c", b""),
    "cat": (CLANG, "samples/c/cat.c", TEXT),
    "wc": (CLANG, "samples/c/wc.c", TEXT),
    "tee": (CLANG, "samples/c/tee.c", TEXT),
    "copy": (CLANG, "samples/c/copy.c", b"source\ntarget\n"),
    "echo": (CLANG, "samples/c/echo.c", b""),
    "log": (CLANG, "samples/c/log.c", TEXT),
    "words": (WASI, "samples/wasi/words.c", TEXT),
}


class Guest:
    def __init__(self, name, folder):
        compiler, source, self.stdin = GUESTS[name]
        self.folder = pathlib.Path(folder)
        self.app = self.folder / name
        self.preload = self.folder / "preload.so"
        self.name = name
        subprocess.run([*compiler, SOURCE / source, "-o", f"{self.app}.wasm"], check=True)
        subprocess.run([BUILD / "bin/daggercc", f"{self.app}.wasm", "-o", self.app], check=True)
        subprocess.run(["cc", "-O1", "-shared", "-fPIC", "-D_GNU_SOURCE", "-o", self.preload,
                        pathlib.Path(__file__).parent / "preload.c"], check=True)  # fmt: skip
        self.whole = None

    def run(self, kind, number):
        """Its status, output and files, and how many calls of the kind there were."""
        with tempfile.TemporaryDirectory(dir=self.folder) as place:
            pathlib.Path(place, "source").write_bytes(TEXT)
            pathlib.Path(place, "target").write_bytes(b"old")
            env = {"LD_PRELOAD": str(self.preload), "FAULT_KIND": kind, "FAULT_NUMBER": str(number),
                   "PATH": os.environ["PATH"]}  # fmt: skip
            done = subprocess.run([self.app, "target"], input=self.stdin, capture_output=True, env=env,
                                  cwd=place, timeout=TIMEOUT)  # fmt: skip
            error, _, count = done.stderr.rpartition(b"\ncalls: ")
            files = {path.name: path.read_bytes() for path in pathlib.Path(place).iterdir()}
        return done.returncode, done.stdout, error, files, int(count or 0)

    def complain(self, kind, number, text, run):
        print(f"{self.name}: {kind} {number}: {text}; status {run[0]}, standard error {run[2][-300:]!r}")
        return 1

    def check(self, kind, number):
        run = status, out, error, files, _ = self.run(kind, number)
        good_status, good_out, _, good_files, _ = self.whole
        if status < 0 or status > 134:
            return self.complain(kind, number, "it was killed", run)
        if status == good_status and (out, files) != (good_out, good_files):
            return self.complain(kind, number, "it says that all went well", run)
        if status != good_status and not good_out.startswith(out):
            return self.complain(kind, number, f"its output is {out[-80:]!r}", run)
        for name, content in files.items():
            atomic = self.name == "copy"
            right = (content in (b"old", TEXT) if atomic
                     else good_files.get(name, b"").startswith(content) or content == b"old")  # fmt: skip
            if not right:
                return self.complain(kind, number, f"{name} has {content[-80:]!r}", run)
        if set(files) - set(good_files):
            return self.complain(kind, number, f"it left {set(files) - set(good_files)}", run)
        return 0


def main(names):
    failures = runs = 0
    for name in names or GUESTS:
        with tempfile.TemporaryDirectory(prefix="dagger-faults-") as folder:
            guest = Guest(name, folder)
            for kind in KINDS:
                guest.whole = guest.run(kind, 0)
                count = guest.whole[4]
                for number in range(1, count + 1):
                    failures += guest.check(kind, number)
                runs += count
    print(f"{runs} runs, {failures} failures")
    return 1 if failures or not runs else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
