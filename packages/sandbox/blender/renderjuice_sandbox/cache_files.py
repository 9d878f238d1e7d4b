"""Baked simulations on disk."""

import os

import bpy

from .disk_caches import fluid_domains, point_caches
from .file_listing import absolute_path


def missing_caches(frames, listing):
    for domain in fluid_domains():
        # A replay cache is created while playing; the others must have been baked before.
        if domain.cache_type != "REPLAY":
            yield from _missing_of_fluid(domain, frames, listing)
    for cache in point_caches():
        yield from _missing_of_points(cache, listing)


def _missing_of_fluid(domain, frames, listing):
    written = domain.cache_directory
    folder = os.path.join(absolute_path(written, domain.id_data), "data")
    there = listing.matching(folder, r"^fluid_data_\d{4}\.")
    if not there:
        if domain.has_cache_baked_data or not os.path.isdir(os.path.dirname(folder)):
            yield written
        return
    extension = os.path.splitext(there[0])[1]
    for frame in frames:
        name = f"fluid_data_{frame:04d}{extension}"
        if domain.cache_frame_start <= frame <= domain.cache_frame_end and name not in there:
            yield f"{written.rstrip('/')}/data/{name}"


def _missing_of_points(cache, listing):
    """Whether a cache that is baked to disk exists. Its frames depend on its step, so one file is enough."""
    if not (cache.use_external or (cache.use_disk_cache and cache.is_baked)):
        return
    stem = os.path.splitext(os.path.basename(bpy.data.filepath))[0]
    written = cache.filepath if cache.use_external else f"//blendcache_{stem}"
    if not listing.matching(absolute_path(written, cache.id_data), r"\.bphys$"):
        yield written
