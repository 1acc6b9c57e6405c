"""Modules as others publish them inside C programs: samples/embed with what npm has (tests/npm)."""

import hashlib
import random
import struct
import unittest
import zlib

from embedding import BUILD, SOURCE, EmbedTest

SAMPLES = SOURCE / "samples/embed"
MODULES = BUILD / "node/npm/node_modules"

GO = b"""package main
import "fmt"
func main() {
for i:=0;i<3;i++ {
fmt.Println( "hello",i )
}
}
"""
FORMATTED = b"""package main

import "fmt"

func main() {
\tfor i := 0; i < 3; i++ {
\t\tfmt.Println("hello", i)
\t}
}
"""


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, rows):
    """RGBA, 8 bits a value, no filters."""
    head = struct.pack(">IIBBBBB", width, len(rows), 8, 6, 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + row for row in rows))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b""))


def unpng(image):
    """Rows of a PNG of RGBA or RGB, whose alpha is 255 then, as lodepng writes it."""
    at, data, head = 8, b"", None
    while at < len(image):
        size, kind = struct.unpack(">I4s", image[at:at + 8])
        body = image[at + 8:at + 8 + size]
        assert zlib.crc32(kind + body) == struct.unpack(">I", image[at + 8 + size:at + 12 + size])[0]
        head = struct.unpack(">IIBBBBB", body) if kind == b"IHDR" else head
        data += body if kind == b"IDAT" else b""
        at += size + 12
    width, height, depth, colour, *_ = head
    assert depth == 8 and colour in (2, 6), head
    step = 4 if colour == 6 else 3
    return width, height, step, filtered(zlib.decompress(data), width * step, height, step)


def filtered(raw, stride, height, step):
    """Takes PNG's filters (RFC 2083, 6) back."""
    rows, above = [], bytes(stride)
    for y in range(height):
        kind, *line = raw[y * (stride + 1):(y + 1) * (stride + 1)]
        for x in range(stride):
            left = line[x - step] if x >= step else 0
            corner = above[x - step] if x >= step else 0
            guess = left + above[x] - corner
            near = min((left, above[x], corner), key=lambda value: abs(guess - value))
            line[x] = line[x] + (0, left, above[x], (left + above[x]) // 2, near)[kind] & 255
        above = bytes(line)
        rows.append(above)
    return rows


class Npm(EmbedTest):
    def sample(self, name, module, archive, *options):
        self.assertTrue(MODULES.is_dir(), f"{MODULES} is missing: run scripts/setup")
        self.archive(MODULES / module, *options, name=archive)
        self.program(SAMPLES / f"{name}.c", archive)

    def test_sha256(self):
        self.sample("sha256", "@chainsafe/as-sha256/build/optimized.wasm", "sha256")
        source = random.Random(1)
        for size in (0, 1, 55, 56, 64, 511, 512, 513, 4096, 100000):
            with self.subTest(size):
                data = source.randbytes(size)
                done = self.run_in(["./program"], input=data)
                self.assertEqual(done.stdout.decode(), hashlib.sha256(data).hexdigest() + "\n")

    def test_sha256_simd(self):
        self.sample("sha256", "@chainsafe/as-sha256/build/optimized.simd.wasm", "sha256")
        done = self.run_in(["./program"], input=b"abc")
        self.assertEqual(done.stdout.decode(), hashlib.sha256(b"abc").hexdigest() + "\n")

    def test_lodepng(self):
        self.sample("png", "@cwasm/lodepng/lodepng.wasm", "lodepng", "-O1")
        source = random.Random(2)
        for width, height in ((1, 1), (3, 2), (64, 33)):
            with self.subTest((width, height)):
                rows = [source.randbytes(width * 4) for _ in range(height)]
                done = self.run_in(["./program"], input=png(width, rows))
                found = unpng(done.stdout)
                self.assertEqual(found[:2], (width, height))
                self.assertEqual(found[2], 4)
                self.assertEqual(found[3], rows[::-1])
        for broken in (b"", b"no image", png(1, [b"rgba"])[:-20]):
            done = self.run_in(["./program"], input=broken, status=1)
            self.assertIn(b"not a good image", done.stderr)

    def test_gofmt(self):
        self.sample("gofmt", "@wasm-fmt/gofmt/gofmt.wasm", "gofmt", "-O0", "-j2")
        for text in (GO, FORMATTED):
            self.assertEqual(self.run_in(["./program"], input=text).stdout, FORMATTED)
        done = self.run_in(["./program"], input=b"package main\nfunc {", status=1)
        self.assertIn(b"expected", done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
