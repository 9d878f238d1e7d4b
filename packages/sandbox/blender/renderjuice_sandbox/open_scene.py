"""Opens an untrusted scene: nothing in it may run."""

import bpy

from .scene_failure import SceneFailure


def open_scene(path):
    """The scene that was active when the file was saved. Raises SceneFailure when Blender cannot read the file."""
    try:
        bpy.ops.wm.open_mainfile(filepath=path, load_ui=True, use_scripts=False)
    except RuntimeError as error:
        # "Error: Loading "…" failed: Failed to read blend file '…': Missing DNA block": the end says why.
        reason = str(error).strip().rpartition(": ")[2]
        raise SceneFailure(
            "scene_unreadable", f"Blender cannot read the scene; it is damaged or incomplete ({reason})."
        ) from error
    return bpy.context.scene


def disarm_freestyle_scripts(scene):
    """Freestyle runs style modules stored in the file even where auto-run is off. Returns warnings."""
    warnings = []
    for view_layer in scene.view_layers:
        freestyle = getattr(view_layer, "freestyle_settings", None)
        if freestyle is not None and freestyle.mode == "SCRIPT":
            freestyle.mode = "EDITOR"
            warnings.append(
                f'View layer "{view_layer.name}": Freestyle Python scripts are not run; line sets are used instead.'
            )
    return warnings
