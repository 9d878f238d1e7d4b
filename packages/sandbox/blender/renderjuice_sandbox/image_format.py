"""Output format of the frames: the request, within what the format and this Blender support."""

from .enum_choices import enum_choices
from .scene_failure import SceneFailure

_VIDEO_FORMATS = ("FFMPEG", "AVI_JPEG", "AVI_RAW")


def is_video_format(file_format):
    return file_format in _VIDEO_FORMATS


def apply_image_format(settings, config, warnings):
    """`settings` is Blender's ImageFormatSettings. Raises SceneFailure for an unknown format."""
    wanted = config.get("outputFormat") or settings.file_format
    if is_video_format(wanted):
        warnings.append(f"{wanted} is a video format, so PNG frames were rendered instead.")
        wanted = "PNG"
    set_file_format(settings, wanted)
    output = config.get("outputSettings", {})
    _apply_color_mode(settings, output.get("colorMode"), warnings)
    _apply_color_depth(settings, output.get("colorDepth"), warnings)
    _apply_codec(settings, "exr_codec", output.get("exrCodec"), warnings)
    _apply_codec(settings, "tiff_codec", output.get("tiffCodec"), warnings)
    _apply_percentage(settings, "compression", output.get("compression"), warnings)
    _apply_percentage(settings, "quality", output.get("quality"), warnings)


def set_file_format(settings, file_format):
    # Blender 5 lists a format only under its media type.
    if hasattr(settings, "media_type"):
        settings.media_type = "MULTI_LAYER_IMAGE" if file_format == "OPEN_EXR_MULTILAYER" else "IMAGE"
    try:
        settings.file_format = file_format
    except TypeError as error:
        known = ", ".join(enum_choices(settings, "file_format"))
        raise SceneFailure(
            "unsupported_setting", f"This Blender does not support outputFormat {file_format}, only {known}."
        ) from error


def used_image_format(settings):
    """The final config's settings for the output format."""
    output = {"colorMode": settings.color_mode, "colorDepth": settings.color_depth}
    file_format = settings.file_format
    if file_format.startswith("OPEN_EXR"):
        output["exrCodec"] = settings.exr_codec
    elif file_format == "TIFF":
        output["tiffCodec"] = settings.tiff_codec
    elif file_format == "PNG":
        output["compression"] = settings.compression
    elif file_format in ("JPEG", "WEBP", "JPEG2000"):
        output["quality"] = settings.quality
    return {"outputFormat": file_format, "outputSettings": output}


def _apply_color_mode(settings, wanted, warnings):
    if wanted is None:
        return
    available = enum_choices(settings, "color_mode")
    used = wanted if wanted in available else available[-1]
    if used != wanted:
        warnings.append(f"{settings.file_format} does not support color mode {wanted}, so {used} was used.")
    settings.color_mode = used


def _apply_color_depth(settings, wanted, warnings):
    if wanted is None:
        return
    available = sorted(enum_choices(settings, "color_depth"), key=int)
    if not available:
        return
    enough = [depth for depth in available if wanted.isdigit() and int(depth) >= int(wanted)]
    used = enough[0] if enough else available[-1]
    if used != wanted:
        warnings.append(f"{settings.file_format} does not support {wanted} bits per channel, so {used} were used.")
    settings.color_depth = used


def _apply_codec(settings, setting, wanted, warnings):
    if wanted is None:
        return
    try:
        setattr(settings, setting, wanted)
    except TypeError:
        warnings.append(f"Codec {wanted} is not available, so {getattr(settings, setting)} was used.")


def _apply_percentage(settings, setting, wanted, warnings):
    if wanted is None:
        return
    used = min(100, max(0, int(wanted)))
    if used != wanted:
        warnings.append(f"{setting} {wanted} is not between 0 and 100, so {used} was used.")
    setattr(settings, setting, used)
