"""The open scene and the project, as JSON describes them. See ../../fake-scene.ts for the form."""

import json
import os

EMPTY = {
    "path": "",
    "modified": False,
    "project": "",
    "rules": {"images": "images"},
    "time": "film",
    "linear": "cm",
    "upAxis": "y",
    "currentFrame": 1.0,
    "nodes": [],
    "references": [],
    "plugins": ["AbcExport", "fbxmaya"],
    "writes": {},
    # Caches in whose midst an export fails.
    "unwritable": [],
}

scene = dict(EMPTY)
selection = []


def load(path):
    with open(path, encoding="utf-8") as stream:
        scene.clear()
        scene.update(EMPTY)
        scene.update(json.load(stream))


def clear():
    """File > New: the project stays."""
    kept = {name: scene[name] for name in ("project", "rules", "plugins", "writes", "unwritable")}
    scene.clear()
    scene.update(dict(EMPTY, nodes=default_nodes()), **kept)


def default_nodes():
    return [
        {
            "name": "defaultRenderGlobals",
            "type": "renderGlobals",
            "attributes": {
                "animation": False,
                "startFrame": 1.0,
                "endFrame": 10.0,
                "byFrameStep": 1.0,
                "currentRenderer": "arnold",
            },
        },
        {
            "name": "defaultResolution",
            "type": "resolution",
            "attributes": {"width": 960, "height": 540, "pixelAspect": 1.0},
        },
    ]


def find(name):
    """Returns a node by its DAG path or its name; None when there is none."""
    for node in scene["nodes"]:
        if name in (node["name"], node["name"].split("|")[-1]):
            return node
    return None


def need(name):
    node = find(name)
    if node is None:
        raise ValueError("No object matches name: {}".format(name))
    return node


def expand(path):
    return path if os.path.isabs(path) else os.path.join(scene["project"], path)
