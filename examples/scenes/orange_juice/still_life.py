"""The things on the table: a glass that fills with juice, ice, a straw and oranges."""

import math

from materials import dimpled, matte, striped, thin_glass, wood
from mathutils import Euler
from shapes import add_mesh, lathe, rounded_cube, segment, tube

GLASS_HEIGHT = 2.5
_WALL, _FLOOR = 0.05, 0.16
_BOTTOM_RADIUS, _TOP_RADIUS = 0.58, 0.8

PEEL = (0.95, 0.21, 0.005)
FLESH = (1.0, 0.24, 0.004)
PITH = (1.0, 0.80, 0.50)


def inner_radius(height):
    share = height / GLASS_HEIGHT
    return _BOTTOM_RADIUS + (_TOP_RADIUS - _BOTTOM_RADIUS) * share - _WALL


def add_table():
    table = lathe(
        "Table",
        [(0, 0), (5.4, 0), (5.5, -0.03), (5.55, -0.12), (5.5, -0.3), (0, -0.3)],
        wood("Wood", (0.80, 0.52, 0.29), (0.62, 0.36, 0.18)),
        steps=96,
    )
    table.data.polygons.foreach_set("use_smooth", [False] * len(table.data.polygons))
    return table


def add_glass():
    outside = [(0, 0), (_BOTTOM_RADIUS - 0.06, 0), (_BOTTOM_RADIUS, 0.06), (_TOP_RADIUS, GLASS_HEIGHT - 0.02)]
    inside = [
        (_TOP_RADIUS - 0.025, GLASS_HEIGHT),
        (_TOP_RADIUS - _WALL, GLASS_HEIGHT - 0.02),
        (inner_radius(_FLOOR), _FLOOR),
        (0, _FLOOR),
    ]
    return lathe("Glass", outside + inside, thin_glass("Clear glass", (0.97, 0.99, 0.98)))


def add_juice(low, high):
    """Filled up to the height `low`; its shape key "Full" lifts the surface to `high`."""
    gap = 0.004

    def profile(level):
        floor = _FLOOR + gap
        return [(0, floor), (inner_radius(floor) - gap, floor), (inner_radius(level) - gap, level), (0, level)]

    juice = lathe("Juice", profile(low), matte("Juice", (1.0, 0.29, 0.004), 0.3, ambient=1.5), smooth=False)
    juice.shape_key_add(name="Basis")
    full = juice.shape_key_add(name="Full")
    for point in full.data:
        x, y, height = point.co
        if height > low - 1e-3:
            scale = (inner_radius(high) - gap) / (inner_radius(low) - gap)
            point.co = (x * scale, y * scale, high)
    return juice, full


def add_ice():
    material = thin_glass("Ice", (0.93, 0.97, 1.0), milk=0.35)
    places = [(-0.22, -0.2, 0.4), (0.26, -0.12, 1.1), (0.02, 0.3, 2.0)]
    cubes = []
    for number, (x, y, turn) in enumerate(places, start=1):
        cube = rounded_cube(f"Ice {number}", 0.42, material)
        cube.location = (x, y, 0)
        cube.rotation_euler = Euler((0.5 * turn, 0.3 * turn, turn))
        cubes.append(cube)
    return cubes


def add_straw():
    straw = lathe(
        "Straw",
        [(0.055, 0), (0.075, 0), (0.075, 3.25), (0.055, 3.25), (0.055, 0)],
        striped("Paper", (0.95, 0.95, 0.92), (0.03, 0.30, 0.34), 2.2),
        steps=24,
    )
    straw.location = (-0.3, 0.18, 0.2)
    straw.rotation_euler = Euler((-0.06, 0.27, 0.3))
    return straw


def add_stream(top, bottom):
    points = [
        (0.05 * math.sin(step * 0.7), 0.03 * math.cos(step * 0.9), bottom + (top - bottom) * step / 24)
        for step in range(25)
    ]
    return tube("Stream", points, 0.075, matte("Pouring juice", (1.0, 0.29, 0.004), 0.3, ambient=1.5))


def add_cut_face(name, radius, parent, segments=9):
    """Pith and wedges on the plane z = 0 of `parent`, facing +Z."""
    pith = lathe(f"{name} pith", [(0, 0.003), (radius, 0.003)], matte(f"{name} pith", PITH, 0.6, ambient=1.6))
    pith.parent = parent
    flesh = matte(f"{name} flesh", FLESH, 0.25, ambient=1.4)
    wedge = segment(f"{name} wedge", radius * 0.1, radius * 0.92, math.pi / segments * 0.9, 0.025, flesh)
    for number in range(segments):
        piece = wedge if number == 0 else add_linked(wedge)
        piece.parent = parent
        piece.rotation_euler = Euler((0, 0, 2 * math.pi * number / segments))
        piece.location = (0, 0, 0.008)


def add_linked(source):
    copy = source.copy()
    source.users_collection[0].objects.link(copy)
    return copy


def add_slice(radius=0.62, thickness=0.12):
    """A slice that sits on the rim of the glass."""
    half = thickness / 2
    profile = [(0, 0), (radius, 0), (radius + 0.05, -half), (radius, -thickness), (0, -thickness)]
    peel = lathe("Slice", profile, dimpled("Slice peel", PEEL, 40, 0.3))
    add_cut_face("Slice front", radius, peel)
    back = add_mesh("Slice back", [(0, 0, 0)], [], peel.data.materials[0])
    back.parent = peel
    back.rotation_euler = Euler((math.pi, 0, 0))
    back.location = (0, 0, -thickness)
    add_cut_face("Slice back", radius, back)
    return peel


def add_half_orange(radius=0.95):
    steps = 16
    profile = [
        (radius * math.cos(-math.pi / 2 * step / steps), radius * math.sin(-math.pi / 2 * step / steps))
        for step in range(steps + 1)
    ]
    half = lathe("Half orange", profile, dimpled("Half peel", PEEL, 28, 0.35))
    add_cut_face("Half", radius, half, segments=10)
    return half


def add_whole_orange(radius=0.92):
    steps = 32
    profile = []
    for step in range(steps + 1):
        angle = math.pi * step / steps - math.pi / 2
        dent = 0.06 * math.exp(-(((math.pi / 2 - angle) / 0.16) ** 2))
        profile.append((radius * math.cos(angle), radius * (0.95 * math.sin(angle) - dent)))
    orange = lathe("Orange", profile, dimpled("Orange peel", PEEL, 28, 0.35))
    stem = tube("Stem", [(0, 0, 0.78 * radius), (0.02, 0, 0.98 * radius)], 0.045, matte("Stem", (0.16, 0.22, 0.05)))
    stem.parent = orange
    return orange


def add_leaf():
    rows, length, width = 12, 0.85, 0.2
    vertices = []
    for row in range(rows + 1):
        share = row / rows
        half = width * math.sin(math.pi * share**0.8)
        lift = 0.28 * math.sin(share * 2.4)
        edge_height = lift + 0.25 * half
        vertices += [
            (share * length, -half, edge_height),
            (share * length, 0, lift),
            (share * length, half, edge_height),
        ]
    faces = []
    for row in range(rows):
        here, there = row * 3, row * 3 + 3
        faces += [(here, there, there + 1, here + 1), (here + 1, there + 1, there + 2, here + 2)]
    return add_mesh("Leaf", vertices, faces, matte("Leaf", (0.07, 0.30, 0.04), 0.4))
