"""The files that the open ``.blend`` reads, each with the place where its path is stored."""

import os

import bpy

BUILT_IN = ("", "<builtin>")
IMAGE_SPANS = {"FILE": "file", "MOVIE": "file", "SEQUENCE": "sequence", "TILED": "tiles"}


class Reference:
    """One path. ``span`` is what it stands for: a "file", a numbered "sequence", UDIM "tiles", a "folder"."""

    def __init__(self, kind, name, holder, attribute, owner, span="file"):
        self.kind = kind
        self.name = name
        self.holder = holder
        self.attribute = attribute
        self.library = library_of(owner)
        self.span = span

    @property
    def raw(self):
        return getattr(self.holder, self.attribute)

    @raw.setter
    def raw(self, path):
        setattr(self.holder, self.attribute, path)

    @property
    def file(self):
        return os.path.normpath(bpy.path.abspath(self.raw, library=self.library))

    def facts(self):
        library = None if self.library is None else library_file(self.library)
        return {
            "kind": self.kind,
            "name": self.name,
            "raw": self.raw,
            "file": self.file,
            "span": self.span,
            "library": library,
        }


def library_of(owner):
    """The library that a datablock is linked from; for a library, the one that links it."""
    return owner.parent if isinstance(owner, bpy.types.Library) else owner.library


def library_file(library):
    return os.path.normpath(bpy.path.abspath(library.filepath, library=library.parent))


def all_references():
    """Returns the references, in the same order each time the file is opened."""
    return [
        reference
        for found in (_libraries, _cache_files, _mesh_caches, _fluids, _images, _plain_files, _node_files)
        for reference in found()
        if reference.raw not in BUILT_IN
    ]


def _libraries():
    for library in bpy.data.libraries:
        yield Reference("library", library.name, library, "filepath", library)


def _cache_files():
    for cache in bpy.data.cache_files:
        span = "sequence" if cache.is_sequence else "file"
        yield Reference("cache", cache.name, cache, "filepath", cache, span)


def _mesh_caches():
    for item, modifier in modifiers("MESH_CACHE"):
        yield Reference("mesh-cache", "{} > {}".format(item.name, modifier.name), modifier, "filepath", item)


def _fluids():
    for item, modifier in modifiers("FLUID"):
        if modifier.fluid_type == "DOMAIN":
            yield Reference("fluid", item.name, modifier.domain_settings, "cache_directory", item, "folder")


def _images():
    for image in bpy.data.images:
        if image.source in IMAGE_SPANS and not image.packed_files:
            yield Reference("image", image.name, image, "filepath", image, IMAGE_SPANS[image.source])


def _plain_files():
    for kind, items in (("font", bpy.data.fonts), ("sound", bpy.data.sounds)):
        for item in items:
            if not item.packed_file:
                yield Reference(kind, item.name, item, "filepath", item)
    for clip in bpy.data.movieclips:
        yield Reference("clip", clip.name, clip, "filepath", clip, IMAGE_SPANS[clip.source])
    for volume in bpy.data.volumes:
        if not volume.packed_file:
            yield Reference(
                "volume",
                volume.name,
                volume,
                "filepath",
                volume,
                "sequence" if volume.is_sequence else "file",
            )


def _node_files():
    owners = [*bpy.data.materials, *bpy.data.worlds, *bpy.data.lights, *bpy.data.node_groups]
    for owner in owners:
        tree = owner if isinstance(owner, bpy.types.NodeTree) else owner.node_tree
        for node in tree.nodes if tree else ():
            if node.bl_idname in ("ShaderNodeTexIES", "ShaderNodeScript") and node.mode == "EXTERNAL":
                yield Reference("shader", "{} > {}".format(owner.name, node.name), node, "filepath", owner)


def modifiers(modifier_type):
    for item in bpy.data.objects:
        for modifier in item.modifiers:
            if modifier.type == modifier_type:
                yield item, modifier
