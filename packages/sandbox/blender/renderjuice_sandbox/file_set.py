"""Several files that one path stands for."""

import os
import re

from .file_listing import absolute_path


class FileSet:
    def __init__(self, written, owner, names, others=()):
        """`names` are the needed files, in the folder of the path `written` by `owner`; `others` belong to the set but
        are not needed."""
        self.written = written
        self._absolute = absolute_path(written, owner)
        self._names = list(dict.fromkeys(names))
        self._others = others

    def members(self):
        """Pairs of the path as the scene would write it, and where the file should be."""
        folder = self.written[: len(self.written) - len(base_name(self.written))]
        return [(folder + name, self._path_of(name)) for name in self._names]

    def paths(self):
        """The paths of everything in the set, whether it is needed or not."""
        return {self._absolute, *map(self._path_of, self._others)}

    def _path_of(self, name):
        return os.path.join(os.path.dirname(self._absolute), name)

    def size(self):
        return len(self._names)


def base_name(path):
    return re.split(r"[/\\]", path)[-1]


def numbered(path, numbers):
    """File names of a sequence: the last digits before the extension are the number."""
    stem, extension = os.path.splitext(base_name(path))
    match = re.search(r"\d+(?=\D*$)", stem)
    if match is None:
        return [stem + extension]
    head, tail, width = stem[: match.start()], stem[match.end() :], len(match.group())
    return [f"{head}{'-' if number < 0 else ''}{abs(number):0{width}d}{tail}{extension}" for number in numbers]


def written_number(path):
    match = re.search(r"\d+(?=\D*$)", os.path.splitext(base_name(path))[0])
    return int(match.group()) if match else 0
