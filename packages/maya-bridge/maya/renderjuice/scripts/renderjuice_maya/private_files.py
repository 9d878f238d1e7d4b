"""JSON files that only this user can read, written so that a reader never sees half of one."""

import json
import os
import tempfile


def make_folder(path):
    """Makes a folder, and those above it, for this user alone."""
    os.makedirs(path, mode=0o700, exist_ok=True)
    return path


def write_json(path, value):
    """Replaces a file in one step. What is not ASCII is escaped, so no code page can spoil it."""
    make_folder(os.path.dirname(path))
    handle, temporary = tempfile.mkstemp(dir=os.path.dirname(path), prefix=".writing-")
    try:
        with os.fdopen(handle, "w") as stream:
            json.dump(value, stream, indent=1, sort_keys=True)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def remove_file(path):
    """Removes a file, if nobody else has done so."""
    try:
        os.unlink(path)
    except FileNotFoundError:
        pass


def read_json(path):
    """Returns what a file holds; None when there is no such file or it holds no JSON."""
    try:
        with open(path, encoding="utf-8") as stream:
            return json.load(stream)
    except (OSError, ValueError):
        return None
