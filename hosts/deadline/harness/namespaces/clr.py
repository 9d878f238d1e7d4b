"""Python.NET's own module: everything that the harness has is there already."""

__all__ = ["AddReference"]


def AddReference(name):
    pass
