"""Meshes of the still life, in Blender units (one unit is about five centimeters)."""

import math

import bmesh
import bpy


def add_mesh(name, vertices, faces, material, smooth=True):
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(vertices, [], faces)
    for polygon in mesh.polygons:
        polygon.use_smooth = smooth
    mesh.materials.append(material)
    scene_object = bpy.data.objects.new(name, mesh)
    bpy.context.collection.objects.link(scene_object)
    return scene_object


def lathe(name, profile, material, steps=64, smooth=True):
    """Turns `profile`, a list of (radius, height), around the Z axis. The ends should lie on the axis or meet."""
    vertices, faces = [], []
    for step in range(steps):
        angle = 2 * math.pi * step / steps
        vertices += [(radius * math.cos(angle), radius * math.sin(angle), height) for radius, height in profile]
    count = len(profile)
    for step in range(steps):
        here, there = step * count, (step + 1) % steps * count
        faces += [(here + i, there + i, there + i + 1, here + i + 1) for i in range(count - 1)]
    return _clean(add_mesh(name, vertices, faces, material, smooth))


def _clean(scene_object):
    """Melts the points on the axis together and turns all faces outward."""
    mesh = bmesh.new()
    mesh.from_mesh(scene_object.data)
    bmesh.ops.remove_doubles(mesh, verts=mesh.verts, dist=1e-4)
    bmesh.ops.recalc_face_normals(mesh, faces=mesh.faces)
    mesh.to_mesh(scene_object.data)
    mesh.free()
    return scene_object


def rounded_cube(name, size, material):
    mesh = bmesh.new()
    bmesh.ops.create_cube(mesh, size=size)
    bmesh.ops.bevel(mesh, geom=mesh.edges[:], offset=size * 0.14, segments=3, affect="EDGES")
    data = bpy.data.meshes.new(name)
    mesh.to_mesh(data)
    mesh.free()
    for polygon in data.polygons:
        polygon.use_smooth = True
    data.materials.append(material)
    scene_object = bpy.data.objects.new(name, data)
    bpy.context.collection.objects.link(scene_object)
    return scene_object


def tube(name, points, radius, material):
    """A round tube along `points`."""
    curve = bpy.data.curves.new(name, "CURVE")
    curve.dimensions = "3D"
    curve.bevel_depth = radius
    curve.bevel_resolution = 5
    curve.use_fill_caps = True
    spline = curve.splines.new("POLY")
    spline.points.add(len(points) - 1)
    for point, position in zip(spline.points, points):
        point.co = (*position, 1)
    curve.materials.append(material)
    scene_object = bpy.data.objects.new(name, curve)
    bpy.context.collection.objects.link(scene_object)
    return scene_object


def segment(name, inner, outer, half_angle, thickness, material):
    """One wedge of a cut orange, lying flat, its point at the origin and its back toward +X."""
    outline = [(inner, 0.0)]
    for step in range(13):
        angle = half_angle * (1 - step / 6)
        # The corners of a real wedge are round: the ends of the arc stay a little inside.
        reach = outer * (1 - 0.16 * abs(step / 6 - 1) ** 5)
        outline.append((reach * math.cos(angle), reach * math.sin(angle)))
    count = len(outline)
    center = (outer * 0.62, 0.0, thickness * 1.35)
    rim = [(center[0] + (x - center[0]) * 0.86, y * 0.86, thickness * 1.2) for x, y in outline]
    vertices = [(x, y, 0.0) for x, y in outline] + rim + [center]
    faces = [(i, (i + 1) % count, count + (i + 1) % count, count + i) for i in range(count)]
    faces += [(count + i, count + (i + 1) % count, 2 * count) for i in range(count)]
    return _clean(add_mesh(name, vertices, faces, material))
