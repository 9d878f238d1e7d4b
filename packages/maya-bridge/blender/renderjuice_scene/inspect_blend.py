"""Reports what a ``.blend`` reads, for the bridge to plan with."""

import os

import bpy

from .failure import Failure, reason_of
from .references import all_references, modifiers


def inspect(request):
    """Opens ``request["blend"]`` and returns its facts. Raises Failure if Blender cannot open it."""
    open_blend(request["blend"])
    scene = bpy.context.scene
    references = all_references()
    known = {reference.file for reference in references}
    mentioned = {
        os.path.normpath(path) for path in bpy.utils.blend_paths(absolute=True, packed=False, local=True)
    }
    return {
        "blender": list(bpy.app.version),
        "canReadAlembic": bpy.app.alembic.supported,
        "canReadUsd": bpy.app.usd.supported,
        "references": [reference.facts() for reference in references],
        "cacheUsers": cache_users(),
        "cacheScales": {cache.name: cache.scale for cache in bpy.data.cache_files},
        "unknownFiles": sorted(path for path in mentioned - known if _is_unknown(path, known)),
        "sceneScale": scene.unit_settings.scale_length,
        "sceneName": scene.name,
    }


def open_blend(path):
    try:
        bpy.ops.wm.open_mainfile(filepath=path, load_ui=False)
    except RuntimeError as error:
        raise Failure(
            "unreadable",
            "Blender {} cannot open {}: {}".format(bpy.app.version_string, path, reason_of(error)),
            "Open it in Blender. If a newer Blender saved it, set RENDERJUICE_BLENDER to that one.",
        )


def cache_users():
    """Returns ``{cache file: [{"object", "path"}]}``: what reads which path from each CacheFile."""
    users = {cache.name: [] for cache in bpy.data.cache_files}
    for item, user in path_users():
        if user.cache_file is not None:
            users[user.cache_file.name].append({"object": item.name, "path": user.object_path})
    return users


def path_users():
    """The modifiers and constraints that read an object of a CacheFile, with their objects."""
    yield from modifiers("MESH_SEQUENCE_CACHE")
    for item in bpy.data.objects:
        for constraint in item.constraints:
            if constraint.type == "TRANSFORM_CACHE":
                yield item, constraint


def _is_unknown(path, known):
    """Lists sequences and tiles with the names of their files."""
    return os.path.dirname(path) not in {os.path.dirname(file) for file in known} and os.path.isfile(path)
