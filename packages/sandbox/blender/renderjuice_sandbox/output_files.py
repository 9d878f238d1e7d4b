"""Hands finished files to the sandbox: a half file never gets there, and the sandbox gives them their final names."""

import os


class Outbox:
    """The top of the work folder: the only place whose path no link can change."""

    def __init__(self, folder):
        self._folder = folder
        self._count = 0

    def post(self, path, **description):
        """Moves a finished file there. Returns its description with the name by which the sandbox finds it."""
        self._count += 1
        name = f"finished-{self._count}"
        os.replace(path, os.path.join(self._folder, name))
        return {"name": name, **description}


def files_below(folder):
    """Paths relative to `folder`, in `/` notation, sorted."""
    found = []
    for parent, _, names in os.walk(folder):
        found += [os.path.relpath(os.path.join(parent, name), folder).replace(os.sep, "/") for name in names]
    return sorted(found)
