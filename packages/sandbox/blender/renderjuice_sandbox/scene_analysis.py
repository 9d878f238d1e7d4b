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
    """Version that wrote the file, such as `3.4`; the third number of Blender's triple is not a release number."""
    major, minor, _ = bpy.data.version
    return f"{major}.{minor}"


def active_views(scene):
    """Names of the views of a frame; empty without stereo or multi-view."""
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
        warnings.append(
            f'Scene "{scene.name}" has no active camera, so it will not render. Set one in Blender (Ctrl 0) and save it.'
        )
    if missing:
        warnings.append(
            f"{len(missing)} file(s) that the scene uses are missing. Pack them, or send them with the scene."
        )
    if is_video_format(scene.render.image_settings.file_format):
        warnings.append("The scene writes a video, but image frames are rendered instead.")
    if bpy.data.version[:2] > bpy.app.version[:2]:
        warnings.append(
            f"The scene was saved by Blender {file_version()}, newer than this sandbox's {bpy.app.version_string}"
            ". New features may be lost."
        )
    if bpy.app.autoexec_fail:
        warnings.append("The scene has Python scripts or scripted drivers, which are not run.")
    return warnings
