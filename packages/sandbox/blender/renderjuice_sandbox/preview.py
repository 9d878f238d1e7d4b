"""A small PNG of a rendered frame, for lists and cards."""

import os

import bpy

from .image_format import set_file_format

_WIDTH_PX = 480


def write_preview(scene, work_dir):
    """Creates it from the frame that Blender has just rendered, and returns its path."""
    folder = os.path.join(work_dir, "preview")
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, "preview.png")
    _save_full_size(scene, path)
    _shrink(path)
    return path


def _save_full_size(scene, path):
    settings = scene.render.image_settings
    kept = _read(settings)
    set_file_format(settings, "PNG")
    settings.color_mode, settings.color_depth, settings.views_format = "RGB", "8", "INDIVIDUAL"
    try:
        # Only save_render applies the view transform, like in the frame itself.
        bpy.data.images["Render Result"].save_render(path, scene=scene)
    except RuntimeError:
        # Blender writes a file for each view, and then reports an error, since none of them has the plain name.
        views = sorted(os.listdir(os.path.dirname(path)))
        if not views:
            raise
        # One view is enough.
        os.replace(os.path.join(os.path.dirname(path), views[0]), path)
    finally:
        _write(settings, kept)


def _read(settings):
    return [(name, getattr(settings, name)) for name in ("file_format", "color_mode", "color_depth", "views_format")]


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
