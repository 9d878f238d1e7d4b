"""Names from a scene, made fit to be file names on every system."""

import re


def safe_name(text):
    return re.sub(r"[^\w.\- ]+", "_", text).strip(". ") or "_"


def safe_relative_path(path):
    """The same path without anything that leads out of its folder: drive letters, leading slashes, `..`."""
    parts = [part for part in re.split(r"[/\\]+", path) if part not in ("", ".", "..")]
    return "/".join(re.sub(r"[:*?\"<>|]", "_", part) for part in parts)
