"""The jobs that were submitted, one folder each in the user's Maya folder. They outlive Maya.

``job.json`` is what was asked for, written once by Maya; ``state.json`` how far it has come, written by the
bridge.
"""

import datetime
import os
import re
import time
import uuid

from . import places
from .errors import RenderjuiceError
from .private_files import make_folder, read_json, write_json

FINAL_PHASES = ("completed", "failed", "canceled")
#: The bridge touches its lock every second; a lock this old belongs to a bridge that is gone.
LOCK_LIFETIME_SECONDS = 15


def new_id():
    return uuid.uuid4().hex


def folder_of(job_id):
    """Returns a job's folder, which need not exist. Raises RenderjuiceError for what is no id."""
    if not re.match(r"^[A-Za-z0-9_-]{8,64}$", str(job_id)):
        raise RenderjuiceError("{!r} is no job.".format(job_id), "renderjuice_maya.status() lists them.")
    return os.path.join(places.jobs_folder(), job_id)


def create(job_id):
    """Makes the folder of a new job.

    Raises RenderjuiceError when there is one: a submission is never made twice.
    """
    folder = folder_of(job_id)
    make_folder(os.path.dirname(folder))
    try:
        os.mkdir(folder, 0o700)
    except FileExistsError:
        raise RenderjuiceError(
            "Job {} was submitted before.".format(job_id), "It goes on; nothing was sent twice."
        )
    return folder


def write_request(job_id, request):
    created = datetime.datetime.now(datetime.timezone.utc).isoformat()
    write_json(
        os.path.join(folder_of(job_id), "job.json"), dict(request, version=1, id=job_id, createdAt=created)
    )


def set_owner(job_id, session_file):
    """Names the Maya that is told of this job's progress; None in batch mode."""
    write_json(os.path.join(folder_of(job_id), "owner.json"), {"session": session_file})


def owner_of(job_id):
    """Returns the session file of the Maya that is told; None when there is none."""
    return (read_json(os.path.join(folder_of(job_id), "owner.json")) or {}).get("session")


def ask_to_cancel(job_id):
    """Leaves a note that the bridge finds, whether it runs now or later."""
    write_json(os.path.join(folder_of(job_id), "cancel.json"), {"requested": True})


def read(job_id):
    """Returns one job as ``{id, scene, blend, createdAt, framesFolder, phase, message, isFollowed,
    ...state}``.

    ``phase`` is ``starting`` before the bridge has said anything, ``stopped`` when it is gone before the end.
    Raises RenderjuiceError when there is no such job.
    """
    folder = folder_of(job_id)
    request = read_json(os.path.join(folder, "job.json"))
    if request is None:
        raise RenderjuiceError("There is no job {}.".format(job_id), "renderjuice_maya.status() lists them.")
    job = {
        "phase": "starting",
        "message": "Starting the bridge.",
        "revision": 0,
        "framesFolder": request["output"]["folder"],
    }
    job.update(read_json(os.path.join(folder, "state.json")) or {})
    job.update(
        id=job_id,
        folder=folder,
        createdAt=request["createdAt"],
        scene=request["facts"]["scene"],
        blend=request["blend"],
        isFollowed=is_followed(job_id),
    )
    return job


def read_all():
    """Returns all jobs, newest first."""
    folder = places.jobs_folder()
    names = os.listdir(folder) if os.path.isdir(folder) else []
    jobs = [read(name) for name in names if os.path.isfile(os.path.join(folder, name, "job.json"))]
    return sorted(jobs, key=lambda job: job["createdAt"], reverse=True)


def is_final(job):
    return job["phase"] in FINAL_PHASES


def is_followed(job_id):
    """Whether a bridge is at work on this job."""
    try:
        touched = os.stat(os.path.join(folder_of(job_id), "bridge.lock")).st_mtime
    except OSError:
        return False
    return time.time() - touched < LOCK_LIFETIME_SECONDS
