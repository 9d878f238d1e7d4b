"""Applies a requested render config to the scene, and reports which settings were actually used."""

import math

import bpy

from .color_management import apply_color_management, used_color_management
from .denoising import apply_denoising, used_denoising
from .enum_choices import enum_choices
from .image_format import apply_image_format, used_image_format
from .sampling import apply_sampling, sample_count
from .scene_failure import SceneFailure

# One engine, two names: Blender 4.2 to 4.5 call it NEXT.
_EEVEE_NAMES = ("BLENDER_EEVEE", "BLENDER_EEVEE_NEXT")


def apply_render_settings(scene, config, warnings):
    """Raises SceneFailure for a setting that cannot be honored at all; other problems go into `warnings`."""
    _apply_engine(scene.render, config.get("renderEngine"))
    _apply_size(scene.render, config)
    _apply_fps(scene.render, config.get("fps"))
    apply_sampling(scene, config, warnings)
    apply_denoising(scene, config, warnings)
    apply_image_format(scene.render.image_settings, config, warnings)
    apply_color_management(scene, config, warnings)
    _stay_on_cpu(config, warnings)


def used_render_settings(scene, config):
    """The final config, with the names of the render request."""
    render = scene.render
    used = {
        "renderEngine": render.engine,
        "resolution": [render.resolution_x, render.resolution_y],
        "resolutionPercentage": render.resolution_percentage,
        "fps": round(render.fps / render.fps_base, 3),
        "sampleCount": sample_count(scene),
        "computeDeviceType": "CPU",
        "compositorDevice": "CPU",
        "gpuCount": 0,
        "blenderVersion": bpy.app.version_string,
        **used_denoising(scene),
        **used_image_format(render.image_settings),
        **used_color_management(scene),
    }
    if render.engine == "CYCLES":
        used["useTiling"] = scene.cycles.use_auto_tile
        used["tileSize"] = scene.cycles.tile_size
    return {**config, **used}


def _apply_engine(render, wanted):
    if wanted is None:
        return
    available = enum_choices(render, "engine")
    if wanted in _EEVEE_NAMES:
        wanted = next(name for name in _EEVEE_NAMES if name in available)
    if wanted not in available:
        raise SceneFailure(
            "unsupported_setting",
            f"This Blender does not support renderEngine {wanted}, only {', '.join(available)}.",
        )
    render.engine = wanted


def _apply_size(render, config):
    resolution = config.get("resolution")
    if resolution is not None:
        if len(resolution) != 2 or min(resolution) < 1:
            raise SceneFailure("unsupported_setting", "resolution needs two numbers of at least 1: width and height.")
        render.resolution_x, render.resolution_y = (int(side) for side in resolution)
    percentage = config.get("resolutionPercentage")
    if percentage is not None:
        render.resolution_percentage = max(1, int(percentage))


def _apply_fps(render, fps):
    if fps is None:
        return
    # Blender stores 23.976 as the whole number 24 and a base of 1.001.
    render.fps = math.ceil(fps)
    render.fps_base = math.ceil(fps) / fps


def _stay_on_cpu(config, warnings):
    # Strips and Render Layers nodes render other scenes, and a GPU compositor crashes on a machine without a GPU.
    for each in bpy.data.scenes:
        if hasattr(each, "cycles"):
            each.cycles.device = "CPU"
        for name in ("compositor_device", "compositor_denoise_device"):
            if hasattr(each.render, name):
                setattr(each.render, name, "CPU")
    for name in ("computeDeviceType", "gpuCount", "minimumRam"):
        if name in config:
            warnings.append(f"{name} was recorded but has no effect: the sandbox renders on this machine's CPU.")
    if config.get("compositorDevice") == "GPU":
        warnings.append("compositorDevice GPU has no effect: the sandbox composites on the CPU.")
