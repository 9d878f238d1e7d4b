"""A small PNG of a rendered frame, for lists and cards."""

import os

import bpy

from .image_format import set_file_format

_WIDTH_PX = 480


def write_preview(scene, work_dir):
    """Makes it from the frame that Blender has just rendered, and returns its path."""
    folder = os.path.join(work_dir, "preview")
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, "preview.png")
    _save_full_size(scene, path)
    _shrink(path)
    return path


def _save_full_size(scene, path):
    settings = scene.render.image_settings
    kept, has_views = _read(settings), scene.render.use_multiview
    set_file_format(settings, "PNG")
    settings.color_mode, settings.color_depth = "RGB", "8"
    # One view stands for all.
    scene.render.use_multiview = False
    try:
        # Only save_render applies the view transform, as the frame itself has it.
        bpy.data.images["Render Result"].save_render(path, scene=scene)
    finally:
        scene.render.use_multiview = has_views
        _write(settings, kept)


def _read(settings):
    return [(name, getattr(settings, name)) for name in ("file_format", "color_mode", "color_depth")]


def _write(settings, kept):
    set_file_format(settings, kept[0][1])
    for name, value in kept[1:]:
        setattr(settings, name, value)


def _shrink(path):
    image = bpy.data.images.load(path, check_existing=False)
    width, height = image.size
    if width > _WIDTH_PX:
        image.scale(_WIDTH_PX, max(1, round(height * _WIDTH_PX / width)))
        image.file_format = "PNG"
        image.save()
    bpy.data.images.remove(image)
