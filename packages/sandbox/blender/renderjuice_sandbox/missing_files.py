"""Files that the scene refers to and that are neither packed nor on disk."""

import glob
import os
import re

import bpy


def missing_files():
    """Paths as the scene writes them, without repeats, sorted."""
    stored = bpy.utils.blend_paths(absolute=False, packed=False, local=False)
    resolved = bpy.utils.blend_paths(absolute=True, packed=False, local=False)
    missing = {written for written, path in zip(stored, resolved) if path and not _exists(path)}
    missing.update(_missing_fluid_caches())
    return sorted(missing)


def _exists(path):
    # Scenes saved on Windows keep their backslashes; Blender reads them on every system.
    path = path.replace("\\", "/")
    if "<UDIM>" in path or "<UVTILE>" in path:
        return bool(glob.glob(re.sub(r"<(UDIM|UVTILE)>", "*", glob.escape(path).replace("[<]", "<"))))
    return os.path.exists(path)


def _missing_fluid_caches():
    for scene_object in bpy.data.objects:
        for modifier in scene_object.modifiers:
            domain = getattr(modifier, "domain_settings", None)
            # A replay cache is made while playing; the others must have been baked before.
            if domain is None or domain.cache_type == "REPLAY":
                continue
            if not os.path.isdir(bpy.path.abspath(domain.cache_directory)):
                yield domain.cache_directory
