"""What the commands do. Flags come by their long names, checked."""

import os
import shutil

from . import events, main_thread, mel, port
from .scene import clear, expand, find, need, scene, selection

VERSION = "2024"

_controls = {}
_jobs = {}


def about(batch=False, version=False, apiVersion=False):
    if batch:
        return main_thread.is_batch
    if version:
        return VERSION
    return 20240200 if apiVersion else ""


# --- files --------------------------------------------------------------------------------------------------


def file(*args, **flags):
    if flags.pop("query", False):
        if "sceneName" in flags:
            return scene["path"]
        if "modified" in flags:
            return scene["modified"]
        if "reference" in flags:
            return [reference["path"] for reference in scene["references"]]
        if "list" in flags:
            return (
                [scene["path"]]
                + [reference["path"] for reference in scene["references"]]
                + scene.get("files", [])
            )
        raise TypeError("Not known here: {}".format(flags))
    if flags.get("save"):
        scene["modified"] = False
        events.emit("saved", path=scene["path"])
    elif flags.get("newFile"):
        if scene["modified"] and not flags.get("force"):
            raise RuntimeError("Unsaved changes.")
        clear()
        events.emit("newScene")
    elif flags.get("exportSelected"):
        if flags["type"] not in ("FBX export",):
            raise RuntimeError("Invalid file type specified: {}".format(flags["type"]))
        _write(args[0], list(selection))
    else:
        raise TypeError("Not known here: {}".format(flags))
    return scene["path"]


def referenceQuery(name, filename=False, withoutCopyNumber=False, referenceNode=False):
    for reference in scene["references"]:
        if name == reference["path"]:
            return reference["node"] if referenceNode else name.split("{")[0]
    raise RuntimeError("No reference {}".format(name))


def workspace(query=False, rootDirectory=False, fileRuleEntry=None, expandName=None):
    if expandName is not None:
        return expand(expandName)
    if fileRuleEntry is not None:
        return scene["rules"].get(fileRuleEntry, "")
    return scene["project"] + "/"


def internalVar(userAppDir=False):
    return os.environ["MAYA_APP_DIR"].rstrip("/") + "/"


def filePathEditor(
    query=False, refresh=False, listDirectories=None, listFiles=None, withAttribute=False, status=False
):
    if refresh:
        return None
    rows = [
        (os.path.split(expand(value)), "{}.{}".format(node["name"], attribute))
        for node in scene["nodes"]
        for attribute, value in node["attributes"].items()
        if attribute in node.get("inEditor", []) and value
    ]
    if listDirectories is not None:
        return sorted({folder for (folder, _), _ in rows}) or None
    return [text for (folder, name), plug in rows if folder == listFiles for text in (name, plug)] or None


def launch(directory=None):
    events.emit("launch", directory=directory)


# --- nodes --------------------------------------------------------------------------------------------------


def ls(*names, **flags):
    if flags.get("selection"):
        return list(selection)
    nodes = scene["nodes"]
    if flags.get("type"):
        nodes = [node for node in nodes if node["type"] == flags["type"]]
    if flags.get("assemblies"):
        nodes = [node for node in nodes if node["name"].count("|") == 1]
    if flags.get("showType"):
        return [text for node in nodes for text in (node["name"], node["type"])]
    return [node["name"] for node in nodes]


def nodeType(name):
    return need(name)["type"]


def objExists(name):
    node, _, attribute = name.partition(".")
    found = find(node)
    return found is not None and (not attribute or attribute in found["attributes"])


def listRelatives(name, shapes=False, fullPath=False):
    path = need(name)["name"]
    found = [
        node["name"]
        for node in scene["nodes"]
        if node["name"].rpartition("|")[0] == path and node["type"] != "transform"
    ]
    return found or None


def listAttr(name, usedAsFilename=False):
    return need(name).get("usedAsFilename") or None


def getAttr(plug):
    node, _, attribute = plug.partition(".")
    found = need(node)
    if attribute == "visibility" and attribute not in found["attributes"]:
        return True
    return found["attributes"][attribute]


def connectionInfo(plug, isDestination=False):
    node, _, attribute = plug.partition(".")
    return attribute in need(node).get("connected", [])


def editDisplayLayerMembers(layer, query=False, fullNames=False):
    return need(layer).get("members") or None


def setAttr(plug, value, type=None):
    node, _, attribute = plug.partition(".")
    if attribute not in need(node)["attributes"]:
        raise RuntimeError("No object matches name: {}".format(plug))
    if isinstance(value, str) and type != "string":
        raise RuntimeError("setAttr: a string needs type='string'.")
    need(node)["attributes"][attribute] = value
    events.emit("setAttr", plug=plug, value=value)


def select(names=None, replace=False, clear=False):
    del selection[:]
    if not clear:
        selection.extend(need(name)["name"] for name in names)


def currentUnit(query=False, time=False, linear=False):
    return scene["time"] if time else scene["linear"]


def currentTime(query=False):
    return scene["currentFrame"]


def upAxis(query=False, axis=False):
    return scene["upAxis"]


def colorManagementPrefs(query=False, cmEnabled=False, configFilePath=False, renderingSpaceName=False):
    if cmEnabled:
        return True
    return "<MAYA_RESOURCES>/OCIO-configs/Maya2022-default/config.ocio" if configFilePath else "ACEScg"


def imagePlane(camera=None, name=None):
    camera_path = need(camera)["name"]
    transform = "{}|{}".format(camera_path, name)
    scene["nodes"].append({"name": transform, "type": "transform", "attributes": {}})
    shape = {"imageName": "", "useFrameExtension": False}
    scene["nodes"].append(
        {"name": transform + "|" + name + "Shape", "type": "imagePlane", "attributes": shape}
    )
    events.emit("imagePlane", camera=camera_path)
    return [name, name + "Shape"]


# --- exports ------------------------------------------------------------------------------------------------


def pluginInfo(name, query=False, loaded=False):
    return name in scene["plugins"]


def loadPlugin(name, quiet=False):
    if name not in scene.get("available", []):
        raise RuntimeError('Plug-in, "{}", was not found on MAYA_PLUG_IN_PATH.'.format(name))
    scene["plugins"].append(name)


def AbcExport(jobArg=None):
    words = jobArg.replace('"', "").split(" -")
    options = [word.strip().lstrip("-").split(" ", 1) for word in words]
    path = [option[1] for option in options if option[0] == "file"][0]
    roots = [option[1] for option in options if option[0] == "root"]
    events.emit(
        "export",
        format="abc",
        path=path,
        roots=roots,
        options=[option for option in options if option[0] != "file"],
    )
    _write(path, roots)


def mayaUSDExport(**flags):
    events.emit("export", format="usd", path=flags["file"], roots=flags["exportRoots"], options=flags)
    _write(flags["file"], flags["exportRoots"])


def _write(path, roots):
    """Writes what stands for a cache: a file that the scene names, else something that tells its roots."""
    for root in roots:
        need(root)
    name = os.path.splitext(os.path.basename(path))[0]
    stand_in = scene["writes"].get(name)
    if stand_in:
        shutil.copyfile(stand_in, path)
        return
    with open(path, "w") as stream:
        stream.write("cache of {}\n".format(" ".join(roots)))
    if name in scene["unwritable"]:
        raise RuntimeError("The disk is full.")


# --- events and ports ---------------------------------------------------------------------------------------


def scriptJob(event=None, protected=False):
    _jobs.setdefault(event[0], []).append(event[1])
    return sum(len(jobs) for jobs in _jobs.values())


def fire(event):
    for job in _jobs.get(event, []):
        job()


def evalDeferred(function, lowestPriority=False):
    main_thread.execute_deferred(function)


def commandPort(*names, **flags):
    return port.command_port(*names, **flags)


# --- user interface -----------------------------------------------------------------------------------------


def warning(text):
    events.emit("warning", text=text)


def inViewMessage(assistMessage=None, position=None, fade=False):
    events.emit("inViewMessage", text=assistMessage)


def confirmDialog(**flags):
    events.emit("confirmDialog", **flags)
    return main_thread.dialog.wait()


def fileDialog2(**flags):
    events.emit("fileDialog", **flags)
    chosen = main_thread.dialog.wait()
    return [chosen] if chosen else None


def _control(kind):
    def run(name=None, query=False, edit=False, exists=False, **flags):
        if exists:
            return name in _controls
        if edit:
            if name not in _controls:
                raise RuntimeError("Object '{}' not found.".format(name))
            _controls[name].update(flags)
            events.emit("control", kind=kind, name=name, **_describe(flags))
            return name
        name = name or "{}{}".format(kind, len(_controls))
        if name in _controls:
            raise RuntimeError("Object's name '{}' is not unique.".format(name))
        _controls[name] = dict(flags, kind=kind)
        events.emit("control", kind=kind, name=name, **_describe(flags))
        return name

    return run


def _describe(flags):
    return {name: value for name, value in flags.items() if not callable(value)}


window = _control("window")
scrollLayout = _control("scrollLayout")
columnLayout = _control("columnLayout")
rowLayout = _control("rowLayout")
frameLayout = _control("frameLayout")
text = _control("text")
progressBar = _control("progressBar")
button = _control("button")
menu = _control("menu")
menuItem = _control("menuItem")
shelfLayout = _control("shelfLayout")
shelfButton = _control("shelfButton")


def press(label):
    """Presses the last button or menu item of this name, as a person would."""
    import __main__

    for flags in reversed(list(_controls.values())):
        command = flags.get("command")
        if flags.get("label") != label or command is None:
            continue
        if callable(command):
            command(False)
        elif flags.get("sourceType") == "python":
            exec(command, __main__.__dict__)
        else:
            mel.evaluate(command)
        return
    raise RuntimeError("There is no button {}.".format(label))


def setParent(*_):
    return None


def showWindow(name):
    if name not in _controls:
        raise RuntimeError("Object '{}' not found.".format(name))


def deleteUI(name):
    if _controls.pop(name)["kind"] == "window":
        for child in [
            child for child, flags in _controls.items() if not flags["kind"].startswith(("menu", "shelf"))
        ]:
            del _controls[child]
