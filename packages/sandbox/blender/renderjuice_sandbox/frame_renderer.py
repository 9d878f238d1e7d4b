"""Renders the frames one by one and reports each to the sandbox as soon as its files are complete."""

import os
import shutil

import bpy

from .compositor_outputs import CompositorOutputs
from .output_files import Outbox, files_below
from .preview import write_preview
from .render_settings import apply_render_settings, used_render_settings
from .safe_name import frame_number, safe_name
from .sampling import apply_threads
from .scene_analysis import active_views, used_views
from .scene_failure import SceneFailure

PREVIEW_NAME = "preview.png"


def render_frames(scene, request, channel, warnings):
    """Returns `{finalConfig, warnings}`. Raises SceneFailure if the scene cannot be rendered."""
    if scene.camera is None and not _is_edited_video(scene):
        raise SceneFailure(
            "missing_camera", f'Scene "{scene.name}" has no active camera. Set one in Blender (Ctrl 0) and save it.'
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
        self._outbox = Outbox(request["workDir"])
        self._work_dir = request["workDir"]
        self._name = safe_name(request["outputName"])
        self._preview_frame = request["previewFrame"]
        self._compositor = CompositorOutputs(scene, os.path.join(self._work_dir, "compositor"))
        self._suffixes = {view.file_suffix: view.name for view in used_views(scene)} if active_views(scene) else {}

    def render(self, frame):
        folder = os.path.join(self._work_dir, "frame")
        shutil.rmtree(folder, ignore_errors=True)
        self._render_into(folder, frame)
        files = self._collect_frame(folder, frame)
        files += self._compositor.collect(self._outbox, frame, self._view_of)
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
            raise SceneFailure("render_failed", f"Frame {frame}: Blender rendered, but did not write an image.")
        files = []
        for file_name in written:
            # Blender adds the view's suffix and the extension; both are kept.
            files.append(
                self._outbox.post(
                    os.path.join(folder, file_name),
                    kind="frame",
                    relativePath=f"{self._name}_{frame_number(frame)}{file_name[len('frame') :]}",
                    frame=frame,
                    **self._view_of(file_name),
                )
            )
        return files

    def _view_of(self, file_name):
        stem = os.path.splitext(file_name)[0]
        for suffix, view in self._suffixes.items():
            if suffix and stem.endswith(suffix):
                return {"view": view}
        return {}

    def _preview(self, frame):
        if frame != self._preview_frame:
            return []
        try:
            path = write_preview(self._scene, self._work_dir)
        except RuntimeError as error:
            self._warnings.append(f"There is no preview image: {str(error).strip()}")
            return []
        return [self._outbox.post(path, kind="preview", relativePath=PREVIEW_NAME, frame=frame)]
