"""The facts about the open scene that the farm needs."""

import re

from maya import cmds

from .errors import RenderjuiceError

FPS_BY_NAME = {
    "game": 15.0,
    "film": 24.0,
    "pal": 25.0,
    "ntsc": 30.0,
    "show": 48.0,
    "palf": 50.0,
    "ntscf": 60.0,
}
METERS_BY_UNIT = {
    "mm": 0.001,
    "cm": 0.01,
    "m": 1.0,
    "km": 1000.0,
    "in": 0.0254,
    "ft": 0.3048,
    "yd": 0.9144,
    "mi": 1609.344,
}
FILM_FITS = ("fill", "horizontal", "vertical", "overscan")
MM_PER_INCH = 25.4


def read_facts():
    """Returns facts of the open scene as plain JSON values.

    Camera lengths are in millimeters, clip planes in scene units.
    """
    unit = cmds.currentUnit(query=True, linear=True)
    return {
        "scene": cmds.file(query=True, sceneName=True),
        "mayaVersion": cmds.about(version=True),
        "frames": read_frames(),
        "fps": read_fps(),
        "resolution": {
            "width": cmds.getAttr("defaultResolution.width"),
            "height": cmds.getAttr("defaultResolution.height"),
            "pixelAspect": cmds.getAttr("defaultResolution.pixelAspect"),
        },
        "cameras": [read_camera(shape) for shape in renderable_cameras()],
        "linearUnit": unit,
        "metersPerUnit": METERS_BY_UNIT.get(unit),
        "upAxis": cmds.upAxis(query=True, axis=True),
        "renderer": cmds.getAttr("defaultRenderGlobals.currentRenderer"),
        "colorManagement": read_color_management(),
    }


def read_frames():
    """Returns ``{"start", "end", "step"}`` of the render settings; the current frame if they render only one."""
    if not cmds.getAttr("defaultRenderGlobals.animation"):
        now = cmds.currentTime(query=True)
        return {"start": now, "end": now, "step": 1.0}
    return {
        "start": cmds.getAttr("defaultRenderGlobals.startFrame"),
        "end": cmds.getAttr("defaultRenderGlobals.endFrame"),
        "step": cmds.getAttr("defaultRenderGlobals.byFrameStep"),
    }


def frame_list(frames):
    """Returns the range in Renderjuice's form, such as ``1-24x2``.

    Raises RenderjuiceError for fractions of frames.
    """
    numbers = [frames["start"], frames["end"], frames["step"]]
    if any(number != int(number) for number in numbers):
        raise RenderjuiceError(
            "The render settings have frames {}-{} by {}, but Renderjuice renders whole frames only.".format(
                *numbers
            ),
            'Use whole numbers, or pass frames="1-24".',
        )
    start, end, step = (int(number) for number in numbers)
    if start < 0 or end < start or step < 1:
        raise RenderjuiceError(
            "The render settings have frames {} to {} by {}.".format(start, end, step),
            'Set a range that starts at 0 or later and does not run backwards, or pass frames="1-24".',
        )
    if start == end:
        return str(start)
    return "{}-{}{}".format(start, end, "" if step == 1 else "x{}".format(step))


def span_of(frames):
    """Returns the range that a cache has to cover for frames in Renderjuice's form.

    ``{"start", "end", "step": 1.0}``.
    """
    texts = [frames] if isinstance(frames, str) else list(frames)
    ranges = [
        re.match(r"^\s*(\d+)(?:-(\d+)(?:x\d+)?)?\s*$", part) for text in texts for part in text.split(",")
    ]
    if not all(ranges):
        raise RenderjuiceError(
            "frames={!r} is not a frame range.".format(frames), 'Write "1-24", "1-24x2" or "1,5,9".'
        )
    numbers = [int(number) for found in ranges for number in found.groups() if number is not None]
    return {"start": float(min(numbers)), "end": float(max(numbers)), "step": 1.0}


def read_fps():
    """Returns frames per second.

    Raises RenderjuiceError for a time unit that is not a frame rate, such as ``hour``.
    """
    unit = cmds.currentUnit(query=True, time=True)
    match = re.match(r"^([0-9.]+)(fps|df)$", unit)
    if match:
        return float(match.group(1))
    if unit in FPS_BY_NAME:
        return FPS_BY_NAME[unit]
    raise RenderjuiceError(
        'The time unit of the scene is "{}", which is not a frame rate.'.format(unit),
        "Choose one in Windows > Settings/Preferences > Preferences > Settings > Time.",
    )


def renderable_cameras():
    return [shape for shape in cmds.ls(type="camera", long=True) or [] if cmds.getAttr(shape + ".renderable")]


def read_camera(shape):
    return {
        "name": shape.split("|")[-2],
        "path": shape,
        "focalLengthMm": cmds.getAttr(shape + ".focalLength"),
        "filmWidthMm": cmds.getAttr(shape + ".horizontalFilmAperture") * MM_PER_INCH,
        "filmHeightMm": cmds.getAttr(shape + ".verticalFilmAperture") * MM_PER_INCH,
        "filmFit": FILM_FITS[cmds.getAttr(shape + ".filmFit")],
        "nearClip": cmds.getAttr(shape + ".nearClipPlane"),
        "farClip": cmds.getAttr(shape + ".farClipPlane"),
    }


def read_color_management():
    if not cmds.colorManagementPrefs(query=True, cmEnabled=True):
        return None
    return {
        "configFile": cmds.colorManagementPrefs(query=True, configFilePath=True),
        "renderingSpace": cmds.colorManagementPrefs(query=True, renderingSpaceName=True),
    }
