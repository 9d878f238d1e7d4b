"""JSON files that only this user can read, written atomically."""

import json
import os
import tempfile


def make_folder(path):
    """Creates a folder and its parents, for this user only."""
    os.makedirs(path, mode=0o700, exist_ok=True)
    return path


def write_json(path, value):
    """Replaces a file atomically. Non-ASCII characters are escaped, so the code page does not matter."""
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
    """Removes a file, if it still exists."""
    try:
        os.unlink(path)
    except FileNotFoundError:
        pass


def read_json(path):
    """Returns a file's contents; None if the file does not exist or is not JSON."""
    try:
        with open(path, encoding="utf-8") as stream:
            return json.load(stream)
    except (OSError, ValueError):
        return None
