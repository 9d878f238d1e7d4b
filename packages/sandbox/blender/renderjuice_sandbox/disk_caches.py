"""Simulations that write to disk while frames are rendered."""

import os

import bpy


def keep_caches_in(folder):
    """Fluids that are simulated while playing write below `folder`; everything else caches in memory. Baked caches are
    read where they are."""
    for index, domain in enumerate(fluid_domains()):
        if domain.cache_type == "REPLAY":
            domain.cache_directory = os.path.join(folder, f"fluid-{index}")
    for cache in point_caches():
        if cache.use_disk_cache and not cache.is_baked and not cache.use_external:
            cache.use_disk_cache = False


def fluid_domains():
    for scene_object in bpy.data.objects:
        for modifier in scene_object.modifiers:
            domain = getattr(modifier, "domain_settings", None)
            if domain is not None:
                yield domain


def point_caches():
    """The caches of cloth, soft bodies, dynamic paint, particles and rigid bodies."""
    for scene in bpy.data.scenes:
        if scene.rigidbody_world is not None:
            yield scene.rigidbody_world.point_cache
    for scene_object in bpy.data.objects:
        for system in scene_object.particle_systems:
            yield system.point_cache
        for modifier in scene_object.modifiers:
            if modifier.type in ("CLOTH", "SOFT_BODY"):
                yield modifier.point_cache
            elif modifier.type == "DYNAMIC_PAINT" and modifier.canvas_settings is not None:
                yield from (surface.point_cache for surface in modifier.canvas_settings.canvas_surfaces)
