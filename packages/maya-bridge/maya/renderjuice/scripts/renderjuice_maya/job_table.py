"""The jobs that were submitted, one folder each in the user's Maya folder. They outlive Maya.

``job.json`` is what was asked for, written once by Maya; ``state.json`` how far it has come, written by the
bridge.
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
#: The bridge touches its lock every few seconds; a lock this old belongs to a bridge that is gone.
LOCK_LIFETIME_SECONDS = 15
#: A bridge that was started has its lock by then.
START_SECONDS = 30

#: Of bridges of this Maya that ended before their jobs: the revision that they left, and their exit codes.
_ends = {}
_reported = set()


def new_id():
    return uuid.uuid4().hex


def folder_of(job_id):
    """Returns a job's folder, which need not exist. Raises RenderjuiceError for what is no id."""
    if not re.match(r"^[A-Za-z0-9_-]{8,64}$", str(job_id)):
        raise RenderjuiceError("{!r} is not a job id.".format(job_id), "renderjuice_maya.status() lists your jobs.")
    return os.path.join(places.jobs_folder(), job_id)


def create(job_id):
    """Makes the folder of a new job.

    Raises RenderjuiceError when there is one: a submission is never made twice.
    """
    folder = folder_of(job_id)
    if os.path.isfile(os.path.join(folder, "job.json")):
        raise RenderjuiceError(
            "Job {} was already submitted.".format(job_id), "It continues; nothing was sent twice."
        )
    # Of an export in which Maya crashed.
    remove(job_id)
    make_folder(os.path.dirname(folder))
    os.mkdir(folder, 0o700)
    return folder


def remove(job_id):
    """Removes a job of which nothing was sent, if there is one, with what was exported for it."""
    shutil.rmtree(folder_of(job_id), ignore_errors=True)


def write_request(job_id, request):
    created = datetime.datetime.now(datetime.timezone.utc).isoformat()
    write_json(
        os.path.join(folder_of(job_id), "job.json"), dict(request, version=1, id=job_id, createdAt=created)
    )


def set_owner(job_id, session_file):
    """Names the Maya that is told of this job's progress; None in batch mode.

    Done before a bridge is started.
    """
    _ends.pop(job_id, None)
    write_json(os.path.join(folder_of(job_id), "owner.json"), {"session": session_file})


def owner_of(job_id):
    """Returns the session file of the Maya that is told; None when there is none."""
    return (read_json(os.path.join(folder_of(job_id), "owner.json")) or {}).get("session")


def ask_to_cancel(job_id):
    """Leaves a note that the bridge finds, whether it runs now or later."""
    write_json(os.path.join(folder_of(job_id), "cancel.json"), {"requested": True})


def note_end(job_id, exit_code):
    """A bridge of this Maya has ended; its lock looks for a while as if it had not."""
    _ends[job_id] = (read(job_id)["revision"], exit_code)


def read(job_id, state=None):
    """Returns one job as ``{id, scene, blend, createdAt, framesFolder, phase, message, isFollowed,
    ...state}``.

    ``state`` is what the bridge says of it; by default what it has written last. ``phase`` is ``starting``
    before the bridge has said anything, ``stopped`` when it is gone before the end. Raises RenderjuiceError
    when there is no such job, or its files are damaged.
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
    """Returns the newest jobs, newest first; the others are not looked into."""
    return list(itertools.islice(_readable(_ids()), count))


def _ids():
    """Newest first, by the time at which they were asked for: a folder's own changes with every state."""
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
    """Whether a bridge is at work on this job, or was started a moment ago and has no lock yet."""
    if _is_younger(os.path.join(job["folder"], "bridge.lock"), LOCK_LIFETIME_SECONDS):
        return True
    is_over = is_final(job) or job["phase"] == "stopped"
    return not is_over and _is_younger(os.path.join(job["folder"], "owner.json"), START_SECONDS)


def _is_younger(path, seconds):
    try:
        return time.time() - os.stat(path).st_mtime < seconds
    except OSError:
        return False
