"""Opens an untrusted scene: nothing in it may run."""

import bpy
from bpy.app.handlers import persistent

from .disarm import disarm
from .scene_failure import SceneFailure


def open_scene(path, work_dir):
    """Returns the scene that was active when the file was saved, disarmed, and warnings. Raises SceneFailure if Blender
    cannot read the file."""
    disarming = _Disarming(work_dir)
    # Blender calls it before it evaluates the file, since evaluation alone can write to disk.
    bpy.app.handlers.load_post.append(disarming.handler)
    try:
        bpy.ops.wm.open_mainfile(filepath=path, load_ui=True, use_scripts=False)
    except RuntimeError as error:
        # "Error: Loading "…" failed: Failed to read blend file '…': Missing DNA block": the reason is at the end.
        reason = str(error).strip().rpartition(": ")[2]
        raise SceneFailure(
            "scene_unreadable", f"Blender cannot read the scene: it is damaged or incomplete ({reason})."
        ) from error
    return bpy.context.scene, disarming.warnings()


class _Disarming:
    def __init__(self, work_dir):
        self._result = None

        @persistent
        def handler(*_):
            # Blender prints the exceptions of handlers and continues.
            try:
                self._result = disarm(bpy.context.scene, work_dir)
            except Exception as error:  # noqa: BLE001: raised again in warnings()
                self._result = error

        self.handler = handler

    def warnings(self):
        if isinstance(self._result, list):
            return self._result
        raise self._result or SceneFailure("unsafe_scene", "The scene could not be disarmed.")
