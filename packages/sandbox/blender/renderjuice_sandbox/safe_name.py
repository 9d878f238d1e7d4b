"""File names, from a scene (made valid on every system) and from frames."""

import re


def safe_name(text):
    return re.sub(r"[^\w.\- ]+", "_", text).strip(". ") or "_"


def safe_relative_path(path):
    """The same path without anything that leads out of the folder: drive letters, leading slashes, `..`."""
    parts = [part for part in re.split(r"[/\\]+", path) if part not in ("", ".", "..")]
    return "/".join(re.sub(r"[:*?\"<>|]", "_", part) for part in parts)


def frame_number(frame):
    """At least four digits, with a leading sign, as Blender numbers frames: 0007, -0012."""
    return f"{'-' if frame < 0 else ''}{abs(frame):04d}"
