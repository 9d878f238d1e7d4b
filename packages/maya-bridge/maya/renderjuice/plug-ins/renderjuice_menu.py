"""The Renderjuice menu and shelf.

Load it in Windows > Settings/Preferences > Plug-in Manager, and tick Auto load.
"""

import maya.api.OpenMaya as om
from maya import cmds, mel, utils

import renderjuice_maya
from renderjuice_maya import dialogs

MENU = "renderjuiceMenu"
SHELF = "Renderjuice"
BUTTON = "renderjuiceShelfButton"
VERSION = "0.1.0"


def maya_useNewAPI():
    """Tells Maya that this uses its Python API 2.0."""


def initializePlugin(plugin):
    om.MFnPlugin(plugin, "Renderjuice", VERSION, "Any")
    if not cmds.about(batch=True):
        # The main window may not exist yet when plug-ins are loaded.
        utils.executeDeferred(_build)


def uninitializePlugin(plugin):
    om.MFnPlugin(plugin)
    if cmds.about(batch=True):
        return
    renderjuice_maya.close_port()
    if cmds.menu(MENU, exists=True):
        cmds.deleteUI(MENU)
    if cmds.shelfLayout(SHELF, exists=True):
        cmds.deleteUI(SHELF)


def _build():
    window = mel.eval("$renderjuiceWindow = $gMainWindow")
    if not cmds.menu(MENU, exists=True):
        cmds.menu(MENU, label="Renderjuice", parent=window, tearOff=True)
        cmds.menuItem(label="Submit...", command=_call(renderjuice_maya.submit))
        cmds.menuItem(label="Jobs", command=_call(renderjuice_maya.open_window))
        cmds.menuItem(label="Open Frames", command=_call(renderjuice_maya.open_frames))
        cmds.menuItem(divider=True)
        cmds.menuItem(label="Continue Jobs", command=_call(renderjuice_maya.attach))
    shelves = mel.eval("$renderjuiceShelves = $gShelfTopLevel")
    if not cmds.shelfLayout(SHELF, exists=True):
        cmds.shelfLayout(SHELF, parent=shelves)
        cmds.shelfButton(
            BUTTON,
            parent=SHELF,
            label="Submit",
            annotation="Render this shot on Renderjuice",
            image="renderjuice.svg",
            # Text, since Maya saves its shelves.
            command="import renderjuice_maya; renderjuice_maya.dialogs.advise(renderjuice_maya.submit)",
            sourceType="python",
        )
    try:
        renderjuice_maya.attach()
    except renderjuice_maya.RenderjuiceError as error:
        # No dialog, since the user has not asked for anything yet.
        cmds.warning("Renderjuice: {}".format(error))


def _call(function):
    # Menu items pass whether they are checked.
    return lambda *_: dialogs.advise(function)
