"""Samples, tiles and threads of the scene's engine."""


def sample_count(scene):
    """Samples per pixel of the scene's engine, or None if the engine has no such setting."""
    owner, setting = _sample_setting(scene)
    return getattr(owner, setting) if owner is not None else None


def apply_sampling(scene, config, warnings):
    samples = config.get("sampleCount")
    if samples is not None:
        owner, setting = _sample_setting(scene)
        if owner is None:
            warnings.append(f"sampleCount is not a setting of {scene.render.engine}, so it was ignored.")
        else:
            setattr(owner, setting, max(1, int(samples)))
    _apply_tiles(scene, config, warnings)


def _sample_setting(scene):
    if scene.render.engine == "CYCLES":
        return scene.cycles, "samples"
    if scene.render.engine.startswith("BLENDER_EEVEE"):
        return scene.eevee, "taa_render_samples"
    return None, None


def _apply_tiles(scene, config, warnings):
    if "useTiling" not in config and "tileSize" not in config:
        return
    if scene.render.engine != "CYCLES":
        warnings.append(f"useTiling and tileSize are not settings of {scene.render.engine}, so they were ignored.")
        return
    if "useTiling" in config:
        scene.cycles.use_auto_tile = config["useTiling"]
    if "tileSize" in config:
        scene.cycles.tile_size = max(8, int(config["tileSize"]))


def apply_threads(scene, threads):
    if threads is not None:
        scene.render.threads_mode = "FIXED"
        scene.render.threads = threads
