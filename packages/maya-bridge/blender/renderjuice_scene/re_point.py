"""Points a copy of the studio's ``.blend`` at the packed files."""

import os

import bpy

from .failure import Failure, reason_of
from .inspect_blend import open_blend, path_users
from .object_paths import best_match
from .references import all_references
from .settings import apply_settings


def re_point(request):
    """Opens ``blend``, sets ``paths`` and ``settings``, saves ``target``.

    ``paths`` are ``[{"index", "raw"}]``, in the order of ``inspect``; ``caches`` are ``{CacheFile: file}`` as they will
    be read. Returns ``{"notes", "warnings", "paths"}``; these paths are read back from the copy on disk, as a check.
    """
    open_blend(request["blend"])
    references = all_references()
    notes, warnings = apply_settings(request["settings"])
    for name, file in request["caches"].items():
        path_notes, path_warnings = _match_object_paths(bpy.data.cache_files[name], file)
        notes += path_notes
        warnings += path_warnings
    for change in request["paths"]:
        references[change["index"]].raw = change["raw"]
    save_copy(request["target"])
    open_blend(request["target"])
    return {
        "notes": notes,
        "warnings": warnings,
        "paths": [reference.facts() for reference in all_references()],
    }


def save_copy(target):
    try:
        # Not remapped, since the paths are already those of the copy.
        bpy.ops.wm.save_as_mainfile(filepath=target, copy=True, relative_remap=False, compress=True)
    except RuntimeError as error:
        raise Failure(
            "unwritable",
            "Blender cannot save {}: {}".format(target, reason_of(error)),
            "Check that the disk is not full.",
        )


def _match_object_paths(cache, file):
    """Parents may have changed since the ``.blend`` was made, so paths are matched by their ends."""
    users = [(item, user) for item, user in path_users() if user.cache_file == cache]
    if not users:
        return [], ["Nothing reads {}.".format(cache.name)]
    is_usd = os.path.splitext(file)[1].lower().startswith(".usd")
    if not (bpy.app.usd.supported if is_usd else bpy.app.alembic.supported):
        what = "USD" if is_usd else "Alembic"
        unseen = "{} was not checked, since this Blender was built without {}.".format(
            os.path.basename(file), what
        )
        return [], [
            unseen + " The official build from blender.org checks that its objects still have the same names."
        ]
    cache.filepath = file
    bpy.context.view_layer.update()
    available = {path.path for path in cache.object_paths}
    notes, lost = [], []
    for item, user in users:
        match = best_match(user.object_path, available)
        if match is None:
            lost.append("{} ({})".format(item.name, user.object_path))
        elif match != user.object_path:
            notes.append("{} reads {} now, before {}.".format(item.name, match, user.object_path))
            user.object_path = match
    if lost:
        return notes, ["{} has nothing for {}.".format(os.path.basename(file), ", ".join(lost))]
    return notes, []
