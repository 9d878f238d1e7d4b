"""Geometry and cameras as files that Blender can read."""

import os
import re

from maya import cmds, mel

from .errors import RenderjuiceError
from .private_files import make_folder
from .scene_facts import renderable_cameras

#: In the order in which they are tried: the best format for a Maya animation in Blender comes first.
FORMATS = ("abc", "usd", "fbx")
PLUGINS = {"abc": "AbcExport", "usd": "mayaUsdPlugin", "fbx": "fbxmaya"}
EXTENSIONS = {"abc": ".abc", "usd": ".usdc", "fbx": ".fbx"}
#: The types of caches that can be passed.
FORMAT_BY_EXTENSION = {
    ".abc": "abc",
    ".usd": "usd",
    ".usda": "usd",
    ".usdc": "usd",
    ".usdz": "usd",
    ".fbx": "fbx",
    ".gltf": "gltf",
    ".glb": "gltf",
    ".obj": "obj",
    ".mdd": "mdd",
    ".pc2": "pc2",
}
CAMERAS = "camera"
DEFAULT_CAMERAS = ("persp", "top", "front", "side", "back", "bottom", "left")


def choose_format(wanted):
    """Returns the first of the wanted formats that this Maya can write.

    Raises RenderjuiceError if there is none.
    """
    candidates = FORMATS if wanted == "auto" else (wanted,)
    if any(name not in FORMATS for name in candidates):
        raise RenderjuiceError(
            '"{}" is not a cache format.'.format(wanted),
            'Use "auto", "none", {}, or a list of files: caches=["/x/hero.abc"].'.format(", ".join(FORMATS)),
        )
    for name in candidates:
        if _load(PLUGINS[name]):
            return name
    raise RenderjuiceError(
        "This Maya cannot write {}.".format(" or ".join(PLUGINS[name] for name in candidates)),
        "Load the plug-in in Windows > Settings/Preferences > Plug-in Manager.",
    )


def default_groups():
    """Returns the default export: one cache for each top node that is not hidden, and one for the renderable cameras.

    ``{name: [DAG paths]}``. Caches are named after the nodes, so the names stay the same from one submission to the
    next. The name ``camera`` is reserved for the cameras: a top node of that name is in ``camera_group``.
    """
    groups = {}
    hidden = _hidden_by_layers()
    for root in cmds.ls(assemblies=True, long=True) or []:
        is_camera = _is_camera(root)
        if not is_camera and root.strip("|") not in DEFAULT_CAMERAS and not _is_hidden(root, hidden):
            groups[root + " group" if safe_name(root).lower() == CAMERAS else root] = [root]
    cameras = ["|".join(shape.split("|")[:-1]) for shape in renderable_cameras()]
    if cameras:
        groups[CAMERAS] = cameras
    return groups


def export(groups, wanted, frames, folder):
    """Writes one file for each group. Returns ``[{"name", "path", "format", "roots"}]``.

    ``frames`` is ``{"start", "end", "step"}``. The selection is kept. Raises RenderjuiceError if a node does not exist
    or is hidden, two groups would get the same file, or Maya wrote nothing.
    """
    if wanted == "none" or not groups:
        return []
    _check_names(groups)
    hidden = _hidden_by_layers()
    for root in (root for roots in groups.values() for root in roots):
        if not cmds.objExists(root):
            raise RenderjuiceError('The node "{}" does not exist.'.format(root), "Check the names in caches.")
        if not _is_camera(root) and _is_hidden(root, hidden):
            raise RenderjuiceError(
                '"{}" is hidden in Maya, so its cache would be empty.'.format(root),
                "Show it, or leave it out of groups.",
            )
    name_of = choose_format(wanted)
    make_folder(folder)
    selection = cmds.ls(selection=True, long=True) or []
    caches = []
    try:
        for name, roots in groups.items():
            path = os.path.join(folder, safe_name(name) + EXTENSIONS[name_of]).replace("\\", "/")
            WRITERS[name_of](roots, frames, path)
            if not os.path.isfile(path):
                raise RenderjuiceError(
                    "Maya wrote no cache for {}.".format(name), "The Script Editor shows the reason."
                )
            caches.append({"name": safe_name(name), "path": path, "format": name_of, "roots": roots})
        _warn_of_layers(groups)
    finally:
        if selection:
            cmds.select(selection, replace=True)
        else:
            cmds.select(clear=True)
    return caches


def _is_camera(node):
    shapes = cmds.listRelatives(node, shapes=True, fullPath=True) or []
    return any(cmds.nodeType(shape) == "camera" for shape in shapes)


def _is_hidden(node, hidden):
    """Whether it, a layer or a parent is hidden. Keys and connections do not count, since they may show it."""
    parts = node.split("|")
    return any(
        above in hidden or _is_switched_off(above)
        for above in ("|".join(parts[:end]) for end in range(2, len(parts) + 1))
    )


def _is_switched_off(node):
    plug = node + ".visibility"
    return not cmds.getAttr(plug) and not cmds.connectionInfo(plug, isDestination=True)


def _hidden_by_layers():
    """Returns the objects that are hidden by display layers."""
    layers = [layer for layer in cmds.ls(type="displayLayer") or [] if not cmds.getAttr(layer + ".visibility")]
    return {
        member
        for layer in layers
        for member in cmds.editDisplayLayerMembers(layer, query=True, fullNames=True) or []
    }


def _warn_of_layers(groups):
    """Warns that Alembic, USD and FBX export objects inside a group that a display layer hides."""
    roots = [root for nodes in groups.values() for root in nodes]
    inside = sorted(
        node for node in _hidden_by_layers() if any((node + "|").startswith(root + "|") for root in roots)
    )
    if inside:
        cmds.warning(
            "Renderjuice: these are hidden by display layers but are in the caches: {}. Hide them in the .blend, or "
            "with their visibility in Maya.".format(", ".join(inside))
        )


def take_over(paths):
    """Returns the studio's existing files, like ``export``. Their names have to differ."""
    caches = []
    for path in paths:
        path = os.path.abspath(os.path.expanduser(path)).replace("\\", "/")
        stem, extension = os.path.splitext(os.path.basename(path))
        name_of = FORMAT_BY_EXTENSION.get(extension.lower())
        if name_of is None:
            known = ", ".join(sorted(FORMAT_BY_EXTENSION))
            raise RenderjuiceError("{} is not a cache.".format(path), "Use {}.".format(known))
        if not os.path.isfile(path):
            raise RenderjuiceError("There is no {}.".format(path), "Check the paths in caches.")
        caches.append({"name": safe_name(stem), "path": path, "format": name_of, "roots": []})
    if len({os.path.basename(cache["path"]).lower() for cache in caches}) < len(caches):
        raise RenderjuiceError(
            "Two of the caches have the same file name.",
            "Rename one of them, since all caches are in one folder on the farm.",
        )
    return caches


def _check_names(groups):
    """Refuses duplicate names. Numbering them would not work, since numbers could change from one submission to the
    next, and the ``.blend`` finds its caches by their names."""
    first = {}
    for name in groups:
        # Some file systems ignore case.
        other = first.setdefault(safe_name(name).lower(), name)
        if other != name:
            raise RenderjuiceError(
                '"{}" and "{}" would both become the cache {}.'.format(other, name, safe_name(name)),
                'Rename one of them in Maya, or choose the names of the caches: groups={"hero": ["|hero_grp"]}.',
            )


def safe_name(name):
    """Returns a name that is valid on every file system, and harmless for the exporter's argument parser."""
    return re.sub(r"[^A-Za-z0-9_-]+", "_", name.split("|")[-1].replace(":", "_")).strip("_") or "cache"


def _write_alembic(roots, frames, path):
    # AbcExport splits its argument itself. Node names cannot contain a space or a quote, but folders can.
    if '"' in path:
        raise RenderjuiceError(
            "The folder {} has a quote in its name.".format(path), "Set MAYA_APP_DIR to another folder."
        )
    options = [
        "-frameRange {} {}".format(frames["start"], frames["end"]),
        "-step {}".format(frames["step"]),
        "-uvWrite -writeUVSets -writeFaceSets -worldSpace -writeVisibility -eulerFilter -dataFormat ogawa",
    ]
    # Cameras render even if they are hidden.
    if not all(_is_camera(root) for root in roots):
        options.append("-renderableOnly")
    options += ["-root {}".format(root) for root in roots]
    options.append('-file "{}"'.format(path) if " " in path else "-file {}".format(path))
    cmds.AbcExport(jobArg=" ".join(options))


def _write_usd(roots, frames, path):
    cmds.mayaUSDExport(
        file=path,
        exportRoots=roots,
        frameRange=(frames["start"], frames["end"]),
        frameStride=frames["step"],
        defaultUSDFormat="usdc",
        mergeTransformAndShape=True,
        exportVisibility=True,
        # Cameras render even if they are hidden.
        renderableOnly=not all(_is_camera(root) for root in roots),
        exportInstances=True,
        # Deformation is exported as points, since Blender does not know Maya's rigs.
        exportSkels="none",
        exportSkin="none",
        # Constraints prevent shapes from being merged.
        filterTypes=["constraint"],
        eulerFilter=True,
        staticSingleSample=True,
    )


def _write_fbx(roots, frames, path):
    cmds.select(roots, replace=True)
    mel.eval("FBXResetExport")
    mel.eval("FBXExportBakeComplexAnimation -v true")
    mel.eval("FBXExportBakeComplexStart -v {}".format(int(frames["start"])))
    mel.eval("FBXExportBakeComplexEnd -v {}".format(int(frames["end"])))
    mel.eval("FBXExportBakeComplexStep -v {}".format(int(frames["step"])))
    # Blender's importer does not read ASCII FBX.
    mel.eval("FBXExportInAscii -v false")
    cmds.file(path, force=True, exportSelected=True, type="FBX export")


WRITERS = {"abc": _write_alembic, "usd": _write_usd, "fbx": _write_fbx}


def _load(plugin):
    if cmds.pluginInfo(plugin, query=True, loaded=True):
        return True
    try:
        cmds.loadPlugin(plugin, quiet=True)
    except RuntimeError:
        return False
    return bool(cmds.pluginInfo(plugin, query=True, loaded=True))
