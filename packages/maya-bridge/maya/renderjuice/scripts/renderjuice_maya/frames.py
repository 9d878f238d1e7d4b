"""Rendered frames, back in Maya."""

import os
import re

from maya import cmds

from . import job_table
from .errors import RenderjuiceError
from .private_files import read_json


def open_frames(job=None):
    """Opens the folder with a job's frames in the system's file browser; by default, the newest job's.

    Returns the folder.
    """
    jobs = job_table.read_newest(1) if job is None else [job_table.read(job)]
    if not jobs:
        raise RenderjuiceError("Nothing was submitted yet.", "renderjuice_maya.submit() does.")
    folder = jobs[0]["framesFolder"]
    if not os.path.isdir(folder):
        raise RenderjuiceError("The frames are not here yet: {}".format(jobs[0]["message"]))
    if not cmds.about(batch=True):
        cmds.launch(directory=folder)
    return folder


def reload_into_scene(job):
    """Puts the frames into the image plane of the job's camera, if its scene is still open."""
    request = read_json(os.path.join(job["folder"], "job.json"))
    camera = request.get("imagePlaneCamera")
    if not camera or not job.get("firstFrame"):
        return
    if cmds.file(query=True, sceneName=True) != job["scene"]:
        return
    if not cmds.objExists(camera):
        cmds.warning("Renderjuice: the camera {} for the image plane does not exist.".format(camera))
        return
    name = "renderjuice_" + re.sub(r"\W", "_", camera.split("|")[-1])
    transform = name if cmds.objExists(name) else cmds.imagePlane(camera=camera, name=name)[0]
    shape = cmds.listRelatives(transform, shapes=True, fullPath=True)[0]
    cmds.setAttr(shape + ".imageName", job["firstFrame"], type="string")
    cmds.setAttr(shape + ".useFrameExtension", True)
