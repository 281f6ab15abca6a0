"""Runs the tests and ends with a line of counts: `N passed, N failed, N skipped`, and each reason for skipping once."""
import collections
import os
import sys
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, ROOT)
names = sys.argv[1:]
loader = unittest.defaultTestLoader
suite = loader.loadTestsFromNames(names) if names else loader.discover(os.path.join(ROOT, "tests"), top_level_dir=ROOT)
result = unittest.TextTestRunner(stream=sys.stdout, verbosity=1).run(suite)
for reason, count in collections.Counter(reason for _, reason in result.skipped).items():
    print("  %d skipped: %s" % (count, reason))
# A test with several failed parts is one that failed.
failed = len({getattr(test, "test_case", test).id() for test, _ in result.failures + result.errors}) + len(result.unexpectedSuccesses)
skipped = len(result.skipped)
print("%d passed, %d failed, %d skipped" % (result.testsRun - failed - skipped, failed, skipped))
sys.exit(1 if failed or not result.testsRun else 0)
