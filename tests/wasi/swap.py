"""Swaps two names of a folder until its standard input is closed:  swap.py FOLDER NAME OTHER

renameat2 exchanges them in one step, so that each name is there all the time. Writes a line when it has begun.
"""

import ctypes
import os
import select
import sys

AT_FDCWD, RENAME_EXCHANGE = -100, 2
TURNS = 200  # between looks at the standard input

os.chdir(sys.argv[1])
libc = ctypes.CDLL(None, use_errno=True)
one, two = (os.fsencode(name) for name in sys.argv[2:4])
begun = False
while not select.select([0], [], [], 0)[0]:
    for _ in range(TURNS):
        if libc.renameat2(AT_FDCWD, one, AT_FDCWD, two, RENAME_EXCHANGE):
            sys.exit(os.strerror(ctypes.get_errno()))
    if not begun:
        begun = True
        print("begun", flush=True)
