"""The facts of an import, without judgment."""

import os

import bpy


def read_facts(files, hidden):
    """Returns plain JSON values; energies are in Blender's units: W, for suns W/m².

    ``files`` is the source of each datablock: ``{datablock: path}``; ``hidden`` are the objects that are never visible.
    """
    scene = bpy.context.scene
    return {
        "objects": [dict(_object(item), isHidden=item in hidden) for item in scene.objects],
        "materials": [dict(_material(material), file=files[material]) for material in bpy.data.materials],
        "images": [
            _image(image) for image in bpy.data.images if image.type not in ("RENDER_RESULT", "COMPOSITING")
        ],
        "lights": [
            {
                "name": item.name,
                "type": item.data.type,
                "energy": item.data.energy,
                "file": files[item],
                "isHidden": item in hidden,
            }
            for item in scene.objects
            if item.type == "LIGHT"
        ],
        "cameras": [
            {
                "name": item.name,
                "lensMm": item.data.lens,
                "isOrthographic": item.data.type == "ORTHO",
                "file": files[item],
            }
            for item in scene.objects
            if item.type == "CAMERA"
        ],
        "animation": _animation(),
        "fps": scene.render.fps / scene.render.fps_base,
    }


def _object(item):
    slots = [slot.material.name for slot in item.material_slots if slot.material]
    keys = getattr(item.data, "shape_keys", None)
    return {
        "name": item.name,
        "type": item.type,
        "materials": slots,
        "isSkinned": any(modifier.type == "ARMATURE" for modifier in item.modifiers),
        "shapeKeys": len(keys.key_blocks) - 1 if keys else 0,
        "bones": len(item.data.bones) if item.type == "ARMATURE" else 0,
        "constraints": [constraint.type for constraint in item.constraints],
    }


def _material(material):
    shader = _surface_shader(material)
    return {
        "name": material.name,
        "shader": shader.bl_idname if shader else None,
        "inputs": {} if shader is None else {socket.name: _input(socket) for socket in shader.inputs},
    }


def _surface_shader(material):
    """The node at the output; None for a material that mixes several."""
    if not material.use_nodes or material.node_tree is None:
        return None
    output = material.node_tree.get_output_node("ALL")
    links = output.inputs["Surface"].links if output else ()
    return links[0].from_node if links else None


def _input(socket):
    """``{"value"}`` if nothing is linked, else the ``{"images"}`` that reach it through any nodes."""
    if not socket.is_linked:
        value = getattr(socket, "default_value", None)
        return {"value": _plain(value), "images": None}
    return {"value": None, "images": sorted(_images_behind(socket, set()))}


def _images_behind(socket, seen):
    names = set()
    for link in socket.links:
        # A normal map has a node even without an image.
        if link.from_node in seen:
            continue
        seen.add(link.from_node)
        if getattr(link.from_node, "image", None):
            names.add(link.from_node.image.name)
        for behind in link.from_node.inputs:
            names |= _images_behind(behind, seen)
    return names


def _plain(value):
    if value is None or isinstance(value, (int, float, str)):
        return value
    return list(value)


def _image(image):
    is_packed = bool(image.packed_files)
    path = bpy.path.abspath(image.filepath, library=image.library)
    is_generated = image.source == "GENERATED"
    is_there = is_packed or is_generated or os.path.isfile(path) or image.source in ("TILED", "SEQUENCE")
    return {"name": image.name, "path": path, "isThere": is_there}


def _animation():
    """First and last key of all actions; None if there are no keys."""
    ranges = [tuple(action.frame_range) for action in bpy.data.actions]
    if not ranges:
        return None
    return {"start": min(start for start, _ in ranges), "end": max(end for _, end in ranges)}
