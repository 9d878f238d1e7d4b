"""Moves finished files from the partial folder to their final names, so that a half file never has one."""

import os


def files_below(folder):
    """Paths relative to `folder`, in `/` notation, sorted."""
    found = []
    for parent, _, names in os.walk(folder):
        found += [os.path.relpath(os.path.join(parent, name), folder).replace(os.sep, "/") for name in names]
    return sorted(found)


def move_file(source, target):
    os.makedirs(os.path.dirname(target), exist_ok=True)
    os.replace(source, target)
