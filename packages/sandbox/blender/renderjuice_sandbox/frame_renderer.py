"""Renders the frames one by one and tells the sandbox about each as soon as its files are complete."""

import os
import shutil

import bpy

from .compositor_outputs import CompositorOutputs
from .open_scene import disarm_freestyle_scripts
from .output_files import files_below, move_file
from .preview import write_preview
from .render_settings import apply_render_settings, used_render_settings
from .safe_name import frame_number, safe_name
from .sampling import apply_threads
from .scene_analysis import active_views, used_views
from .scene_failure import SceneFailure

PREVIEW_NAME = "preview.png"


def render_frames(scene, request, channel):
    """Returns `{finalConfig, warnings}`. Raises SceneFailure when the scene cannot be rendered."""
    warnings = disarm_freestyle_scripts(scene)
    if scene.camera is None and not _is_edited_video(scene):
        raise SceneFailure(
            "missing_camera", f'Scene "{scene.name}" has no active camera. Set one in Blender (Ctrl 0) and save.'
        )
    apply_render_settings(scene, request["config"], warnings)
    apply_threads(scene, request.get("threads"))
    job = _FrameJob(scene, request, warnings)
    for frame in request["frames"]:
        channel.send("frame", frame=frame, files=job.render(frame))
    return {"finalConfig": used_render_settings(scene, request["config"]), "warnings": warnings}


def _is_edited_video(scene):
    editor = scene.sequence_editor
    if editor is None or not scene.render.use_sequencer:
        return False
    # Blender 4.4 renamed sequences to strips.
    return len(editor.strips_all if hasattr(editor, "strips_all") else editor.sequences_all) > 0


class _FrameJob:
    def __init__(self, scene, request, warnings):
        self._scene = scene
        self._warnings = warnings
        self._output_dir = request["outputDir"]
        self._partial_dir = request["partialDir"]
        self._name = safe_name(request["outputName"])
        frames = request["frames"]
        self._preview_frame = frames[len(frames) // 2]
        self._compositor = CompositorOutputs(scene, os.path.join(self._partial_dir, "compositor"))
        self._suffixes = {view.file_suffix: view.name for view in used_views(scene)} if active_views(scene) else {}

    def render(self, frame):
        folder = os.path.join(self._partial_dir, "frame")
        shutil.rmtree(folder, ignore_errors=True)
        self._render_into(folder, frame)
        files = self._collect_frame(folder, frame)
        files += self._compositor.collect(self._output_dir, frame, self._view_of)
        return files + self._preview(frame)

    def _render_into(self, folder, frame):
        render = self._scene.render
        render.filepath = os.path.join(folder, "frame")
        render.use_file_extension = True
        if hasattr(render.image_settings, "use_preview"):
            render.image_settings.use_preview = False
        self._scene.frame_set(frame)
        try:
            bpy.ops.render.render(write_still=True)
        except RuntimeError as error:
            raise SceneFailure("render_failed", f"Frame {frame}: {str(error).strip()}") from error

    def _collect_frame(self, folder, frame):
        written = files_below(folder)
        if not written:
            raise SceneFailure("render_failed", f"Frame {frame}: Blender rendered but wrote no image.")
        files = []
        for file_name in written:
            # Blender adds the view's suffix and the extension; both are kept.
            relative_path = f"{self._name}_{frame_number(frame)}{file_name[len('frame') :]}"
            move_file(os.path.join(folder, file_name), os.path.join(self._output_dir, relative_path))
            files.append(
                {"kind": "frame", "relativePath": relative_path, "frame": frame, **self._view_of(file_name)}
            )
        return files

    def _view_of(self, file_name):
        stem = os.path.splitext(file_name)[0]
        for suffix, view in self._suffixes.items():
            if suffix and stem.endswith(suffix):
                return {"view": view}
        return {}

    def _preview(self, frame):
        target = os.path.join(self._output_dir, PREVIEW_NAME)
        if frame != self._preview_frame or os.path.exists(target):
            return []
        try:
            write_preview(self._scene, self._partial_dir, target)
        except RuntimeError as error:
            self._warnings.append(f"There is no preview image: {str(error).strip()}")
            return []
        return [{"kind": "preview", "relativePath": PREVIEW_NAME, "frame": frame}]
