"""Every file that the open scene needs, and whether it is sent to Blender.

With caches none of them is sent: materials, lights and references stay behind, and their counterparts have to be in the
studio's ``.blend``. So this is a report, made before anything is paid for.
"""

import os
import re

from maya import cmds

from . import file_tokens

#: File attributes that Maya or its plug-ins do not always mark as such.
KNOWN_ATTRIBUTES = {
    "file": ["fileTextureName"],
    "AlembicNode": ["abc_File"],
    "cacheFile": ["cachePath"],
    "gpuCache": ["cacheFileName"],
    "assemblyReference": ["definition"],
    "svgToPoly": ["svgFilepath"],
    "audio": ["filename"],
    "imagePlane": ["imageName"],
    "mayaUsdProxyShape": ["filePath"],
    "aiImage": ["filename"],
    "aiPhotometricLight": ["aiFilename"],
    "aiStandIn": ["dso"],
    "aiVolume": ["filename", "dso"],
    "pgYetiMaya": ["cacheFileName", "outputCacheFileName"],
    "RedshiftNormalMap": ["tex0"],
    "PxrTexture": ["filename"],
    "PxrNormalMap": ["filename"],
    "PxrPtexture": ["filename"],
    "PxrBump": ["filename"],
    "PxrMultiTexture": ["filename{}".format(index) for index in range(10)],
}
TEXTURES = (
    "file",
    "psdFileTex",
    "aiImage",
    "RedshiftNormalMap",
    "PxrTexture",
    "PxrNormalMap",
    "PxrPtexture",
    "PxrBump",
    "PxrMultiTexture",
)
WHY = {
    "texture": "Materials stay in Maya. If the look needs this image, it must be in the .blend or next to it.",
    "reference": "References are not sent. Their geometry is, if it is in a cache.",
    "audio": "Sound is not rendered.",
    "file": "This node has no counterpart in the caches. What it draws must be in the .blend.",
}


def collect(frames=None):
    """Returns one entry for each file or pattern: ``{kind, node, attribute, path, files, isMissing, why}``.

    ``frames`` are the frames that are rendered; other numbered files do not count. A file that is used by two nodes has
    two entries, since it has to be fixed in two places.
    """
    entries = {}
    for node, attribute, path, kind in _references() + _listed_by_editor() + _attributes():
        resolved = resolve(path)
        key = (node, attribute, resolved)
        if path and key not in entries:
            entries[key] = _describe(node, attribute, resolved, kind, frames)
    named = {entry["path"] for entry in entries.values()}
    named.add(resolve(cmds.file(query=True, sceneName=True)))
    for path in cmds.file(query=True, list=True) or []:
        # The second copy of a reference ends in {1}.
        resolved = resolve(re.sub(r"\{\d+\}$", "", path))
        if resolved not in named:
            entries[("", "", resolved)] = _describe("", "", resolved, "file", frames)
    return sorted(entries.values(), key=lambda entry: (entry["kind"], entry["path"], entry["node"]))


def resolve(path):
    """Returns the path with environment variables and the project's folder filled in."""
    expanded = os.path.expandvars(os.path.expanduser(path))
    return os.path.normpath(cmds.workspace(expandName=expanded)) if expanded else ""


def _describe(node, attribute, path, kind, frames):
    files = file_tokens.expand(path, frames)
    return {
        "kind": kind,
        "node": node,
        "attribute": attribute,
        "path": path,
        "files": files,
        "isMissing": not files,
        "why": WHY[kind],
    }


def _references():
    found = []
    for reference in cmds.file(query=True, reference=True) or []:
        path = cmds.referenceQuery(reference, filename=True, withoutCopyNumber=True)
        found.append((cmds.referenceQuery(reference, referenceNode=True), "", path, "reference"))
    return found


def _listed_by_editor():
    """What Windows > General Editors > File Path Editor shows, including third-party nodes."""
    found = []
    cmds.filePathEditor(refresh=True)
    for folder in cmds.filePathEditor(query=True, listDirectories="") or []:
        row = cmds.filePathEditor(query=True, listFiles=folder, withAttribute=True) or []
        for name, plug in zip(row[0::2], row[1::2]):
            node, _, attribute = plug.partition(".")
            # Reference nodes are listed without an attribute; they are found as references.
            if attribute and cmds.objExists(plug):
                found.append(
                    (node, attribute, _value(node, attribute) or os.path.join(folder, name), _kind(node))
                )
    return found


def _attributes():
    """Every attribute that its node marks as a file name, and other known ones."""
    found = []
    names = cmds.ls(showType=True) or []
    marked = {}
    for node, node_type in zip(names[0::2], names[1::2]):
        if node_type not in marked:
            flagged = cmds.listAttr(node, usedAsFilename=True) or []
            marked[node_type] = sorted(set(flagged) | set(KNOWN_ATTRIBUTES.get(node_type, [])))
        for attribute in marked[node_type]:
            value = _value(node, attribute)
            if value:
                found.append((node, attribute, value, _kind(node)))
    return found


def _value(node, attribute):
    """The path of an attribute; for a texture, the pattern that Maya has computed for tiles and frames."""
    plug = "{}.{}".format(node, attribute)
    pattern = node + ".computedFileTextureNamePattern"
    if attribute == "fileTextureName" and cmds.objExists(pattern):
        return cmds.getAttr(pattern) or cmds.getAttr(plug)
    value = cmds.getAttr(plug) if cmds.objExists(plug) else None
    # Array elements are returned as lists.
    return value if isinstance(value, str) else None


def _kind(node):
    node_type = cmds.nodeType(node)
    if node_type in TEXTURES:
        return "texture"
    if node_type in ("audio", "reference"):
        return node_type
    return "file"
