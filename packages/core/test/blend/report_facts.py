"""What Blender itself says about a scene, in the shape of `SceneFacts`.

    blender -b SCENE.blend --python report_facts.py -- FACTS.json
"""

import json
import os
import sys

import bpy

# How the types of datablocks are called in SceneFacts, where that is not the class in lower case.
TYPE_NAMES = {
    "VectorFont": "font",
    "NodeTree": "node group",
    "MovieClip": "movie clip",
    "CacheFile": "cache file",
}


def report():
    version = bpy.data.version
    return {
        "version": {"major": version[0], "minor": version[1], "subversion": version[2]},
        "activeScene": bpy.context.scene.name,
        "scenes": [report_scene(scene) for scene in bpy.data.scenes if not scene.library],
        "files": sorted(find_files(), key=lambda file: json.dumps(file, sort_keys=True)),
        "fileOutputs": list(find_file_outputs()),
        "simulations": list(find_simulations()),
        "texts": [
            {"name": text.name, "runsOnLoad": text.use_module, "path": text.filepath or None}
            for text in bpy.data.texts
            if not text.library
        ],
        "pythonDrivers": list(find_python_drivers()),
        "blendPaths": sorted(set(bpy.utils.blend_paths(absolute=False, packed=True))),
    }


def report_scene(scene):
    render = scene.render
    compositor = compositor_of(scene)
    strips = strips_of(scene)
    group = getattr(scene, "compositing_node_group", None)
    return {
        "name": scene.name,
        "engine": render.engine,
        "frames": {
            "start": scene.frame_start,
            "end": scene.frame_end,
            "step": scene.frame_step,
            "current": scene.frame_current,
        },
        "framesPerSecond": render.fps / render.fps_base,
        "resolution": {
            "width": render.resolution_x,
            "height": render.resolution_y,
            "percentage": render.resolution_percentage,
            "pixelAspectX": render.pixel_aspect_x,
            "pixelAspectY": render.pixel_aspect_y,
        },
        "border": {
            "left": render.border_min_x,
            "right": render.border_max_x,
            "bottom": render.border_min_y,
            "top": render.border_max_y,
            "isCropped": render.use_crop_to_border,
        }
        if render.use_border
        else None,
        "camera": name_of(scene.camera),
        "markerCameras": [
            {"frame": marker.frame, "marker": marker.name, "camera": marker.camera.name}
            for marker in scene.timeline_markers
            if marker.camera
        ],
        "output": {
            "path": render.filepath,
            "format": render.image_settings.file_format,
            "isMovie": render.is_movie_format,
            "overwrites": render.use_overwrite,
            "usesPlaceholders": render.use_placeholder,
            "addsExtension": render.use_file_extension,
        },
        "viewLayers": [{"name": layer.name, "isRendered": layer.use} for layer in scene.view_layers],
        "rendersSingleLayer": render.use_single_layer,
        "compositor": {
            "isUsed": render.use_compositing and compositor is not None,
            "nodeGroup": name_of(group),
        },
        "sequencer": {"isUsed": render.use_sequencer and len(strips) > 0, "stripCount": len(strips)},
        **report_sampling(scene),
        "cycles": {
            "device": cycles_setting(scene, "device"),
            "usesAdaptiveSampling": cycles_setting(scene, "use_adaptive_sampling"),
            "adaptiveThreshold": cycles_setting(scene, "adaptive_threshold"),
            "timeLimitSeconds": cycles_setting(scene, "time_limit"),
        },
        "usesMotionBlur": render.use_motion_blur,
        "usesSimplify": render.use_simplify,
        "usesPersistentData": render.use_persistent_data,
        "usesFreestyle": render.use_freestyle,
        "usesMultiview": render.use_multiview,
        "backgroundScene": name_of(scene.background_set),
        "properties": {
            key: value for key, value in scene.items() if isinstance(value, (str, int, float, bool))
        },
    }


def report_sampling(scene):
    if scene.render.engine == "CYCLES":
        return {
            "samples": cycles_setting(scene, "samples"),
            "denoising": cycles_setting(scene, "use_denoising"),
        }
    unknown = {"value": None, "from": "unknown"}
    if not scene.render.engine.startswith("BLENDER_EEVEE"):
        return {"samples": unknown, "denoising": unknown}
    return {"samples": {"value": scene.eevee.taa_render_samples, "from": "stored"}, "denoising": unknown}


def cycles_setting(scene, key):
    """Cycles keeps what was changed in a group of custom properties, which Blender 5 hides."""
    properties = scene.bl_system_properties_get() if hasattr(scene, "bl_system_properties_get") else scene
    stored = (properties or {}).get("cycles") or {}
    return {"value": getattr(scene.cycles, key), "from": "stored" if key in stored else "default"}


def name_of(datablock):
    return datablock.name if datablock else None


def compositor_of(scene):
    if hasattr(scene, "compositing_node_group"):
        return scene.compositing_node_group
    return scene.node_tree if scene.use_nodes else None


def strips_of(scene):
    editor = scene.sequence_editor
    if not editor:
        return []
    return list(editor.strips_all if hasattr(editor, "strips_all") else editor.sequences_all)


def local(datablocks):
    """Those that are in the file: its own, and what was linked and packed."""
    return [each for each in datablocks if not each.library or is_archive(each.library)]


def owner(datablock):
    # A ShaderNodeTree is a NodeTree, which is an ID.
    kind = next(each.__name__ for each in type(datablock).__mro__ if bpy.types.ID in each.__bases__)
    return {"type": TYPE_NAMES.get(kind, kind.lower()), "name": datablock.name}


def file(kind, datablock, path, **details):
    return {
        "kind": kind,
        "owner": owner(datablock),
        "library": datablock.library.filepath if datablock.library else None,
        "via": None,
        "path": path,
        "isRelative": path.startswith("//"),
        "isPacked": False,
        "extent": "file",
        "frames": None,
        "tiles": [],
        "hasViews": False,
        "names": [],
        **details,
    }


def find_files():
    for found in (
        find_libraries(),
        find_images(),
        find_media(),
        find_node_files(),
        find_modifier_files(),
        find_point_caches(),
        find_strips(),
    ):
        yield from (each for each in found if each["path"])


def find_libraries():
    # Archive libraries hold what was packed of their parent, whose file is not needed then.
    archived = {library.archive_parent_library for library in bpy.data.libraries if is_archive(library)}
    linked = {datablock.library for datablock in all_datablocks(is_local=False)}
    for library in bpy.data.libraries:
        if is_archive(library):
            continue
        is_packed = library.packed_file is not None or (library in archived and library not in linked)
        yield file("library", library, library.filepath, isPacked=is_packed)


def is_archive(library):
    return getattr(library, "is_archive", False)


def find_images():
    extents = {"SEQUENCE": "sequence", "TILED": "tiles"}
    for image in local(bpy.data.images):
        if image.source in ("GENERATED", "VIEWER"):
            continue
        yield file(
            "movie" if image.source == "MOVIE" else "image",
            image,
            image.filepath,
            isPacked=len(image.packed_files) > 0,
            extent=extents.get(image.source, "file"),
            hasViews=image.use_multiview and image.views_format == "INDIVIDUAL",
            tiles=[tile.number for tile in image.tiles] if image.source == "TILED" else [],
            frames=frames_of(image) if image.source == "SEQUENCE" else None,
        )


def frames_of(image):
    spans = [
        (user.frame_offset + 1, user.frame_offset + user.frame_duration)
        for used, user in find_image_users()
        if used == image and user.frame_duration > 0
    ]
    if not spans:
        return None
    return {"first": min(first for first, _ in spans), "last": max(last for _, last in spans)}


def find_image_users():
    for _, node in find_nodes():
        if node.bl_idname in ("ShaderNodeTexImage", "ShaderNodeTexEnvironment"):
            yield node.image, node.image_user
        # The compositor's node is its own image user.
        if node.bl_idname == "CompositorNodeImage":
            yield node.image, node
    for camera in local(bpy.data.cameras):
        for background in camera.background_images:
            yield background.image, background.image_user
    for texture in local(bpy.data.textures):
        if texture.type == "IMAGE":
            yield texture.image, texture.image_user
    for thing in local(bpy.data.objects):
        if thing.type == "EMPTY" and thing.empty_display_type == "IMAGE":
            yield thing.data, thing.image_user


def find_media():
    for font in local(bpy.data.fonts):
        if font.filepath != "<builtin>":
            yield file("font", font, font.filepath, isPacked=font.packed_file is not None)
    for sound in local(bpy.data.sounds):
        yield file("sound", sound, sound.filepath, isPacked=sound.packed_file is not None)
    for clip in local(bpy.data.movieclips):
        extent = "sequence" if clip.source == "SEQUENCE" else "file"
        yield file("movie clip", clip, clip.filepath, extent=extent)
    for cache in local(bpy.data.cache_files):
        yield file("cache file", cache, cache.filepath, extent="sequence" if cache.is_sequence else "file")
        for layer in getattr(cache, "layers", []):
            yield file("cache file", cache, layer.filepath, via="layer")
    for volume in local(bpy.data.volumes):
        yield file(
            "volume",
            volume,
            volume.filepath,
            isPacked=volume.packed_file is not None,
            extent="sequence" if volume.is_sequence else "file",
            frames={"first": volume.frame_offset + 1, "last": volume.frame_offset + volume.frame_duration}
            if volume.is_sequence and volume.frame_duration > 0
            else None,
        )
    for camera in local(bpy.data.cameras):
        if getattr(camera, "custom_mode", "INTERNAL") == "EXTERNAL":
            yield file("camera shader", camera, camera.custom_filepath)


def find_nodes():
    """Nodes with the datablock that they are stored in."""
    for group in local(bpy.data.node_groups):
        yield from ((group, node) for node in group.nodes)
    for kind in (bpy.data.materials, bpy.data.worlds, bpy.data.lights, bpy.data.textures, bpy.data.linestyles):
        for datablock in local(kind):
            if datablock.node_tree:
                yield from ((datablock, node) for node in datablock.node_tree.nodes)
    for scene in local(bpy.data.scenes):
        if not hasattr(scene, "compositing_node_group") and scene.node_tree:
            yield from ((scene, node) for node in scene.node_tree.nodes)


def find_node_files():
    for datablock, node in find_nodes():
        if node.bl_idname == "ShaderNodeTexIES" and node.mode == "EXTERNAL":
            yield file("IES profile", datablock, node.filepath, via=node.name)
        if node.bl_idname == "ShaderNodeScript" and node.mode == "EXTERNAL":
            yield file("OSL script", datablock, node.filepath, via=node.name)
        for socket in node.inputs:
            if socket.bl_idname == "NodeSocketStringFilePath":
                yield file("geometry nodes import", datablock, socket.default_value)


def find_file_outputs():
    for datablock, node in find_nodes():
        if node.bl_idname != "CompositorNodeOutputFile":
            continue
        path = node.base_path if hasattr(node, "base_path") else node.directory + node.file_name
        yield {"owner": owner(datablock), "node": node.name, "path": path, "isMuted": node.mute}


def find_modifier_files():
    for thing in local(bpy.data.objects):
        for modifier in thing.modifiers:
            details = {"via": modifier.name}
            if modifier.type == "MESH_CACHE":
                yield file("mesh cache", thing, modifier.filepath, **details)
            if modifier.type == "OCEAN" and modifier.is_cached:
                yield file("ocean cache", thing, modifier.filepath, extent="folder", **details)
            if modifier.type == "FLUID" and modifier.fluid_type == "DOMAIN":
                directory = modifier.domain_settings.cache_directory
                yield file("fluid cache", thing, directory, extent="folder", **details)
            if modifier.type == "MULTIRES" and modifier.is_external:
                yield file("multires data", thing.data, modifier.filepath)
            if modifier.type == "NODES":
                yield from find_bakes(thing, modifier)
                yield from find_path_inputs(thing, modifier)


def find_bakes(thing, modifier):
    directory = getattr(modifier, "bake_directory", getattr(modifier, "simulation_bake_directory", ""))
    yield file("geometry nodes bake", thing, directory, extent="folder", via=modifier.name)
    for bake in getattr(modifier, "bakes", []):
        if bake.use_custom_path:
            yield file("geometry nodes bake", thing, bake.directory, extent="folder", via=modifier.name)


def find_path_inputs(thing, modifier):
    for item in getattr(modifier.node_group, "interface", None) and modifier.node_group.interface.items_tree or []:
        if getattr(item, "subtype", "") == "FILE_PATH":
            yield file("geometry nodes import", thing, input_of(modifier, item), via=modifier.name)


def input_of(modifier, item):
    if hasattr(modifier, "properties"):
        return getattr(modifier.properties.inputs, item.identifier).value
    return modifier[item.identifier]


def find_caches():
    """Point caches with the object, the kind of simulation and the name of what owns them."""
    for thing in local(bpy.data.objects):
        for modifier in thing.modifiers:
            if modifier.type == "CLOTH":
                yield thing, "cloth", modifier.name, modifier.point_cache
            if modifier.type == "SOFT_BODY":
                yield thing, "soft body", None, modifier.point_cache
            if modifier.type == "DYNAMIC_PAINT" and modifier.canvas_settings:
                for surface in modifier.canvas_settings.canvas_surfaces:
                    yield thing, "dynamic paint", surface.name, surface.point_cache
        for system in thing.particle_systems:
            yield thing, "particles", system.name, system.point_cache
    for scene in local(bpy.data.scenes):
        if scene.rigidbody_world:
            yield scene, "rigid body", None, scene.rigidbody_world.point_cache


def storage_of(cache):
    if cache.use_external:
        return "external folder"
    return "folder" if cache.use_disk_cache else "file"


def find_simulations():
    for datablock, kind, via, cache in find_caches():
        yield {
            "kind": kind,
            "owner": owner(datablock),
            "via": via,
            "isBaked": cache.is_baked,
            "storage": storage_of(cache),
            "frames": {"first": cache.frame_start, "last": cache.frame_end},
        }
    for thing in local(bpy.data.objects):
        for modifier in thing.modifiers:
            if modifier.type == "FLUID" and modifier.fluid_type == "DOMAIN":
                settings = modifier.domain_settings
                yield {
                    "kind": "fluid",
                    "owner": owner(thing),
                    "via": modifier.name,
                    "isBaked": settings.has_cache_baked_data,
                    "storage": "external folder",
                    "frames": {"first": settings.cache_frame_start, "last": settings.cache_frame_end},
                }


def find_point_caches():
    stem = os.path.splitext(os.path.basename(bpy.data.filepath))[0]
    for datablock, _, via, cache in find_caches():
        if storage_of(cache) == "file":
            continue
        path = cache.filepath if cache.use_external else "//blendcache_" + stem
        frames = {"first": cache.frame_start, "last": cache.frame_end}
        yield file("point cache", datablock, path, extent="folder", via=via, frames=frames)


def find_strips():
    for scene in local(bpy.data.scenes):
        for strip in strips_of(scene):
            if strip.type == "IMAGE":
                names = [element.filename for element in strip.elements]
                is_list = len(names) > 1
                yield file(
                    "strip image",
                    scene,
                    os.path.join(strip.directory, names[0]),
                    via=strip.name,
                    extent="list" if is_list else "file",
                    names=names if is_list else [],
                )
            if strip.type == "MOVIE":
                yield file("strip movie", scene, strip.filepath, via=strip.name)


def find_python_drivers():
    for datablock in all_datablocks(is_local=True):
        for animated in (datablock, getattr(datablock, "node_tree", None)):
            animation = getattr(animated, "animation_data", None)
            for curve in animation.drivers if animation else []:
                if curve.driver.type == "SCRIPTED":
                    yield {"owner": owner(datablock), "expression": curve.driver.expression}


def all_datablocks(is_local):
    # Some are in several collections.
    found = {}
    for name in dir(bpy.data):
        collection = getattr(bpy.data, name)
        if isinstance(collection, bpy.types.bpy_prop_collection):
            for each in collection:
                if isinstance(each, bpy.types.ID) and (each.library is None) == is_local:
                    found[each.as_pointer()] = each
    return found.values()


def write(path):
    with open(path, "w", encoding="utf-8") as target:
        json.dump(report(), target, indent=2, sort_keys=True)
        target.write("\n")


if __name__ == "__main__":
    write(sys.argv[sys.argv.index("--") + 1])
