"""Hides what is hidden in Maya, since importers ignore display layers, groups and keys."""

import re

import bpy

#: The types that are visible in a frame.
SEEN = {"MESH", "CURVE", "CURVES", "SURFACE", "META", "FONT", "VOLUME", "POINTCLOUD", "HAIR"}
#: Blender numbers names that exist already, and truncates long ones.
NUMBER = re.compile(r"\.\d{3}$")
LONGEST_NAME = 63


def hide(models, items, fps):
    """Hides objects as ``models`` say: ``[{"path": [names], "visibility": [{"seconds", "isOn"}]}]``.

    ``items`` are the objects from the same file. Returns the objects that are never visible, and those for which it is
    not clear because several models match.
    """
    hidden, unclear = [], []
    for item in items:
        fitting = _fitting(item, models)
        if len({str(model["visibility"]) for model in fitting}) > 1:
            unclear.append(item)
        elif fitting and _apply(item, fitting[0]["visibility"], fps):
            hidden.append(item)
    return hidden, unclear


def _fitting(item, models):
    """The models that an object may come from, by its name and its parents' names."""
    path = _path(item)
    named = [model for model in models if _is_named(path[-1], model["path"][-1])]
    scores = [_common_end(path, model["path"]) for model in named]
    return [model for model, score in zip(named, scores) if score == max(scores)]


def _path(item):
    """Names from the top down, including joints, which are bones of a single object."""
    names = [item.name]
    while item.parent:
        bone = item.parent.data.bones.get(item.parent_bone) if item.parent_type == "BONE" else None
        while bone:
            names.append(bone.name)
            bone = bone.parent
        item = item.parent
        names.append(item.name)
    return names[::-1]


def _common_end(path, other):
    count = 0
    for name, wanted in zip(reversed(path), reversed(other)):
        if not _is_named(name, wanted):
            break
        count += 1
    # A whole path is a better match than the end of a longer one.
    return count, count == len(other)


def _is_named(name, wanted):
    bare = NUMBER.sub("", name)
    if wanted in (name, bare):
        return True
    is_cut = len(name.encode("utf-8")) >= LONGEST_NAME
    return is_cut and wanted.startswith(bare)


def _apply(item, visibility, fps):
    """Returns whether it is never visible."""
    for switch in visibility:
        item.hide_render = item.hide_viewport = not switch["isOn"]
        if len(visibility) > 1:
            item.keyframe_insert("hide_render", frame=switch["seconds"] * fps)
    if len(visibility) > 1:
        item.hide_viewport = False
        return False
    return item.hide_render


def seen_objects(hidden):
    """Returns the objects of the scene that are visible in a frame."""
    return [item for item in bpy.context.scene.objects if item.type in SEEN and item not in hidden]
