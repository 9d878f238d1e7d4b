"""The importers of this Blender, and the error if one is missing."""

import importlib.util

import bpy

from .failure import Failure, reason_of

OFFICIAL_BUILD = "Install the official build from blender.org, and set RENDERJUICE_BLENDER to it."


def find_importer(format_name):
    """Returns ``import(path, meters_per_unit)`` for "usd", "abc", "fbx", "gltf" or "obj".

    Raises Failure "unsupported" if this Blender lacks something.
    """
    if format_name == "gltf":
        _check_numpy()
    for operator in OPERATORS[format_name]:
        properties = _properties(operator)
        if properties is not None:
            return _Importer(format_name, operator, properties)
    raise _unsupported(_lack(format_name))


def _check_numpy():
    """The glTF add-on is written in Python, and Linux distributions bring their own numpy."""
    if importlib.util.find_spec("numpy") is None:
        raise _unsupported("cannot read glTF, since its Python has no numpy")
    import numpy

    # Removed in numpy 1.24, but add-ons before this Blender still use it.
    if bpy.app.version < (3, 6, 0) and not hasattr(numpy, "bool"):
        raise _unsupported("cannot read glTF, since its add-on is too old for numpy " + numpy.__version__)


#: The newest first, since it is the better one if both exist.
OPERATORS = {
    "usd": ["wm.usd_import"],
    "abc": ["wm.alembic_import"],
    "fbx": ["wm.fbx_import", "import_scene.fbx"],
    "gltf": ["import_scene.gltf"],
    "obj": ["wm.obj_import", "import_scene.obj"],
}
ADD_ONS = {"fbx": "io_scene_fbx", "gltf": "io_scene_gltf2", "obj": "io_scene_obj"}


def _unsupported(what):
    return Failure(
        "unsupported", "This Blender ({}) {}.".format(bpy.app.version_string, what), OFFICIAL_BUILD
    )


def _lack(format_name):
    if format_name == "usd" and not bpy.app.usd.supported:
        return "was built without USD"
    if format_name == "abc" and not bpy.app.alembic.supported:
        return "was built without Alembic"
    if format_name in ADD_ONS:
        return "comes without its {} importer, the add-on {}".format(
            format_name.upper(), ADD_ONS[format_name]
        )
    return "has no importer for {}".format(format_name.upper())


def _properties(operator):
    """The names of an operator's options; None if the operator does not exist."""
    group, name = operator.split(".")
    try:
        return set(getattr(getattr(bpy.ops, group), name).get_rna_type().properties.keys())
    except KeyError:
        return None


class _Importer:
    def __init__(self, format_name, operator, properties):
        self.operator = operator
        self._format = format_name
        self._properties = properties

    def __call__(self, path, meters_per_unit):
        group, name = self.operator.split(".")
        options = {
            key: value for key, value in self._options(meters_per_unit).items() if key in self._properties
        }
        try:
            getattr(getattr(bpy.ops, group), name)(filepath=path, **options)
        except RuntimeError as error:
            raise Failure("unreadable", reason_of(error))

    def _options(self, meters_per_unit):
        scale = 1.0 if meters_per_unit is None else meters_per_unit
        if self._format == "usd":
            if "apply_unit_conversion_scale" in self._properties:
                return dict(USD_OPTIONS, apply_unit_conversion_scale=True)
            return dict(USD_OPTIONS, scale=scale)
        if self._format == "abc":
            return {
                "scale": scale,
                "set_frame_range": False,
                "as_background_job": False,
                "always_add_cache_reader": True,
            }
        if self._format == "obj":
            return {"global_scale": scale}
        # By default the add-on moves all keys by a frame.
        return {"anim_offset": 0.0} if self._format == "fbx" else {}


USD_OPTIONS = {
    "set_frame_range": False,
    "import_usd_preview": True,
    "import_textures_mode": "IMPORT_PACK",
    "read_mesh_uvs": True,
    "read_mesh_colors": True,
}
