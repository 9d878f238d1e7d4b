"""Moves finished files from the partial folder to their final names, so that a half file never has one."""

import os


def files_below(folder):
    """Paths relative to `folder`, in `/` notation, sorted."""
    found = []
    for parent, _, names in os.walk(folder):
        found += [os.path.relpath(os.path.join(parent, name), folder).replace(os.sep, "/") for name in names]
    return sorted(found)


def move_all(source_dir, target_dir):
    """Returns the relative paths of the moved files."""
    moved = files_below(source_dir)
    for relative_path in moved:
        move_file(os.path.join(source_dir, relative_path), os.path.join(target_dir, relative_path))
    return moved


def move_file(source, target):
    os.makedirs(os.path.dirname(target), exist_ok=True)
    os.replace(source, target)
