"""Passes finished files to the sandbox, never incomplete ones. The sandbox gives them their final names."""

import os


class Outbox:
    """The top level of the work folder, the only place whose path cannot be changed by a link."""

    def __init__(self, folder):
        self._folder = folder
        self._count = 0

    def post(self, path, **description):
        """Moves a finished file there. Returns its description, with the name for the sandbox."""
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
