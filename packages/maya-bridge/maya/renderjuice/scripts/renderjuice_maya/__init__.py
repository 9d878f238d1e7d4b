"""Renders the open Maya scene's shot on Renderjuice, through Blender.

    import renderjuice_maya
    job = renderjuice_maya.submit(blend="/shows/juice/sh010/light.blend")
    renderjuice_maya.status()
    renderjuice_maya.cancel(job.id)
    renderjuice_maya.open_frames()

Every function returns immediately. Call them on Maya's main thread.
"""

from .command_port import close_port, open_port
from .errors import RenderjuiceError, SubmitCanceled
from .frames import open_frames
from .progress import on_progress, open_window, remove_callback
from .submit import SubmittedJob, attach, cancel, status, submit

__all__ = [
    "RenderjuiceError",
    "SubmitCanceled",
    "SubmittedJob",
    "attach",
    "cancel",
    "close_port",
    "on_progress",
    "open_frames",
    "open_port",
    "open_window",
    "remove_callback",
    "status",
    "submit",
]
