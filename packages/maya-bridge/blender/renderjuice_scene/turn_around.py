"""Corrects cameras and lights that the FBX add-on imports the wrong way round.

Maya's look along another axis than FBX's, which a "post-rotation" compensates. Its inverse has to be applied; some
versions of the add-on apply the rotation itself, so that cameras look the wrong way.
"""

import math

import bpy
from mathutils import Euler, Matrix

#: The local axis that they are turned about.
AXES = {"CAMERA": "Y", "LIGHT": "X"}


def is_needed(operator):
    """Asks the add-on itself."""
    if operator != "import_scene.fbx":
        return False
    try:
        from io_scene_fbx import import_fbx

        data = dict.fromkeys(import_fbx.FBXTransformData._fields, (0.0, 0.0, 0.0))
        data.update(pst_rot=(0.0, -90.0, 0.0), rot_ord="XYZ", rot_alt_mat=Matrix())
        data.update(sca=(1.0, 1.0, 1.0), geom_sca=(1.0, 1.0, 1.0))
        _, turned, _ = import_fbx.blen_read_object_transform_do(import_fbx.FBXTransformData(**data))
    except (ImportError, AttributeError, TypeError, ValueError):
        # A newer version without the bug, which works differently.
        return False
    as_it_is = Euler((0.0, math.radians(-90.0), 0.0)).to_matrix()
    return _are_alike(turned.to_3x3(), as_it_is)


def turn(items):
    """Turns cameras and lights around, with all their keys."""
    for item in items:
        correction = Matrix.Rotation(math.pi, 3, AXES[item.type])
        item.rotation_euler = _turned(item.rotation_euler, correction)
        _turn_keys(item, correction)
    bpy.context.view_layer.update()


def _turn_keys(item, correction):
    action = item.animation_data and item.animation_data.action
    curves = [action.fcurves.find("rotation_euler", index=index) for index in range(3)] if action else []
    if not curves or not all(curves):
        return
    frames = sorted({key.co.x for curve in curves for key in curve.keyframe_points})
    before = item.rotation_euler.copy()
    values = []
    for frame in frames:
        euler = Euler([curve.evaluate(frame) for curve in curves], item.rotation_mode)
        before = _turned(euler, correction, before)
        values.append(before)
    for index, curve in enumerate(curves):
        while len(curve.keyframe_points):
            curve.keyframe_points.remove(curve.keyframe_points[0], fast=True)
        for frame, value in zip(frames, values):
            curve.keyframe_points.insert(frame, value[index], options={"FAST"}).interpolation = "LINEAR"
        curve.update()


def _turned(euler, correction, before=None):
    matrix = euler.to_matrix() @ correction
    return matrix.to_euler(euler.order, before) if before else matrix.to_euler(euler.order)


def _are_alike(one, other):
    return all(abs(a - b) < 0.01 for left, right in zip(one, other) for a, b in zip(left, right))
