"""What the guests find: folders made afresh for each run, `box` for the guest and `outside` beside it.

    box/        the guest's root, descriptor 3
    second/     descriptor 4 of guests that are given a second folder, read-only for some
    outside/    what no guest is given; Sandbox.escapes() tells whether one got at it
"""

import os
import pathlib
import stat

SECRET = "secret\n"

# Name below the sandbox: what is in the file.
FILES = {
    "box/file": "0123456789",
    "box/empty": "",
    "box/dir/inner": "inner\n",
    "box/dir/sub/deep": "deep\n",
    "box/swap-real/secret": "inside\n",
    "second/file": "second\n",
    "second/dir/inner": "inner of second\n",
    "outside/secret": SECRET,
    "outside/dir/secret": SECRET,
}
FOLDERS = ["box/hollow", "second/hollow"]

# Name below the sandbox: what the link says; {top} is the sandbox.
LINKS = {
    "box/link-file": "file",
    "box/link-dir": "dir",
    "box/link-sub": "dir/sub",
    "box/link-here": ".",
    "box/link-dangling": "nowhere",
    "box/link-out": "../outside/secret",
    "box/link-out-dir": "../outside",
    "box/link-out-new": "../outside/made",
    "box/link-out-in": "../box/file",
    "box/link-absolute": "{top}/outside/secret",
    "box/link-absolute-dir": "{top}/outside",
    "box/link-absolute-in": "{top}/box/file",
    "box/link-root": "/",
    "box/link-slash-file": "/file",
    "box/loop-self": "loop-self",
    "box/loop-a": "loop-b",
    "box/loop-b": "loop-a",
    "box/chain-1": "chain-2",
    "box/chain-2": "chain-3",
    "box/chain-3": "chain-4",
    "box/chain-4": "file",
    "box/chain-out-1": "chain-out-2",
    "box/chain-out-2": "dir/link-out",
    "box/dir/link-parent": "../file",
    "box/dir/link-out": "../../outside/secret",
    "box/dir/link-up": "..",
    "second/link-file": "file",
    "second/link-box": "../box/file",
}
MANY = 100  # files in box/many


def look(folder):
    """Everything below the folder that a guest could have changed there."""
    seen = {}
    for where, names, files in os.walk(folder):
        for name in [".", *names, *files]:
            path = os.path.join(where, name)
            entry = os.lstat(path)
            content = None
            if stat.S_ISREG(entry.st_mode):
                content = pathlib.Path(path).read_bytes()
            times = entry.st_mtime_ns, entry.st_ctime_ns, entry.st_nlink, entry.st_mode
            seen[os.path.relpath(path, folder)] = (content, *times)
    return seen


class Sandbox:
    def __init__(self, top):
        self.top = pathlib.Path(top)
        self.box, self.second, self.outside = (self.top / n for n in ("box", "second", "outside"))
        for name in FOLDERS:
            (self.top / name).mkdir(parents=True)
        for name, text in FILES.items():
            path = self.top / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        for name, target in LINKS.items():
            os.symlink(target.format(top=self.top), self.top / name)
        os.link(self.box / "file", self.box / "hard")
        os.mkfifo(self.box / "fifo")
        (self.box / "many").mkdir()
        for number in range(MANY):
            (self.box / f"many/f{number:02}").write_text(str(number))
        self.before = {folder: look(folder) for folder in (self.outside, self.second)}

    def changes(self, folder):
        """The names in a folder that are not as they were."""
        now, before = look(folder), self.before[folder]
        return sorted(n for n in now.keys() | before.keys() if now.get(n) != before.get(n))
