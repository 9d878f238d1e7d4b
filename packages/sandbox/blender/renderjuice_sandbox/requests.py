"""Answers a request with messages, and turns every error into a message that people understand."""

import os
import traceback

from .frame_renderer import render_frames
from .open_scene import open_scene
from .scene_analysis import analyse_scene
from .scene_failure import SceneFailure


def answer(request, channel):
    try:
        scene, warnings = open_scene(request["scenePath"], request["workDir"])
        channel.send("scene-opened")
        if request["action"] == "analyze":
            channel.send("analysis", analysis=analyse_scene(scene, warnings))
        else:
            channel.send("outcome", outcome=render_frames(scene, request, channel, warnings))
    except SceneFailure as failure:
        channel.send("failure", failureType=failure.failure_type, message=str(failure))
    except Exception as error:  # noqa: BLE001: every other error is ours or Blender's, and must reach the job
        traceback.print_exc()
        channel.send("failure", failureType="renderer_error", message=f"{type(error).__name__}: {error}")
    # Exits immediately, since some builds crash while they free a big scene, long after the work is safe.
    os._exit(0)
