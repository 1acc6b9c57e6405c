"""Without a usable libcurl the schemes answer UNAVAIL, and what is not http works as ever."""

import os
import shlex
import subprocess
import tempfile
import unittest

from guest import Guest

ALL = """
struct info { int age; const char *version; unsigned number; const char *host; int features;
              const char *tls; };
static struct info info = {0, "0", VERSION, "", FEATURES, "OpenSSL/3"};
void *curl_version_info(int age) { (void)age; return &info; }
int curl_global_init(long flags) { (void)flags; return INIT; }
#define X(name) void curl_##name(void) {}
X(easy_cleanup) X(easy_getinfo) X(easy_init) X(easy_pause) X(easy_perform) X(easy_recv) X(easy_send) X(easy_setopt) X(multi_add_handle)
X(multi_info_read) X(multi_init) X(multi_perform) X(multi_poll) X(multi_remove_handle)
X(multi_setopt) X(slist_append) X(slist_free_all)
"""
RIGHT = {"VERSION": "0x080000", "FEATURES": "4", "INIT": "0"}


class Missing(unittest.TestCase):
    def setUp(self):
        self.folder = self.enterContext(tempfile.TemporaryDirectory())
        self.library = os.path.join(self.folder, "libcurl.so.4")

    def check(self, result):
        with Guest(env={"LD_LIBRARY_PATH": self.folder}) as guest:
            for url in ("http://localhost/", "https://localhost/", "http://localhost/again",
                        "tcp://localhost:1", "tcp+tls://localhost:1"):
                self.assertEqual(guest.open(url), result)
            self.assertEqual(guest.open("http://user@localhost/"), "BADINPUT")
            self.assertEqual(guest.open("tcp://localhost"), "BADINPUT")
            sd = guest.open("zero://")
            self.assertEqual(guest.read(sd, 3), b"\0\0\0")

    def build(self, source, **macros):
        compiler = shlex.split(os.environ.get("CC", "cc"))
        defines = [f"-D{name}={value}" for name, value in macros.items()]
        subprocess.run(
            [*compiler, "-w", "-shared", "-fPIC", *defines, "-xc", "-", "-o", self.library],
            input=source, text=True, check=True,
        )  # fmt: skip

    def test_no_library(self):
        with open(self.library, "wb"):
            pass  # found first, and no library at all
        self.check("UNAVAIL")

    def test_functions_missing(self):
        self.build("int something;")
        self.check("UNAVAIL")

    def test_too_old(self):
        self.build(ALL, **{**RIGHT, "VERSION": "0x075400"})
        self.check("UNAVAIL")

    def test_without_tls(self):
        self.build(ALL, **{**RIGHT, "FEATURES": "0"})
        self.check("UNAVAIL")

    def test_cannot_be_initialised(self):
        self.build(ALL, **{**RIGHT, "INIT": "2"})
        self.check("UNAVAIL")

    def test_out_of_memory(self):
        """The same library, right in all that is looked at, whose curl_multi_init gives NULL: so the
        cases above fail for the reason they name."""
        source = ALL.replace("X(multi_init)", "void *curl_multi_init(void) { return 0; }")
        source = source.replace("X(easy_init)", "void *curl_easy_init(void) { return 0; }")
        self.build(source, **RIGHT)
        self.check("NOMEM")


if __name__ == "__main__":
    unittest.main()
