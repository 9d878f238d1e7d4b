"""Removes everything from an untrusted file that would run code or write files, in all of its scenes: a scene that is
not rendered itself can be reached through the compositor, the sequencer or a library.

Harmful parts are removed rather than switched off, since animation and drivers can switch them on again."""

import os

import bpy

from .disk_caches import keep_caches_in
from .scene_failure import SceneFailure

_FREESTYLE = "Freestyle Python scripts are not run; line sets are used instead"
_OPEN_SHADING = "Open Shading Language scripts are not run"


def disarm(scene, work_dir):
    """`scene` is the rendered one. Returns warnings. Raises SceneFailure if something cannot be disarmed."""
    warnings = []
    for each in bpy.data.scenes:
        where = "" if each == scene else f'Scene "{each.name}", '
        warnings += [f'{where}View layer "{name}": {_FREESTYLE}.' for name in _remove_freestyle_scripts(each)]
        _remove_outputs(each, work_dir)
    warnings += [f"{name}: {_OPEN_SHADING}." for name in _remove_shading_scripts()]
    keep_caches_in(os.path.join(work_dir, "caches"))
    return warnings


def _remove_freestyle_scripts(scene):
    """Freestyle runs style modules stored in the file even if auto-run is off."""
    for view_layer in scene.view_layers:
        freestyle = getattr(view_layer, "freestyle_settings", None)
        if freestyle is None:
            continue
        was_in_use = freestyle.mode == "SCRIPT"
        for module in list(freestyle.modules):
            freestyle.modules.remove(module)
        freestyle.mode = "EDITOR"
        if len(freestyle.modules) > 0:
            raise SceneFailure("unsafe_scene", f'The Freestyle scripts of scene "{scene.name}" cannot be removed.')
        if was_in_use:
            _remove_empty_line_sets(freestyle)
            yield view_layer.name


def _remove_empty_line_sets(freestyle):
    """Blender crashes on a line set without a style, which a scene that used scripts may well have."""
    for line_set in [line_set for line_set in freestyle.linesets if line_set.linestyle is None]:
        freestyle.linesets.remove(line_set)


def _remove_shading_scripts():
    """Open Shading Language can read and write files. Yields the names of whatever used it."""
    for scene in bpy.data.scenes:
        if hasattr(scene, "cycles"):
            scene.cycles.shading_system = False
    for tree in _shader_trees():
        for node in [node for node in tree.nodes if node.bl_idname == "ShaderNodeScript"]:
            yield f'Node "{node.name}"'
            tree.nodes.remove(node)
    for camera in bpy.data.cameras:
        if _remove_camera_script(camera):
            yield f'Camera "{camera.name}"'


def _remove_camera_script(camera):
    """Removes the script whatever the type is now, since that can be animated. Returns whether there was one."""
    is_custom = camera.type == "CUSTOM"
    if is_custom:
        camera.type = "PERSP"
    scripts = [name for name in ("custom_shader", "custom_filepath", "custom_bytecode") if getattr(camera, name, None)]
    for name in scripts:
        setattr(camera, name, None if name == "custom_shader" else "")
    return is_custom or bool(scripts)


def _shader_trees():
    owners = (bpy.data.materials, bpy.data.worlds, bpy.data.lights, bpy.data.linestyles)
    for owner in (each for collection in owners for each in collection):
        if owner.node_tree is not None:
            yield owner.node_tree
    yield from bpy.data.node_groups


def _remove_outputs(scene, work_dir):
    render = scene.render
    render.filepath = os.path.join(work_dir, "unused", "frame")
    # Passes of a frame in the temporary folder, in Blender up to 2.93 and since, and what newer versions may add.
    for owner in (render, getattr(scene, "cycles", None)):
        for name in ("use_save_buffers", "use_render_cache", "use_texture_cache", "use_auto_generate_texture_cache"):
            if hasattr(owner, name):
                setattr(owner, name, False)
    for view in render.views:
        # It becomes part of a file's name.
        view.file_suffix = view.file_suffix.replace("/", "_").replace("\\", "_")
