"""The jobs that were submitted, one folder each in the user's Maya folder. They outlive Maya.

``job.json`` is the request, written once by Maya; ``state.json`` is the progress, written by the bridge.
"""

import datetime
import itertools
import os
import re
import shutil
import sys
import time
import uuid

from . import places
from .errors import RenderjuiceError
from .private_files import make_folder, read_json, write_json

FINAL_PHASES = ("completed", "failed", "canceled")
#: The bridge updates its lock every few seconds; an older lock belongs to a bridge that has ended.
LOCK_LIFETIME_SECONDS = 15
#: A started bridge has its lock by then.
START_SECONDS = 30

#: For bridges of this Maya that ended before their jobs: the last revision and the exit code.
_ends = {}
_reported = set()


def new_id():
    return uuid.uuid4().hex


def folder_of(job_id):
    """Returns a job's folder, which may not exist. Raises RenderjuiceError if the id is not valid."""
    if not re.match(r"^[A-Za-z0-9_-]{8,64}$", str(job_id)):
        raise RenderjuiceError("{!r} is not a job id.".format(job_id), "renderjuice_maya.status() lists your jobs.")
    return os.path.join(places.jobs_folder(), job_id)


def create(job_id):
    """Makes the folder of a new job.

    Raises RenderjuiceError if it exists: a submission is never made twice.
    """
    folder = folder_of(job_id)
    if os.path.isfile(os.path.join(folder, "job.json")):
        raise RenderjuiceError(
            "Job {} was already submitted.".format(job_id), "It continues; nothing was sent twice."
        )
    # Left by an export in which Maya crashed.
    remove(job_id)
    make_folder(os.path.dirname(folder))
    os.mkdir(folder, 0o700)
    return folder


def remove(job_id):
    """Removes a job that was not sent, if it exists, with its exported files."""
    shutil.rmtree(folder_of(job_id), ignore_errors=True)


def write_request(job_id, request):
    created = datetime.datetime.now(datetime.timezone.utc).isoformat()
    write_json(
        os.path.join(folder_of(job_id), "job.json"), dict(request, version=1, id=job_id, createdAt=created)
    )


def set_owner(job_id, session_file):
    """Sets the Maya that shows this job's progress; None in batch mode.

    Called before a bridge is started.
    """
    _ends.pop(job_id, None)
    write_json(os.path.join(folder_of(job_id), "owner.json"), {"session": session_file})


def owner_of(job_id):
    """Returns the session file of the Maya that shows the job; None if there is none."""
    return (read_json(os.path.join(folder_of(job_id), "owner.json")) or {}).get("session")


def ask_to_cancel(job_id):
    """Leaves a request that the bridge finds, whether it is running now or starts later."""
    write_json(os.path.join(folder_of(job_id), "cancel.json"), {"requested": True})


def note_end(job_id, exit_code):
    """Records that a bridge of this Maya has ended, since its lock still looks fresh for a while."""
    _ends[job_id] = (read(job_id)["revision"], exit_code)


def read(job_id, state=None):
    """Returns one job as ``{id, scene, blend, createdAt, framesFolder, phase, message, isFollowed,
    ...state}``.

    ``state`` is the bridge's report, by default the last one that it wrote. ``phase`` is ``starting`` before the first
    report, and ``stopped`` if the bridge ended too early. Raises RenderjuiceError if the job does not exist or its
    files are damaged.
    """
    folder = folder_of(job_id)
    request = read_json(os.path.join(folder, "job.json"))
    if request is None and not os.path.exists(os.path.join(folder, "job.json")):
        raise RenderjuiceError("Job {} does not exist.".format(job_id), "renderjuice_maya.status() lists your jobs.")
    job = {"phase": "starting", "message": "Starting the bridge.", "revision": 0}
    try:
        job["framesFolder"] = request["output"]["folder"]
        job.update(state or read_json(os.path.join(folder, "state.json")) or {})
        job.update(
            id=job_id,
            folder=folder,
            createdAt=request["createdAt"],
            scene=request["facts"]["scene"],
            blend=request["blend"],
        )
    except (KeyError, TypeError, ValueError):
        raise RenderjuiceError(
            "The job in {} cannot be read.".format(folder), "Remove the folder if you do not need the job."
        )
    revision, exit_code = _ends.get(job_id, (None, None))
    job["isFollowed"] = job["revision"] != revision and _has_bridge(job)
    if state is None and not job["isFollowed"] and not is_final(job) and job["phase"] != "stopped":
        job["phase"] = "stopped"
        job["message"] = "The bridge ended unexpectedly{}; see {}. Continue with renderjuice_maya.attach().".format(
            "" if exit_code is None else " ({})".format(exit_code), os.path.join(folder, "bridge.log")
        )
    return job


def read_all():
    """Returns all jobs that can be read, newest first."""
    return list(_readable(_ids()))


def read_newest(count):
    """Returns the newest jobs, newest first, without reading the others."""
    return list(itertools.islice(_readable(_ids()), count))


def _ids():
    """Newest first, by the time of the request, since a folder's own time changes with every state."""
    root = places.jobs_folder()
    found = []
    for name in os.listdir(root) if os.path.isdir(root) else []:
        try:
            found.append((os.stat(os.path.join(root, name, "job.json")).st_mtime, name))
        except OSError:
            continue
    return [name for _, name in sorted(found, reverse=True)]


def _readable(job_ids):
    for job_id in job_ids:
        try:
            yield read(job_id)
        except RenderjuiceError as error:
            if job_id not in _reported:
                _reported.add(job_id)
                sys.stderr.write("Renderjuice: {}\n".format(error))


def is_final(job):
    return job["phase"] in FINAL_PHASES


def _has_bridge(job):
    """Whether a bridge is running this job, or was just started and does not have its lock yet."""
    if _is_younger(os.path.join(job["folder"], "bridge.lock"), LOCK_LIFETIME_SECONDS):
        return True
    is_over = is_final(job) or job["phase"] == "stopped"
    return not is_over and _is_younger(os.path.join(job["folder"], "owner.json"), START_SECONDS)


def _is_younger(path, seconds):
    try:
        return time.time() - os.stat(path).st_mtime < seconds
    except OSError:
        return False
