"""The package as it is installed."""
import ast
import glob
import json
import os
import subprocess
import sys
import tempfile
import unittest
import zipfile

from tests.support import ROOT, python_environment

SOURCES = sorted(glob.glob(os.path.join(ROOT, "bitacora_logging", "*.py"))) + [os.path.join(ROOT, "build_backend.py")]


class Package(unittest.TestCase):
    def test_the_sources_are_python_3_8(self) -> None:
        for path in SOURCES:
            with open(path, encoding="utf-8") as file:
                ast.parse(file.read(), path, feature_version=(3, 8))

    @unittest.skipUnless(hasattr(sys, "stdlib_module_names"), "this Python does not know the names of its own modules")
    def test_nothing_but_the_standard_library_is_imported(self) -> None:
        for path in SOURCES:
            with open(path, encoding="utf-8") as file:
                tree = ast.parse(file.read())
            names = set()
            for node in ast.walk(tree):
                if isinstance(node, ast.Import):
                    names.update(alias.name.split(".")[0] for alias in node.names)
                elif isinstance(node, ast.ImportFrom) and not node.level:
                    names.add((node.module or "").split(".")[0])
            allowed = {"django"} if path.endswith("django.py") else set()
            self.assertEqual(names - set(sys.stdlib_module_names) - allowed, set(), path)  # type: ignore[attr-defined]

    def test_lines_have_at_most_140_characters(self) -> None:
        for path in SOURCES + glob.glob(os.path.join(ROOT, "tests", "**", "*.py"), recursive=True):
            with open(path, encoding="utf-8") as file:
                for number, line in enumerate(file, 1):
                    self.assertLessEqual(len(line.rstrip("\n")), 140, "%s:%d" % (path, number))

    def test_pip_installs_it_without_a_network(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            environment = python_environment({"PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"})
            environment.pop("PYTHONPATH")
            target = os.path.join(directory, "target")
            done = subprocess.run([sys.executable, "-m", "pip", "install", "-q", "--target", target, ROOT], env=environment,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True)
            if "No module named pip" in done.stdout:
                self.skipTest("this Python has no pip")
            self.assertEqual(done.returncode, 0, done.stdout)
            found = subprocess.run(
                [sys.executable, "-c", "import bitacora_logging, json, importlib.metadata as m; print(json.dumps("
                 "[bitacora_logging.__version__, m.version('bitacora-logging'), bitacora_logging.__file__, "
                 "m.metadata('bitacora-logging')['Requires-Python']]))"],
                env=dict(environment, PYTHONPATH=target), cwd=directory, stdout=subprocess.PIPE, universal_newlines=True, check=True)
            version, installed, path, requires = json.loads(found.stdout)
            self.assertEqual((version, requires), (installed, ">=3.8"))
            self.assertTrue(path.startswith(target))
            self.assertTrue(os.path.exists(os.path.join(target, "bitacora_logging", "py.typed")))
        self.assertFalse(os.path.exists(os.path.join(ROOT, "build")))

    def test_a_wheel_has_the_package_and_nothing_else(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            code = "import build_backend, sys; print(build_backend.build_wheel(sys.argv[1]))"
            name = subprocess.run([sys.executable, "-c", code, directory], env=python_environment(), stdout=subprocess.PIPE,
                                  universal_newlines=True, check=True).stdout.strip()
            with zipfile.ZipFile(os.path.join(directory, name)) as wheel:
                self.assertIsNone(wheel.testzip())
                self.assertEqual({path.split("/")[0].split("-")[0] for path in wheel.namelist()}, {"bitacora_logging"})
                self.assertIn("bitacora_logging/py.typed", wheel.namelist())

    def test_types_are_complete(self) -> None:
        mypy = subprocess.run([sys.executable, "-m", "mypy", "--version"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        python = sys.executable if mypy.returncode == 0 else "/usr/bin/python3"
        if subprocess.run([python, "-m", "mypy", "--version"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode:
            self.skipTest("mypy is not installed")
        with tempfile.TemporaryDirectory() as cache:
            done = subprocess.run([python, "-m", "mypy", "--cache-dir", cache], cwd=ROOT, stdout=subprocess.PIPE, universal_newlines=True)
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_the_benchmark_runs(self) -> None:
        done = subprocess.run([sys.executable, "-m", "bitacora_logging.bench", "--records", "2000"], env=python_environment(), timeout=120,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True)
        self.assertIn("1,000 logs, average of one (goal < 0.5 ms)", done.stdout, done.stderr)
        self.assertIn("memory of a full queue", done.stdout)


if __name__ == "__main__":
    unittest.main()
