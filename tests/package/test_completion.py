"""The completions of both programs in a shell, which is the argument: bash, zsh or fish."""

import shutil
import sys
import unittest

from packaging import BUILD, SKIPPED, SOURCE, PackagingTest

# What is typed, and what the shell makes of it or offers.
ROWS = (
    ("daggercc --print-im", "--print-imports"),
    ("daggercc --reprod", "--reproducible"),
    ("daggercc --memory=ch", "--memory=checked"),
    ("dagger --max-mem", "--max-memory"),
    ("dagger --sandbox=req", "--sandbox=require"),
)
BASH = """
. "$1/$2"
complete -p "$2" >/dev/null || exit
shift
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
compopt() { :; }
"_$1" "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
printf '%s\\n' "${COMPREPLY[@]}"
"""


class Completion(PackagingTest):
    def complete_bash(self, typed):
        # Bash takes a "=" for a word of its own, and offers what comes behind it.
        words = typed.replace("=", " = ").split()
        folder = BUILD / "share/bash-completion/completions"
        said = self.run_in(
            self.top, "bash", "--norc", "-O", "extglob", "-c", BASH, "bash", folder, *words
        )
        before = typed.split()[-1].partition("=")
        return "".join(before[:2] if before[1] else ()) + said

    def complete_zsh(self, typed):
        folder = BUILD / "share/zsh/site-functions"
        script = SOURCE / "tests/package/complete.zsh"
        return self.run_in(self.top, "zsh", "-f", script, folder, typed)

    def complete_fish(self, typed):
        file = BUILD / f"share/fish/vendor_completions.d/{typed.split()[0]}.fish"
        said = self.run_in(
            self.top,
            "fish",
            "--no-config",
            "-c",
            "source $argv[1]; complete -C $argv[2]",
            file,
            typed,
        )
        return said

    def test_rows(self):
        for typed, expected in ROWS:
            with self.subTest(typed):
                self.assertIn(expected, getattr(self, f"complete_{SHELL}")(typed))


if __name__ == "__main__":
    SHELL = sys.argv.pop(1)
    if shutil.which(SHELL) is None:
        print(f"{SHELL} is not installed")
        sys.exit(SKIPPED)
    unittest.main()
