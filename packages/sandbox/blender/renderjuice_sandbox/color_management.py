"""The color management preset of a render request."""

from .enum_choices import enum_choices

_PREFERRED_ACES_VIEWS = ("ACES 1.3", "ACES 2.0")


def apply_color_management(scene, config, warnings):
    preset = config["colorManagementPreset"]
    if preset == "default":
        return
    if preset != "aces":
        warnings.append(f"colorManagementPreset {preset} is unknown, so the scene's own colors were kept.")
        return
    view = _aces_view(enum_choices(scene.view_settings, "view_transform"))
    if view is None:
        warnings.append(
            "This Blender's color configuration has no ACES view, so the scene's own colors were kept."
            " Blender 5.0 and newer have it, and so do the configurations that OCIO can point to."
        )
        return
    scene.view_settings.view_transform = view


def used_color_management(scene):
    """The final config's settings for color management."""
    view = scene.view_settings.view_transform
    return {"colorManagementPreset": "aces" if "ACES" in view else "default", "viewTransform": view}


def _aces_view(views):
    for preferred in _PREFERRED_ACES_VIEWS:
        if preferred in views:
            return preferred
    return next((view for view in views if "ACES" in view), None)
