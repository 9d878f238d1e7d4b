"""Image sequences and UDIM tiles."""

import bpy

from .file_set import FileSet, base_name, numbered


def image_sets(frames):
    users = _users_by_image()
    for image in bpy.data.images:
        if len(image.packed_files) > 0 or not image.filepath:
            continue
        if image.source == "TILED":
            yield FileSet(image.filepath, image, _tile_names(image))
        elif image.source == "SEQUENCE" and image.name_full in users:
            numbers = [n for user in users[image.name_full] for n in _numbers_for(user, frames)]
            yield FileSet(image.filepath, image, numbered(image.filepath, numbers))


def _tile_names(image):
    name = base_name(image.filepath)
    for tile in image.tiles:
        column, row = (tile.number - 1001) % 10 + 1, (tile.number - 1001) // 10 + 1
        yield name.replace("<UDIM>", str(tile.number)).replace("<UVTILE>", f"u{column}_v{row}")


def _numbers_for(user, frames):
    """The image that each frame shows, as Blender counts: the first one at the start frame, the last one from the end
    on. Frames before the start frame do not count."""
    length = user.frame_duration
    for frame in frames:
        index = frame - user.frame_start + 1
        if length < 1 or (index < 1 and not user.use_cyclic):
            continue
        shown = (index % length or length) if user.use_cyclic else min(index, length)
        yield shown + user.frame_offset


def _users_by_image():
    """Everything that selects the frames of an image: nodes and old textures."""
    users = {}
    for node in _nodes():
        image = getattr(node, "image", None)
        # Compositor nodes have the settings themselves.
        user = getattr(node, "image_user", None) or (node if hasattr(node, "frame_duration") else None)
        if isinstance(image, bpy.types.Image) and user is not None:
            users.setdefault(image.name_full, []).append(user)
    for texture in bpy.data.textures:
        if texture.type == "IMAGE" and texture.image is not None:
            users.setdefault(texture.image.name_full, []).append(texture.image_user)
    return users


def _nodes():
    data = bpy.data
    owners = (data.materials, data.worlds, data.lights, data.linestyles, data.textures, data.scenes)
    # In Blender 5 the compositor's tree is one of the node groups.
    trees = [getattr(owner, "node_tree", None) for collection in owners for owner in collection]
    for tree in (*trees, *data.node_groups):
        if tree is not None:
            yield from tree.nodes
