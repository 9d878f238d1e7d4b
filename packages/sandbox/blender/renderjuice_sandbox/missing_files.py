"""Files that the scene refers to and that are neither packed nor on disk."""

import os

import bpy

from .cache_files import missing_caches
from .file_listing import FileListing, absolute_path
from .image_sets import image_sets
from .numbered_sets import clip_sets, geometry_cache_sets, strip_sets, volume_sets

# Per set, since more names would not help.
_MAX_NAMED = 1000


def missing_files(scene):
    """Paths as written in the scene, without duplicates, sorted. For sequences, only the rendered frames."""
    frames = range(scene.frame_start, scene.frame_end + 1, max(1, scene.frame_step))
    listing = FileListing()
    sets = [
        *image_sets(frames),
        *clip_sets(frames),
        *volume_sets(frames),
        *geometry_cache_sets(frames),
        *strip_sets(scene, frames),
    ]
    missing = set(missing_caches(frames, listing))
    for file_set in sets:
        missing.update(_missing_of(file_set, listing))
    handled = _not_needed().union(*(file_set.paths() for file_set in sets))
    missing.update(
        written
        for written, path in _single_files()
        if os.path.normpath(path) not in handled and not listing.has(path)
    )
    return sorted(missing)


def _missing_of(file_set, listing):
    absent = [written for written, path in file_set.members() if not listing.has(path)]
    # If none of its files exist, the set itself is missing.
    if absent and len(absent) == file_set.size():
        return [file_set.written]
    return absent[:_MAX_NAMED]


def _single_files():
    """Everything that Blender treats as a path; for a set, the path in the scene."""
    stored = bpy.utils.blend_paths(absolute=False, packed=False, local=False)
    resolved = bpy.utils.blend_paths(absolute=True, packed=False, local=False)
    # Scenes saved on Windows keep their backslashes, which Blender accepts on every system.
    return [(written, path.replace("\\", "/")) for written, path in zip(stored, resolved) if path]


def _not_needed():
    """Texts are also stored in the scene. For fluids, see missing_caches."""
    texts = {absolute_path(text.filepath, text) for text in bpy.data.texts if text.filepath}
    domains = (
        (scene_object, getattr(modifier, "domain_settings", None))
        for scene_object in bpy.data.objects
        for modifier in scene_object.modifiers
    )
    return texts | {absolute_path(domain.cache_directory, owner) for owner, domain in domains if domain is not None}
