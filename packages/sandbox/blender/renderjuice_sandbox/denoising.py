"""Denoising, with a fallback if this build of Blender has no denoiser."""

from .enum_choices import enum_choices

NO_DENOISER = "This build of Blender has no denoiser, so the frames are rendered without denoising."


def apply_denoising(scene, config, warnings):
    cycles = scene.cycles
    if scene.render.engine != "CYCLES":
        if config.get("denoisingEnabled"):
            warnings.append(f"Denoising is not a setting of {scene.render.engine}, so it was ignored.")
        return
    cycles.use_denoising = config.get("denoisingEnabled", cycles.use_denoising)
    if not cycles.use_denoising:
        return
    available = enum_choices(cycles, "denoiser")
    if not available:
        cycles.use_denoising = False
        warnings.append(NO_DENOISER)
        return
    wanted = config.get("denoiserType") or cycles.denoiser or available[0]
    # OptiX needs an NVIDIA card, but is listed even on machines without one.
    used = wanted if wanted in available and wanted != "OPTIX" else "OPENIMAGEDENOISE"
    if used != wanted:
        warnings.append(f"Denoiser {wanted} is not available, so {used} was used.")
    cycles.denoiser = used
    if hasattr(cycles, "denoising_use_gpu"):
        cycles.denoising_use_gpu = False


def used_denoising(scene):
    """The final config's settings for denoising."""
    if scene.render.engine != "CYCLES" or not scene.cycles.use_denoising:
        return {"denoisingEnabled": False}
    return {"denoisingEnabled": True, "denoiserType": scene.cycles.denoiser}
