"""Saves a scene of random vertices as FOLDER/plain.blend and, compressed, as FOLDER/zstd.blend.

    blender -b --factory-startup --python make-heavy-scene.py -- FOLDER GIBIBYTES
"""

import array
import os
import random
import sys

import bpy

FOLDER, GIBIBYTES = sys.argv[sys.argv.index("--") + 1 :]
OBJECTS = 500
# A vertex takes 16 bytes up to Blender 3.4, and 12 since.
VERTEX_BYTES = 16 if bpy.app.version < (3, 5) else 12
VERTICES = int(float(GIBIBYTES) * 1024**3 / OBJECTS / VERTEX_BYTES)

bpy.ops.wm.read_factory_settings(use_empty=True)
random.seed(7)
# Rounded, as in a real scene, so that there is something to compress.
noise = array.array("f", (round(random.gauss(0, 1), 2) for _ in range(3_000_000)))
places = (noise * (VERTICES * 3 // len(noise) + 1))[: VERTICES * 3]
for number in range(OBJECTS):
    mesh = bpy.data.meshes.new("Cloud %d" % number)
    mesh.vertices.add(VERTICES)
    mesh.vertices.foreach_set("co", places)
    bpy.context.scene.collection.objects.link(bpy.data.objects.new(mesh.name, mesh))

bpy.context.preferences.filepaths.save_version = 0
for name, compress in (("plain", False), ("zstd", True)):
    bpy.ops.wm.save_as_mainfile(filepath=os.path.join(FOLDER, name + ".blend"), compress=compress)
