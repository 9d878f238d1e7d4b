"""Builds `../orange-juice.blend` from nothing:

    blender --background --factory-startup --python build_scene.py

A glass fills with orange juice over frames 1 to 8 while the camera moves around it.
"""

import math
import os
import sys

import bpy
from mathutils import Euler, Vector

FOLDER = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, FOLDER)

import still_life  # noqa: E402

FIRST_FRAME, LAST_FRAME = 1, 8
LOW, HIGH = 0.42, 2.12


def build():
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    scene.name = "Orange juice"
    set_the_table()
    add_lights(scene)
    add_camera(scene)
    set_render(scene)
    # No second copy beside it when the script runs again.
    bpy.context.preferences.filepaths.save_version = 0
    target = os.path.join(FOLDER, os.pardir, "orange-juice.blend")
    bpy.ops.wm.save_as_mainfile(filepath=os.path.abspath(target), compress=True)


def set_the_table():
    still_life.add_table()
    still_life.add_glass()
    still_life.add_straw()
    fill_the_glass()
    place(still_life.add_slice(), (0.66, -0.34, 2.52), (1.42, 0.0, 0.55))
    place(still_life.add_half_orange(), (-1.75, -0.55, 0.93), (0.95, -0.25, -0.35))
    place(still_life.add_whole_orange(), (1.95, 0.55, 0.87), (0.12, 0.1, 0.4))
    place(still_life.add_leaf(), (1.98, 0.5, 1.72), (0.2, -0.15, 2.75))
    small = place(still_life.add_whole_orange(0.8), (-2.75, 1.0, 0.76), (-0.25, -0.3, 2.0))
    small.name = "Small orange"


def place(scene_object, location, rotation):
    scene_object.location = location
    scene_object.rotation_euler = Euler(rotation)
    return scene_object


def fill_the_glass():
    _, full = still_life.add_juice(LOW, HIGH)
    cubes = still_life.add_ice()
    stream = still_life.add_stream(top=5.0, bottom=0.3)
    for frame in range(FIRST_FRAME, LAST_FRAME + 1):
        share = (frame - FIRST_FRAME) / (LAST_FRAME - FIRST_FRAME)
        full.value = share
        full.keyframe_insert("value", frame=frame)
        for number, cube in enumerate(cubes):
            cube.location.z = LOW + (HIGH - LOW) * share + 0.05 * math.sin(2.1 * frame + 2 * number)
            cube.keyframe_insert("location", index=2, frame=frame)
        stream.hide_render = frame == LAST_FRAME
        stream.keyframe_insert("hide_render", frame=frame)


def add_lights(scene):
    sun = bpy.data.lights.new("Sun", "SUN")
    sun.energy, sun.angle, sun.color = 2.9, math.radians(1.5), (1.0, 0.93, 0.82)
    add_object("Sun", sun, (0, 0, 5), (math.radians(48), math.radians(-8), math.radians(-58)))
    set_sky(scene)


def set_sky(scene):
    """A backdrop and something for the glass to mirror; the materials bring their own light from above."""
    world = bpy.data.worlds.new("Sky")
    world.use_nodes = True
    world.cycles.sampling_method = "NONE"
    world.cycles_visibility.diffuse = False
    scene.world = world
    nodes, links = world.node_tree.nodes, world.node_tree.links
    coordinates = nodes.new("ShaderNodeTexCoord")
    split = nodes.new("ShaderNodeSeparateXYZ")
    ramp = nodes.new("ShaderNodeValToRGB")
    stops = ((-0.16, (0.62, 0.83, 0.80)), (0.22, (0.12, 0.47, 0.60)))
    for element, (height, color) in zip(ramp.color_ramp.elements, stops):
        # The ramp begins at 0, heights at -1.
        element.position, element.color = (height + 1) / 2, (*color, 1)
    raise_up = nodes.new("ShaderNodeMath")
    raise_up.operation = "MULTIPLY_ADD"
    raise_up.inputs[1].default_value = raise_up.inputs[2].default_value = 0.5
    links.new(coordinates.outputs["Generated"], split.inputs[0])
    links.new(split.outputs["Z"], raise_up.inputs[0])
    links.new(raise_up.outputs[0], ramp.inputs[0])
    links.new(ramp.outputs[0], nodes["Background"].inputs["Color"])


def add_object(name, data, location, rotation):
    scene_object = bpy.data.objects.new(name, data)
    bpy.context.collection.objects.link(scene_object)
    return place(scene_object, location, rotation)


def add_camera(scene):
    data = bpy.data.cameras.new("Camera")
    data.lens = 48
    camera = add_object("Camera", data, (0, 0, 0), (0, 0, 0))
    scene.camera = camera
    target = Vector((0, 0, 1.62))
    for frame in range(FIRST_FRAME, LAST_FRAME + 1):
        angle = math.radians(-104 + 4.0 * (frame - FIRST_FRAME))
        camera.location = (9.2 * math.cos(angle), 9.2 * math.sin(angle), 3.3)
        camera.rotation_euler = (target - camera.location).to_track_quat("-Z", "Y").to_euler()
        camera.keyframe_insert("location", frame=frame)
        camera.keyframe_insert("rotation_euler", frame=frame)


def set_render(scene):
    scene.frame_start, scene.frame_end = FIRST_FRAME, LAST_FRAME
    render, cycles = scene.render, scene.cycles
    render.engine = "CYCLES"
    render.resolution_x, render.resolution_y, render.resolution_percentage = 480, 270, 100
    render.fps = 12
    render.filepath = "//frames/"
    render.image_settings.file_format = "PNG"
    render.image_settings.color_mode = "RGB"
    render.use_persistent_data = True
    cycles.device = "CPU"
    cycles.samples = 8
    cycles.use_adaptive_sampling = False
    cycles.use_denoising = False
    cycles.max_bounces, cycles.diffuse_bounces, cycles.glossy_bounces = 0, 0, 0
    cycles.transparent_max_bounces = 10
    cycles.caustics_reflective = cycles.caustics_refractive = False
    cycles.sample_clamp_indirect = 2
    cycles.filter_width = 1.7
    scene.view_settings.view_transform = "Standard"


build()
