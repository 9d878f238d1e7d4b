"""The folders in the user's Maya folder and in the project."""

import os

from maya import cmds


def home():
    """The folder of this package's own files: jobs, sessions.

    ``MAYA_APP_DIR`` moves it, like Maya's own.
    """
    return os.path.join(cmds.internalVar(userAppDir=True), "renderjuice")


def jobs_folder():
    return os.path.join(home(), "jobs")


def sessions_folder():
    return os.path.join(home(), "sessions")


def module_folder():
    """The module's folder, with ``scripts`` in it."""
    return os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def project_folder():
    return cmds.workspace(query=True, rootDirectory=True)


def images_folder():
    """The folder for the project's rendered images, from its ``images`` file rule."""
    rule = cmds.workspace(fileRuleEntry="images") or "images"
    return cmds.workspace(expandName=rule)
