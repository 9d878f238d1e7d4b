"""Sequences other than images: movie clips, volumes, Alembic and USD caches, image strips of the sequencer."""

import bpy

from .file_set import FileSet, numbered, written_number


def clip_sets(frames):
    for clip in bpy.data.movieclips:
        if clip.source == "SEQUENCE" and clip.filepath:
            # The path is the one of the first image.
            first = written_number(clip.filepath) + clip.frame_offset - clip.frame_start
            end = clip.frame_start + clip.frame_duration
            numbers = [first + frame for frame in frames if clip.frame_start <= frame < end]
            yield FileSet(clip.filepath, clip, numbered(clip.filepath, numbers))


def volume_sets(frames):
    for volume in bpy.data.volumes:
        if volume.is_sequence and volume.filepath and volume.packed_file is None:
            shown = (_volume_frame(volume, frame) for frame in frames)
            numbers = [index + volume.frame_offset for index in shown if index is not None]
            yield FileSet(volume.filepath, volume, numbered(volume.filepath, numbers))


def _volume_frame(volume, frame):
    length, index = volume.frame_duration, frame - volume.frame_start + 1
    if length < 1:
        return None
    mode = volume.sequence_mode
    if mode == "REPEAT":
        return index % length or length
    if mode == "PING_PONG":
        period = max(1, 2 * length - 2)
        index = index % period or period
        return index if index <= length else 2 * length - index
    if mode == "CLIP" and not 1 <= index <= length:
        return None
    return min(max(index, 1), length)


def geometry_cache_sets(frames):
    for cache in bpy.data.cache_files:
        if cache.is_sequence and cache.filepath:
            numbers = [int(cache.frame)] if cache.override_frame else frames
            yield FileSet(cache.filepath, cache, numbered(cache.filepath, numbers))


def strip_sets(scene, frames):
    """The images that frames of the rendered scene show; for other scenes, which may play at any time, all images."""
    for each in bpy.data.scenes:
        for strip in _strips(each):
            if strip.type == "IMAGE" and not strip.mute and len(strip.elements) > 0:
                shown = _shown(strip, frames if each == scene else None)
                path = f"{strip.directory.rstrip('/')}/{strip.elements[0].filename}"
                yield FileSet(path, each, _names(shown), others=_names(strip.elements))


def _names(elements):
    return [element.filename for element in elements]


def _strips(scene):
    editor = scene.sequence_editor
    if editor is None:
        return []
    # Blender 4.4 renamed sequences to strips.
    return editor.strips_all if hasattr(editor, "strips_all") else editor.sequences_all


def _shown(strip, frames):
    elements = list(strip.elements)
    if frames is None or strip.use_reverse_frames or len(elements) == 1:
        return elements
    start, end = strip.frame_final_start, strip.frame_final_end
    indexes = (int(frame - strip.frame_start) for frame in frames if start <= frame < end)
    offset = strip.animation_offset_start
    return [elements[min(max(index, 0) + offset, len(elements) - 1)] for index in indexes]
