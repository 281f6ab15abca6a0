"""The build backend (PEP 517) of bitacora-logging, with the standard library alone.

pip builds in an environment that is empty but for what pyproject.toml requires. Requiring setuptools would mean a download, and the
machines that log are often those without a way out. The package is pure Python, so a wheel is a zip of it with three small files.
"""
import base64
import hashlib
import os
import re
import tarfile
import zipfile
from typing import Any, Dict, Optional

HERE = os.path.dirname(os.path.abspath(__file__))
PACKAGE = "bitacora_logging"


def _read(*parts: str) -> bytes:
    with open(os.path.join(HERE, *parts), "rb") as file:
        return file.read()


def _version() -> str:
    found = re.search(r'^__version__ = "([0-9.]+)"$', _read(PACKAGE, "version.py").decode(), re.MULTILINE)
    if found is None:
        raise RuntimeError("bitacora_logging/version.py has no line __version__ = \"…\"")
    return found.group(1)


def _metadata() -> bytes:
    head = "\n".join([
        "Metadata-Version: 2.1",
        "Name: bitacora-logging",
        "Version: " + _version(),
        "Summary: A logging handler that sends to a Bitácora server and never blocks, for Django and any other Python program",
        "License: Apache-2.0",
        "Requires-Python: >=3.8",
        "Classifier: License :: OSI Approved :: Apache Software License",
        "Classifier: Programming Language :: Python :: 3",
        "Classifier: Framework :: Django",
        "Classifier: Topic :: System :: Logging",
        "Classifier: Typing :: Typed",
        "Description-Content-Type: text/markdown",
    ])
    return head.encode() + b"\n\n" + _read("README.md")


def _sources() -> Dict[str, bytes]:
    names = sorted(name for name in os.listdir(os.path.join(HERE, PACKAGE)) if name.endswith(".py") or name == "py.typed")
    return {PACKAGE + "/" + name: _read(PACKAGE, name) for name in names}


def build_wheel(wheel_directory: str, config_settings: Optional[Dict[str, Any]] = None, metadata_directory: Optional[str] = None) -> str:
    base = "bitacora_logging-" + _version()
    info = base + ".dist-info/"
    files = _sources()
    files[info + "METADATA"] = _metadata()
    files[info + "WHEEL"] = b"Wheel-Version: 1.0\nGenerator: bitacora\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    record = "".join(
        "%s,sha256=%s,%d\n" % (name, base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode(), len(data))
        for name, data in files.items())
    files[info + "RECORD"] = (record + info + "RECORD,,\n").encode()
    name = base + "-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(wheel_directory, name), "w", zipfile.ZIP_DEFLATED) as wheel:
        for path, data in files.items():
            wheel.writestr(path, data)
    return name


def build_sdist(sdist_directory: str, config_settings: Optional[Dict[str, Any]] = None) -> str:
    base = "bitacora_logging-" + _version()
    name = base + ".tar.gz"
    with tarfile.open(os.path.join(sdist_directory, name), "w:gz", format=tarfile.PAX_FORMAT) as archive:
        for path in ["pyproject.toml", "build_backend.py", "README.md"] + list(_sources()):
            archive.add(os.path.join(HERE, path), base + "/" + path)
        with open(os.path.join(sdist_directory, "PKG-INFO"), "wb") as file:
            file.write(_metadata())
        archive.add(file.name, base + "/PKG-INFO")
        os.remove(file.name)
    return name
