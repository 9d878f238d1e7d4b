"""What validation reports about a scene."""

import bpy

from .image_format import is_video_format
from .missing_files import missing_files
from .sampling import sample_count


def analyse_scene(scene, warnings):
    render = scene.render
    missing = missing_files(scene)
    return {
        "blenderVersion": ".".join(str(part) for part in bpy.app.version),
        "fileVersion": file_version(),
        "renderEngine": render.engine,
        "frameStart": scene.frame_start,
        "frameEnd": scene.frame_end,
        "frameStep": scene.frame_step,
        "fps": round(render.fps / render.fps_base, 3),
        "resolution": [render.resolution_x, render.resolution_y],
        "resolutionPercentage": render.resolution_percentage,
        "sampleCount": sample_count(scene),
        "outputFormat": render.image_settings.file_format,
        "cameras": sorted(item.name for item in scene.objects if item.type == "CAMERA"),
        "activeCamera": scene.camera.name if scene.camera else None,
        "views": active_views(scene),
        "missingFiles": missing,
        "warnings": warnings + _warnings(scene, missing),
    }


def file_version():
    """Version that wrote the file, such as `3.4`; the third number of Blender's triple is no release number."""
    major, minor, _ = bpy.data.version
    return f"{major}.{minor}"


def active_views(scene):
    """Names of the views that a frame is rendered from; empty without stereo or multi-view."""
    if not scene.render.use_multiview:
        return []
    return [view.name for view in used_views(scene)]


def used_views(scene):
    if scene.render.views_format == "STEREO_3D":
        return list(scene.render.stereo_views)
    return [view for view in scene.render.views if view.use]


def _warnings(scene, missing):
    warnings = []
    if scene.camera is None:
        warnings.append(f'Scene "{scene.name}" has no active camera: it will not render.')
    if missing:
        warnings.append(f"{len(missing)} file(s) that the scene uses are missing; pack them or send them along.")
    if is_video_format(scene.render.image_settings.file_format):
        warnings.append("The scene writes a video; image frames are rendered instead.")
    if bpy.data.version[:2] > bpy.app.version[:2]:
        warnings.append(
            f"The scene was saved by Blender {file_version()}, newer than the {bpy.app.version_string} that renders"
            " it: what is new there may be lost."
        )
    if bpy.app.autoexec_fail:
        warnings.append("The scene holds Python scripts or scripted drivers; they are not run.")
    return warnings
