"""Logs of a Python program to a Bitácora server: `BitacoraHandler` in a `LOGGING` dictionary, and nothing else to do."""
from .context import RequestContextFilter
from .handler import BitacoraHandler
from .version import __version__

__all__ = ["BitacoraHandler", "RequestContextFilter", "__version__"]
