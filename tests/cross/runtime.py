"""Builds the runtime for another target by scripts/target, as docs/cross.md has it: the other tests of it
need that. The second time there must be nothing left to do.

    runtime.py TRIPLE
"""

import os
import pathlib
import shutil
import subprocess
import sys

SOURCE = pathlib.Path(os.environ["DAGGER_SOURCE"])
BUILD = pathlib.Path(os.environ["DAGGER_BUILD"])
SKIPPED = 77


def main(triple):
    if not shutil.which(f"{triple}-gcc"):
        print(f"{triple}-gcc is not installed")
        return SKIPPED
    command = [SOURCE / "scripts/target", triple, "--tree", BUILD]
    subprocess.run(command, check=True)
    again = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    archives = [BUILD / "lib/dagger" / triple / name for name in ("libdagger.a", "libdagger_embed.a")]
    missing = [str(path) for path in archives if not path.is_file()]
    print(again, *missing)
    return 1 if missing or "no work to do" not in again else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
