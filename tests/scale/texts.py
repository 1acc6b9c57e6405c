"""Texts to count the words of, the same each time, and the counts by another way."""

import collections
import random
import re

LOWER = bytes(byte + 32 if 65 <= byte <= 90 else byte for byte in range(256))


def texts(folder, count, words, seed=1):
    """Writes so many files of about so many words: words that are frequent and rare, of several files and
    of one, any bytes between them. The first is empty, the second noise. Returns their paths."""
    rolls = random.Random(seed)
    paths = []
    for number in range(count):
        path = folder / f"text-{number:03}"
        if number == 0:
            content = b""
        elif number == 1:
            content = rolls.randbytes(words)
        else:
            ranks = (int(rolls.paretovariate(1)) for _ in range(words))
            content = b"".join(
                b"%s%d%s"
                % (
                    rolls.choice((b"W", b"w", "ä".encode())),
                    rank,
                    rolls.choice((b" ", b"\n", b"\t", b"\0", b", ")),
                )
                for rank in ranks
            )
        path.write_bytes(content)
        paths.append(path)
    return paths


def counted(paths):
    """What map and reduce have to make of the files."""
    counts = collections.Counter()
    for path in paths:
        counts.update(re.findall(rb"[0-9a-z\x80-\xff]+", path.read_bytes().translate(LOWER)))
    return b"".join(b"%s\t%d\n" % (word, counts[word]) for word in sorted(counts))
