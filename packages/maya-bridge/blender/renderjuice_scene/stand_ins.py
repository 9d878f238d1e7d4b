"""A camera and a light for exports without one, so that something is visible at all."""

import math

import bpy
from mathutils import Vector

#: From above, the side and the front, as objects are usually shown.
VIEW = Vector((0.6, -1.0, 0.55)).normalized()
SUN_STRENGTH = 3.0
SKY = (0.18, 0.18, 0.18, 1.0)


def add_camera(items):
    """A camera that sees all of ``items``."""
    scene = bpy.context.scene
    data = bpy.data.cameras.new("renderjuice_stand_in")
    camera = bpy.data.objects.new(data.name, data)
    scene.collection.objects.link(camera)
    center, radius = _bounds(items)
    render = scene.render
    width, height = render.resolution_x * render.pixel_aspect_x, render.resolution_y * render.pixel_aspect_y
    # The film back is fitted to the longer side.
    angle = math.atan(math.tan(data.angle / 2) * min(width, height) / max(width, height))
    distance = radius / math.sin(angle) if radius else 5.0
    camera.location = center + VIEW * distance
    camera.rotation_euler = VIEW.to_track_quat("Z", "Y").to_euler()
    data.clip_start, data.clip_end = distance / 1000, distance + 10 * max(radius, 1)
    scene.camera = camera


def add_light():
    """A sun, and a gray sky that fills the shadows."""
    scene = bpy.context.scene
    data = bpy.data.lights.new("renderjuice_stand_in", "SUN")
    data.energy = SUN_STRENGTH
    sun = bpy.data.objects.new(data.name, data)
    sun.rotation_euler = (math.radians(50), math.radians(10), math.radians(20))
    scene.collection.objects.link(sun)
    world = bpy.data.worlds.new("renderjuice_stand_in")
    world.use_nodes = True
    world.node_tree.nodes["Background"].inputs["Color"].default_value = SKY
    scene.world = world


def _bounds(items):
    bpy.context.view_layer.update()
    corners = [item.matrix_world @ Vector(corner) for item in items for corner in item.bound_box]
    if not corners:
        return Vector((0, 0, 0)), 0.0
    low = Vector(min(corner[axis] for corner in corners) for axis in range(3))
    high = Vector(max(corner[axis] for corner in corners) for axis in range(3))
    return (low + high) / 2, (high - low).length / 2
