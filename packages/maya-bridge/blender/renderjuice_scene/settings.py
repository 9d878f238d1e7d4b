"""Sets range, rate, size and camera of the Maya scene in Blender's scene."""

import bpy


def apply_settings(settings):
    """Applies Maya's settings. Returns ``(notes, warnings)``, sentences for the artist."""
    scene = bpy.context.scene
    frames, rate, size = settings["frames"], settings["rate"], settings["size"]
    # The start first, since it would change an earlier end.
    scene.frame_start, scene.frame_end = frames["start"], frames["end"]
    scene.frame_step = frames["step"]
    scene.render.fps, scene.render.fps_base = rate["fps"], rate["base"]
    scene.render.resolution_x, scene.render.resolution_y = size["width"], size["height"]
    scene.render.resolution_percentage = 100
    scene.render.pixel_aspect_x, scene.render.pixel_aspect_y = size["pixelAspectX"], size["pixelAspectY"]
    notes = [
        "Frames {} to {} by {}, {:g} frames per second, {} x {} pixels.".format(
            scene.frame_start,
            scene.frame_end,
            scene.frame_step,
            round(scene.render.fps / scene.render.fps_base, 3),
            scene.render.resolution_x,
            scene.render.resolution_y,
        )
    ]
    camera_notes, warnings = _apply_camera(scene, settings["cameras"])
    return notes + camera_notes, warnings


def _apply_camera(scene, cameras):
    found = [(wanted, item) for wanted in cameras for item in [find_camera(wanted["name"])] if item]
    if not cameras:
        return [], ["No camera is renderable in the Maya scene. {}".format(_kept(scene))]
    if not found:
        names = " or ".join(wanted["name"] for wanted in cameras)
        return [], ["The .blend has no camera {}. {}".format(names, _kept(scene))]
    wanted, item = found[0]
    scene.camera = item
    notes, warnings = ["It renders through {}.".format(item.name)], []
    if len(cameras) > 1:
        rest = ", ".join(other["name"] for other in cameras if other is not wanted)
        warnings.append("Several cameras are renderable in Maya. {} was used, not {}.".format(wanted["name"], rest))
    if any(marker.camera for marker in scene.timeline_markers):
        warnings.append("Markers on the timeline switch the camera, and override {}.".format(item.name))
    if item.library or item.data.library:
        warnings.append("{} is linked from another file, so its lens was not changed.".format(item.name))
    else:
        notes += _set_lens(item.data, wanted, scene.unit_settings.scale_length)
    return notes, warnings


def find_camera(name):
    """Finds it by the name of the object or of its data, without Maya's namespace if necessary."""
    cameras = [item for item in bpy.context.scene.objects if item.type == "CAMERA"]
    for wanted in (name, name.split(":")[-1]):
        for item in cameras:
            if wanted in (item.name, item.data.name):
                return item
    return None


def _set_lens(data, wanted, scene_scale):
    animated = _animated_properties(data)
    values = {
        "lens": wanted["lensMm"],
        "sensor_width": wanted["sensorWidthMm"],
        "sensor_height": wanted["sensorHeightMm"],
        "sensor_fit": wanted["sensorFit"],
    }
    if wanted["clipM"] is not None:
        values["clip_start"], values["clip_end"] = (value / scene_scale for value in wanted["clipM"])
    for name, value in values.items():
        if name not in animated:
            setattr(data, name, value)
    notes = [
        "Its lens is {:g} mm, its film back {:g} x {:g} mm.".format(
            round(data.lens, 3), round(data.sensor_width, 3), round(data.sensor_height, 3)
        )
    ]
    if animated & set(values):
        notes.append(
            "Animated in the .blend, and not changed: {}.".format(", ".join(sorted(animated & set(values))))
        )
    return notes


def _animated_properties(data):
    animation = data.animation_data
    if animation is None:
        return set()
    # Blender 4.4 moved curves into slots; every version lists them for its own property.
    names = ("lens", "sensor_width", "sensor_height", "sensor_fit", "clip_start", "clip_end")
    driven = {driver.data_path for driver in animation.drivers}
    curves = getattr(animation.action, "fcurves", None) or []
    return driven | {curve.data_path for curve in curves if curve.data_path in names}


def _kept(scene):
    if scene.camera is None:
        return "The .blend has no camera either."
    return "It renders through {}, the camera of the .blend.".format(scene.camera.name)
