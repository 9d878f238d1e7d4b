"""Makes a scene that refers to every kind of external file, and reports what Blender says about it.

    blender -b --factory-startup --python make_fixtures.py -- FOLDER

writes FOLDER/<version>.blend and FOLDER/<version>.facts.json, such as 3.4.blend. The libraries and assets that Blender
insists on are made in FOLDER/assets and FOLDER/libraries; the tests do not need them.
"""

import glob
import os
import shutil
import struct
import sys
import wave

import bpy

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import report_facts  # noqa: E402

VERSION = bpy.app.version
FOLDER = os.path.abspath(sys.argv[sys.argv.index("--") + 1])
ASSETS = os.path.join(FOLDER, "assets")
LIBRARIES = os.path.join(FOLDER, "libraries")
MAIN = os.path.join(FOLDER, "%d.%d.blend" % VERSION[:2])


def main():
    os.makedirs(ASSETS, exist_ok=True)
    os.makedirs(os.path.join(LIBRARIES, "deep"), exist_ok=True)
    make_assets()
    make_library(os.path.join(LIBRARIES, "deep", "b.blend"), "Deep")
    make_library(os.path.join(LIBRARIES, "a.blend"), "Shallow", os.path.join(LIBRARIES, "deep", "b.blend"))
    make_library(os.path.join(LIBRARIES, "packed.blend"), "Packed")
    make_main()
    bpy.ops.wm.open_mainfile(filepath=MAIN)
    report_facts.write(MAIN.replace(".blend", ".facts.json"))
    print("made", MAIN, os.path.getsize(MAIN), "bytes")


def make_assets():
    with wave.open(os.path.join(ASSETS, "beep.wav"), "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(b"".join(struct.pack("<h", n % 100 * 100) for n in range(8000)))
    image = bpy.data.images.new("asset", 8, 8)
    image.file_format = "PNG"
    for name in ("texture", "sequence_0001", "sequence_0002", "sequence_0003"):
        image.filepath_raw = asset(name + ".png")
        image.save()
    make_movie(asset("movie.mkv"))
    fonts = glob.glob("/usr/share/fonts/**/*.ttf", recursive=True)
    fonts += glob.glob(os.path.join(bpy.utils.resource_path("LOCAL"), "datafiles", "fonts", "*.*"))
    shutil.copy(fonts[0], asset("font.ttf"))


def make_movie(path):
    """Of a text strip, which needs neither a renderer nor a screen."""
    start_empty()
    scene = bpy.context.scene
    editor = scene.sequence_editor_create()
    add_text_strip(editor.strips if hasattr(editor, "strips") else editor.sequences, 1)
    render = scene.render
    render.resolution_x = render.resolution_y = 64
    set_video(render)
    render.ffmpeg.format, render.ffmpeg.codec = "MKV", "FFV1"
    scene.frame_end = 2
    render.filepath = path
    render.use_file_extension = False
    bpy.ops.render.render(animation=True)


def set_video(render):
    if hasattr(render.image_settings, "media_type"):
        render.image_settings.media_type = "VIDEO"
    render.image_settings.file_format = "FFMPEG"


def add_text_strip(strips, channel):
    duration = {"length": 20} if VERSION >= (5, 0) else {"frame_end": 21}
    strips.new_effect("Words", "TEXT", channel, 1, **duration)


def asset(name):
    return os.path.join(ASSETS, name)


def start_empty():
    bpy.ops.wm.read_factory_settings(use_empty=True)


def save(path):
    bpy.context.preferences.filepaths.save_version = 0
    bpy.ops.wm.save_as_mainfile(filepath=path, compress=True, relative_remap=False)


def make_library(path, name, linked_path=None):
    start_empty()
    collection = bpy.data.collections.new(name)
    collection.objects.link(bpy.data.objects.new(name + "Cube", make_mesh(name + "Mesh")))
    if linked_path:
        collection.children.link(link_collection(linked_path, "Deep"))
    collection.use_fake_user = True
    empty = bpy.data.objects.new(name + "Reference", None)
    empty.empty_display_type = "IMAGE"
    empty.data = bpy.data.images.load(asset("texture.png"))
    empty.data.filepath_raw = "//" + name.lower() + ".png"
    collection.objects.link(empty)
    save(path)


def link_collection(path, name, **options):
    with bpy.data.libraries.load(path, link=True, relative=True, **options) as (_, wanted):
        wanted.collections = [name]
    return wanted.collections[0]


def make_mesh(name):
    mesh = bpy.data.meshes.new(name)
    corners = [(-1, -1, 0), (1, -1, 0), (1, 1, 0), (-1, 1, 0)]
    mesh.from_pydata(corners, [], [(0, 1, 2, 3)])
    return mesh


def make_main():
    start_empty()
    scene = bpy.context.scene
    scene.name = "Shot"
    save(MAIN)
    second = bpy.data.scenes.new("Second")
    scene.collection.children.link(link_collection(os.path.join(LIBRARIES, "a.blend"), "Shallow"))
    if VERSION >= (5, 0):
        packed = link_collection(os.path.join(LIBRARIES, "packed.blend"), "Packed", pack=True)
        scene.collection.children.link(packed)
    # Relative to where the main file is.
    for library in bpy.data.libraries:
        library.filepath = "//" + os.path.relpath(bpy.path.abspath(library.filepath), FOLDER)
    set_render_settings(scene)
    set_other_settings(second, scene)
    cameras = make_cameras(scene)
    thing = add(scene, bpy.data.objects.new("Thing", make_mesh("ThingMesh")))
    images = make_images()
    make_materials(thing, images)
    use_images_elsewhere(scene, cameras, images)
    make_media(scene)
    make_modifiers(scene, thing)
    make_geometry_nodes(scene)
    make_simulations(scene)
    make_strips(scene)
    make_compositor(scene, images)
    make_scripts(thing)
    for step in (make_multires, make_ocean, make_fluid):
        step(scene)
    bpy.context.window.scene = scene
    save(MAIN)


def add(scene, thing):
    scene.collection.objects.link(thing)
    return thing


def set_render_settings(scene):
    scene.frame_start, scene.frame_end, scene.frame_step = 7, 91, 3
    scene.frame_current = 8
    render = scene.render
    render.engine = "CYCLES"
    render.resolution_x, render.resolution_y, render.resolution_percentage = 1234, 566, 42
    render.pixel_aspect_x = 1.5
    render.fps, render.fps_base = 30, 1.001
    render.use_border, render.use_crop_to_border = True, True
    render.border_min_x, render.border_max_x = 0.125, 0.5
    render.border_min_y, render.border_max_y = 0.25, 0.75
    render.filepath = "//render/shot_####"
    render.image_settings.file_format = "OPEN_EXR"
    render.use_overwrite, render.use_placeholder = False, True
    render.use_motion_blur = render.use_persistent_data = True
    scene.cycles.samples = 333
    scene.cycles.use_denoising = False
    scene.cycles.device = "GPU"
    scene.cycles.adaptive_threshold = 0.025
    scene.cycles.time_limit = 12.5
    scene["shot"], scene["take"], scene["weight"], scene["approved"] = "sh010", 3, 0.75, True
    scene.view_layers[0].name = "Beauty"
    scene.view_layers.new("Unused").use = False


def set_other_settings(scene, background):
    render = scene.render
    render.engine = "BLENDER_EEVEE_NEXT" if (4, 2) <= VERSION < (5, 0) else "BLENDER_EEVEE"
    scene.eevee.taa_render_samples = 17
    set_video(render)
    render.use_file_extension = False
    render.use_single_layer = render.use_simplify = render.use_freestyle = render.use_multiview = True
    scene.background_set = background


def make_cameras(scene):
    cameras = []
    for name in ("CameraA", "CameraB"):
        cameras.append(add(scene, bpy.data.objects.new(name, bpy.data.cameras.new(name))))
        marker = scene.timeline_markers.new("to " + name, frame=10 * len(cameras))
        marker.camera = cameras[-1]
    scene.timeline_markers.new("no camera", frame=99)
    scene.camera = cameras[0]
    if hasattr(cameras[1].data, "custom_mode"):
        cameras[1].data.type = "CUSTOM"
        cameras[1].data.custom_mode = "EXTERNAL"
        cameras[1].data.custom_filepath = "//assets/lens.osl"
    return cameras


def make_images():
    images = {}

    def image(name, path, source="FILE"):
        images[name] = bpy.data.images.load(asset("texture.png"))
        images[name].name = name
        images[name].source = source
        images[name].filepath_raw = path
        return images[name]

    image("Relative", "//assets/texture.png")
    image("Absolute", "/elsewhere/texture.png")
    image("Windows", "C:\\textures\\wood.png")
    image("Packed", "//assets/texture.png").pack()
    image("Sequence", "//assets/sequence_0001.png", "SEQUENCE")
    image("Movie", "//assets/movie.mp4", "MOVIE")
    image("Backdrop", "//assets/backdrop_01.png", "SEQUENCE")
    image("Plate", "//assets/plate_001.png", "SEQUENCE")
    image("Sky", "//assets/sky.hdr")
    image("Brick", "//assets/brick.png")
    image("Stereo", "//assets/stereo_L.png").use_multiview = True
    tiles = image("Tiles", "//assets/tiles.<UDIM>.png", "TILED")
    for number in (1002, 1011):
        tiles.tiles.new(number)
    bpy.data.images.new("Generated", 8, 8).use_fake_user = True
    for each in images.values():
        each.use_fake_user = True
    return images


def make_materials(thing, images):
    material = bpy.data.materials.new("Wall")
    material.use_nodes = True
    nodes = material.node_tree.nodes
    for name in ("Relative", "Absolute", "Windows", "Packed", "Sequence", "Movie", "Tiles"):
        node = nodes.new("ShaderNodeTexImage")
        node.name, node.image = "Show" + name, images[name]
        if name == "Sequence":
            node.image_user.frame_duration, node.image_user.frame_offset = 20, 4
    ies = nodes.new("ShaderNodeTexIES")
    ies.mode, ies.filepath = "EXTERNAL", "//assets/lamp.ies"
    script = nodes.new("ShaderNodeScript")
    script.mode, script.filepath = "EXTERNAL", "//assets/shader.osl"
    nodes.new("ShaderNodeTexIES").name = "Internal"
    thing.data.materials.append(material)


def use_images_elsewhere(scene, cameras, images):
    world = bpy.data.worlds.new("World")
    world.use_nodes = True
    world.node_tree.nodes.new("ShaderNodeTexEnvironment").image = images["Sky"]
    scene.world = world
    cameras[0].data.show_background_images = True
    background = cameras[0].data.background_images.new()
    background.image = images["Backdrop"]
    background.image_user.frame_duration = 12
    empty = add(scene, bpy.data.objects.new("Reference", None))
    empty.empty_display_type = "IMAGE"
    empty.data = images["Sequence"]
    empty.image_user.frame_duration, empty.image_user.frame_offset = 50, 0
    texture = bpy.data.textures.new("Brick", "IMAGE")
    texture.image = images["Brick"]
    texture.use_fake_user = True


def make_media(scene):
    curve = bpy.data.curves.new("Title", "FONT")
    curve.font = bpy.data.fonts.load(asset("font.ttf"))
    curve.font.filepath = "//assets/font.ttf"
    add(scene, bpy.data.objects.new("Title", curve))
    packed = bpy.data.sounds.load(asset("beep.wav"))
    packed.pack()
    packed.filepath = "//assets/packed.wav"
    speaker = bpy.data.speakers.new("Speaker")
    speaker.sound = packed
    add(scene, bpy.data.objects.new("Speaker", speaker))
    clip = bpy.data.movieclips.load(asset("sequence_0001.png"))
    clip.filepath = "//assets/sequence_0001.png"
    clip.use_fake_user = True
    movie = bpy.data.movieclips.load(asset("movie.mkv"))
    movie.filepath = "//assets/movie.mkv"
    movie.use_fake_user = True
    bpy.ops.cachefile.open(filepath=asset("animation.abc"))
    cache = bpy.data.cache_files[0]
    cache.filepath = "//assets/animation.abc"
    cache.use_fake_user = True
    for name, is_sequence in (("Cloud", False), ("Smoke", True)):
        volume = bpy.data.volumes.new(name)
        volume.filepath = "//assets/%s_0001.vdb" % name.lower()
        volume.is_sequence = is_sequence
        volume.frame_duration, volume.frame_offset = 30, 2
        add(scene, bpy.data.objects.new(name, volume))


def make_modifiers(scene, thing):
    cached = thing.modifiers.new("Mesh Cache", "MESH_CACHE")
    cached.cache_format, cached.filepath = "PC2", "//assets/cache.pc2"
    alembic = thing.modifiers.new("Alembic", "MESH_SEQUENCE_CACHE")
    alembic.cache_file = bpy.data.cache_files[0]


def make_geometry_nodes(scene):
    group = bpy.data.node_groups.new("Nodes", "GeometryNodeTree")
    thing = add(scene, bpy.data.objects.new("Nodes", make_mesh("NodesMesh")))
    modifier = thing.modifiers.new("Nodes", "NODES")
    modifier.node_group = group
    if VERSION < (3, 6):
        return
    if VERSION >= (4, 1):
        bake = group.nodes.new("GeometryNodeBake")
        group.interface.new_socket("Geometry", in_out="OUTPUT", socket_type="NodeSocketGeometry")
        output = group.nodes.new("NodeGroupOutput")
        group.links.new(bake.outputs[0], output.inputs[0])
    if VERSION >= (5, 0):
        importer = group.nodes.new("GeometryNodeImportOBJ")
        importer.inputs["Path"].default_value = "//assets/import.obj"
    if VERSION >= (4, 1):
        path = group.interface.new_socket("File", in_out="INPUT", socket_type="NodeSocketString")
        path.subtype = "FILE_PATH"
        name = group.interface.new_socket("Name", in_out="INPUT", socket_type="NodeSocketString")
        set_input(modifier, path, "//assets/input.csv")
        set_input(modifier, name, "//not/a/path")
    modifier.bake_directory = "//bakes/nodes"
    bpy.context.view_layer.update()
    for each in modifier.bakes:
        each.use_custom_path = True
        each.directory = "//bakes/own"


def set_input(modifier, item, value):
    if hasattr(modifier, "properties"):
        getattr(modifier.properties.inputs, item.identifier).value = value
    else:
        modifier[item.identifier] = value


def make_simulations(scene):
    def simulated(name, kind):
        thing = add(scene, bpy.data.objects.new(name, make_mesh(name + "Mesh")))
        return thing, thing.modifiers.new(name, kind)

    _, cloth = simulated("Cloth", "CLOTH")
    cloth.point_cache.frame_end = 40
    cloth.point_cache.use_disk_cache = True
    soft, softbody = simulated("Softbody", "SOFT_BODY")
    softbody.point_cache.frame_start, softbody.point_cache.frame_end = 1, 2
    with bpy.context.temp_override(object=soft, active_object=soft, point_cache=softbody.point_cache):
        bpy.ops.ptcache.bake(bake=True)
    emitter, particles = simulated("Emitter", "PARTICLE_SYSTEM")
    cache = particles.particle_system.point_cache
    cache.use_external = True
    cache.filepath = "//assets/particles"
    canvas, paint = simulated("Canvas", "DYNAMIC_PAINT")
    with bpy.context.temp_override(object=canvas, active_object=canvas):
        bpy.ops.dpaint.type_toggle(type="CANVAS")
    with bpy.context.temp_override(scene=scene):
        bpy.ops.rigidbody.world_add()
    scene.rigidbody_world.point_cache.frame_end = 77


def make_strips(scene):
    editor = scene.sequence_editor_create()
    strips = editor.strips if hasattr(editor, "strips") else editor.sequences
    single = strips.new_image("Title card", asset("texture.png"), 1, 1)
    single.directory = "//assets/"
    images = strips.new_image("Plates", asset("sequence_0001.png"), 2, 10)
    for name in ("sequence_0002.png", "sequence_0003.png"):
        images.elements.append(name)
    images.directory = "//assets/"
    strips.new_sound("Beep", asset("beep.wav"), 3, 1).sound.filepath = "//assets/beep.wav"
    add_text_strip(strips, 4)
    strips.new_movie("Take", asset("movie.mkv"), 6, 1).filepath = "//assets/movie.mkv"
    meta = strips.new_meta("Meta", 5, 1)
    inner = meta.strips if hasattr(meta, "strips") else meta.sequences
    inner.new_image("Inside", asset("sequence_0002.png"), 1, 1).directory = "//assets"


def make_compositor(scene, images):
    if hasattr(scene, "compositing_node_group"):
        tree = bpy.data.node_groups.new("Comp", "CompositorNodeTree")
        scene.compositing_node_group = tree
    else:
        scene.use_nodes = True
        tree = scene.node_tree
    plate = tree.nodes.new("CompositorNodeImage")
    plate.image = images["Plate"]
    plate.frame_duration, plate.frame_offset = 33, 5
    output = tree.nodes.new("CompositorNodeOutputFile")
    if hasattr(output, "base_path"):
        output.base_path = "//passes/"
    else:
        output.directory, output.file_name = "//passes/", "depth"
    tree.nodes.new("CompositorNodeOutputFile").mute = True


def make_scripts(thing):
    bpy.data.texts.new("notes").use_fake_user = True
    registered = bpy.data.texts.new("setup.py")
    registered.use_module = True
    registered.filepath = "//assets/setup.py"
    thing.driver_add("location", 0).driver.expression = "frame * 0.1"
    simple = thing.driver_add("location", 1).driver
    simple.type = "AVERAGE"
    material = thing.data.materials[0].node_tree
    driver = material.driver_add('nodes["Principled BSDF"].inputs[0].default_value', 0).driver
    driver.expression = "sin(frame)"


def make_multires(scene):
    thing = add(scene, bpy.data.objects.new("Sculpt", make_mesh("SculptMesh")))
    modifier = thing.modifiers.new("Multires", "MULTIRES")
    bpy.context.view_layer.objects.active = thing
    bpy.ops.object.multires_subdivide(modifier=modifier.name)
    bpy.ops.object.multires_external_save(filepath=asset("sculpt.btx"), modifier=modifier.name)
    modifier.filepath = "//assets/sculpt.btx"


def make_ocean(scene):
    thing = add(scene, bpy.data.objects.new("Ocean", make_mesh("OceanMesh")))
    modifier = thing.modifiers.new("Ocean", "OCEAN")
    # Not baked, so nothing is needed: baking is a job that does not end without a user interface.
    modifier.filepath = "//assets/ocean"


def make_fluid(scene):
    # Debian's 4.3.2 aborts when a scene has a fluid domain.
    if VERSION[:2] == (4, 3):
        return
    thing = add(scene, bpy.data.objects.new("Tank", make_mesh("TankMesh")))
    modifier = thing.modifiers.new("Fluid", "FLUID")
    modifier.fluid_type = "DOMAIN"
    modifier.domain_settings.cache_frame_end = 60
    modifier.domain_settings.cache_directory = "//assets/fluid"


main()
