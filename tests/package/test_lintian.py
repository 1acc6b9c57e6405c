"""lintian has nothing to say about the Debian package."""

import shutil
import sys
import unittest

from packaging import SKIPPED, PackagingTest

# There is no request for a package of Debian's own that the changelog's first entry could close.
NOT_FOR_US = "initial-upload-closes-no-bugs"


class Lintian(PackagingTest):
    def test_package(self):
        said = self.run_in(
            self.top,
            "lintian",
            "--allow-root",
            "--fail-on=error,warning",
            f"--suppress-tags={NOT_FOR_US}",
            self.debian_package(),
        )
        self.assertEqual(said, "")


if __name__ == "__main__":
    if shutil.which("lintian") is None:
        print("lintian is not installed")
        sys.exit(SKIPPED)
    unittest.main()
