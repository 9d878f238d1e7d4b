"""Builds a ``.blend`` from an export of Maya. Experimental; ``scene_facts`` reports what was imported."""

import os

import bpy

from . import stand_ins, turn_around, visibility
from .failure import Failure
from .import_formats import find_importer
from .re_point import save_copy
from .scene_facts import read_facts
from .settings import apply_settings

#: Blender's own default, 4096, is for final frames of interiors. The artist's settings take precedence.
SAMPLES = 128


def assemble(request):
    """Imports ``files`` of one ``format`` into an empty scene and saves ``target``.

    ``files`` are ``[{"path", "packedAs", "turned", "hidden"}]``; ``turned`` lists the cameras and lights of an FBX with
    a post-rotation, see ``turn_around``; ``hidden`` lists what is not always visible, see ``visibility``.

    Returns ``{"blender", "importer", "notes", "warnings", "facts", "unpacked", "unclear"}``. A camera or a light is
    added if there is none; ``facts`` are from before that.
    """
    importer = find_importer(request["format"])
    bpy.ops.wm.read_factory_settings(use_empty=True)
    bpy.context.scene.render.engine = "CYCLES"
    bpy.context.scene.cycles.samples = SAMPLES
    files = {}
    for file in request["files"]:
        # The reader of the log relies on these lines: what an importer prints belongs to the file above it.
        print("renderjuice: import {}".format(os.path.basename(file["path"])), flush=True)
        _import(importer, file["path"], request["metersPerUnit"])
        for datablock in [*bpy.data.objects, *bpy.data.materials]:
            files.setdefault(datablock, file["path"])
    print("renderjuice: imported", flush=True)
    turned = _turned_items(request["files"], files) if turn_around.is_needed(importer.operator) else []
    turn_around.turn(turned)
    hidden, unclear = _hide(request["files"], files)
    facts = read_facts(files, hidden)
    cameras = [item for item in bpy.context.scene.objects if item.type == "CAMERA"]
    bpy.context.scene.camera = cameras[0] if cameras else None
    notes, warnings = apply_settings(request["settings"])
    if turned:
        names = ", ".join(item.name for item in turned)
        notes.append(
            "Turned around, since this Blender's FBX importer reads them the wrong way round: {}.".format(names)
        )
    # Groups themselves are not visible.
    names = ", ".join(item.name for item in hidden if item.type not in ("EMPTY", "ARMATURE"))
    if names:
        notes.append("Hidden in Maya, and not rendered: {}.".format(names))
    if not cameras:
        stand_ins.add_camera(visibility.seen_objects(hidden))
    if not any(not light["isHidden"] for light in facts["lights"]):
        stand_ins.add_light()
    unpacked = _pack_images()
    for file in request["files"]:
        _point_caches_at(file["path"], "//" + file["packedAs"])
    save_copy(request["target"])
    return {
        "blender": list(bpy.app.version),
        "importer": importer.operator,
        "notes": notes,
        "warnings": warnings,
        "facts": facts,
        "unpacked": unpacked,
        "unclear": [item.name for item in unclear],
    }


def _import(importer, path, meters_per_unit):
    try:
        importer(path, meters_per_unit)
    except Failure as failure:
        message = "Blender {} cannot read {}: {}".format(
            bpy.app.version_string, os.path.basename(path), failure.message
        )
        raise Failure(failure.kind, message)


def _hide(wanted, files):
    """Places keys at the rate of the export, as the importer does."""
    render = bpy.context.scene.render
    hidden, unclear = [], []
    for file in wanted:
        items = [item for item in bpy.context.scene.objects if files[item] == file["path"]]
        file_hidden, file_unclear = visibility.hide(file["hidden"], items, render.fps / render.fps_base)
        hidden += file_hidden
        unclear += file_unclear
    return hidden, unclear


def _turned_items(wanted, files):
    """Only turns those that a file lists, since other programs do not write post-rotations."""
    names = {(file["path"], name) for file in wanted for name in file["turned"]}
    items = [item for item in bpy.context.scene.objects if item.type in turn_around.AXES]
    # Blender numbers names that exist already.
    return [item for item in items if {(files[item], item.name), (files[item], item.name[:-4])} & names]


def _pack_images():
    """Returns the names of existing images that could not be packed."""
    unpacked = []
    for image in bpy.data.images:
        if (
            image.source == "GENERATED"
            or image.packed_files
            or not os.path.isfile(bpy.path.abspath(image.filepath))
        ):
            continue
        try:
            image.pack()
        except RuntimeError:
            unpacked.append(image.name)
    return unpacked


def _point_caches_at(path, packed):
    """Imported USD and Alembic read animated data from the file itself, frame by frame."""
    for cache in bpy.data.cache_files:
        if os.path.normcase(os.path.abspath(bpy.path.abspath(cache.filepath))) == os.path.normcase(
            os.path.abspath(path)
        ):
            cache.filepath = packed
