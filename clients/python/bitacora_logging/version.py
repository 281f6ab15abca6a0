"""The version, in one place: the package, the wheel and the header of every request have it from here."""

__version__ = "1.0.0"
