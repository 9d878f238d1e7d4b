"""Directory listings, read once per folder, since a sequence has thousands of files."""

import os
import re
import sys

import bpy


def absolute_path(written, owner):
    """Resolves a path of the data-block `owner`: `//` is the folder of the file that the data-block comes from."""
    return os.path.normpath(bpy.path.abspath(written.replace("\\", "/"), library=owner.library))


class FileListing:
    def __init__(self):
        self._names = {}

    def has(self, path):
        folder, name = os.path.split(os.path.normpath(path))
        return _fold(name) in self._names_in(folder) or os.path.isdir(path)

    def matching(self, folder, pattern):
        """Names in a folder that match a regular expression, sorted."""
        return sorted(name for name in self._names_in(folder) if re.search(pattern, name))

    def _names_in(self, folder):
        if folder not in self._names:
            try:
                self._names[folder] = {_fold(name) for name in os.listdir(folder)}
            except OSError:
                self._names[folder] = set()
        return self._names[folder]


def _fold(name):
    """These systems ignore case."""
    return name.lower() if sys.platform in ("win32", "darwin") else name
