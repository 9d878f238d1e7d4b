"""Sends the open scene to the farm and follows the job. Everything here returns immediately."""

import json
import os
import queue

from maya import cmds

from . import (
    bridge,
    caches as cache_files,
    command_port,
    dependencies,
    dialogs,
    job_table,
    places,
    progress,
    scene_facts,
)
from .errors import RenderjuiceError
from .private_files import read_json, write_json

MAX_REPORTED_FRAMES = 100000


class SubmittedJob(object):
    """A submitted job."""

    def __init__(self, job_id, lines):
        self.id = job_id
        self._lines = lines

    def state(self):
        """Returns the job, like ``renderjuice_maya.status(job.id)``."""
        return job_table.read(self.id)

    def cancel(self):
        return cancel(self.id)

    def wait(self, timeout=None):
        """For mayapy: waits for the end and returns the job's last state.

        Meanwhile, callbacks run in this thread.

        ``timeout`` is in seconds without news. Raises RenderjuiceError if it passes, if the job fails, and in a Maya
        with a user interface, which this would freeze.
        """
        if not cmds.about(batch=True):
            raise RenderjuiceError("wait() would freeze Maya.", "Use renderjuice_maya.on_progress(callback).")
        while True:
            try:
                line = self._lines.get(timeout=timeout)
            except queue.Empty:
                raise RenderjuiceError(
                    "There was no news of job {} for {} s.".format(self.id, timeout), "The job itself continues."
                )
            if isinstance(line, int):
                break
            _show_line(line)
        _on_bridge_end(self.id, line)
        job = self.state()
        if job["phase"] != "completed":
            raise RenderjuiceError(job["message"], job.get("hint", ""))
        return job


def submit(
    blend=None,
    frames=None,
    caches="auto",
    groups=None,
    settings=None,
    unsaved=None,
    images=None,
    image_plane=None,
    wait=False,
    mode="drop-in",
    assemble=None,
    accept_loss=False,
    require_complete=False,
    job_id=None,
):
    """Exports the caches, starts the bridge and returns a SubmittedJob. Call it on Maya's main thread.

    blend -- the studio's .blend; default: the one of this scene's last job, or else a dialog asks for it
    frames -- such as "1-24x2"; default: the frames of the render settings
    caches -- "auto", "abc", "usd", "fbx", "none", or a list of existing files to send instead
    groups -- what goes into which cache: {"hero": ["|hero_grp"]}; default: each top node, and "camera"
    settings -- render settings, such as {"sampleCount": 128}; they override those of the Maya scene
    unsaved -- "save" or "last-saved"; default: a dialog asks
    images -- folder for the frames; default: a folder for the scene in the project's images folder
    image_plane -- a camera that shows the frames once they are there
    wait -- in mayapy only: return when the frames are there
    mode -- "drop-in": the .blend reads caches/NAME.abc next to it; "re-point": Blender sets paths in a copy
    assemble -- "usd", "abc", "fbx", "gltf" or "obj": experimental, makes a .blend from the export
    accept_loss -- continue despite the losses in the loss report
    require_complete -- fail without rendering or paying if the farm cannot find a file that the .blend uses

    Raises RenderjuiceError with a hint, SubmitCanceled if the artist cancels a dialog. Nothing was sent then.
    """
    if wait and not cmds.about(batch=True):
        raise RenderjuiceError("wait=True would freeze Maya.", "Use renderjuice_maya.on_progress(callback).")
    bridge.command()
    leaves_changes_out = dialogs.settle_unsaved(unsaved)
    facts = scene_facts.read_facts()
    frame_range = frames or scene_facts.frame_list(facts["frames"])
    span = scene_facts.span_of(frames) if frames else facts["frames"]
    scene = None if assemble else _find_blend(blend, facts["scene"])
    job_id = job_id or job_table.new_id()
    folder = job_table.create(job_id)
    try:
        if isinstance(caches, (list, tuple)):
            handed_over = cache_files.take_over(caches)
        else:
            handed_over = cache_files.export(
                cache_files.default_groups() if groups is None else groups,
                assemble or caches,
                span,
                os.path.join(folder, "caches"),
            )
        report = dependencies.collect(_frame_numbers(span))
        job_table.write_request(
            job_id,
            {
                "blend": scene,
                "mode": mode,
                "assemble": assemble,
                "acceptLoss": bool(accept_loss),
                "requireComplete": bool(require_complete),
                "frames": frame_range,
                "settings": settings or {},
                "facts": facts,
                "leavesChangesOut": leaves_changes_out,
                "caches": handed_over,
                "dependencies": report,
                "output": {
                    "folder": images or _images_of(facts["scene"]),
                    "pattern": _pattern_of(facts["scene"]),
                },
                "imagePlaneCamera": image_plane,
            },
        )
        _report(report)
        lines = _start(job_id)
    except BaseException:
        # Nothing was sent.
        job_table.remove(job_id)
        raise
    _show_started([job_id])
    job = SubmittedJob(job_id, lines)
    if wait:
        job.wait()
    return job


def status(job=None):
    """Returns one job, or all of them, newest first. See ``job_table.read`` for the keys of a job."""
    return job_table.read_all() if job is None else job_table.read(job)


def cancel(job=None):
    """Cancels a job on the farm, by default the newest one, and returns it. The farm confirms a little later."""
    jobs = job_table.read_newest(1) if job is None else [job_table.read(job)]
    if not jobs:
        raise RenderjuiceError("Nothing was submitted yet.")
    if not job_table.is_final(jobs[0]):
        job_table.ask_to_cancel(jobs[0]["id"])
        if not jobs[0]["isFollowed"]:
            _start(jobs[0]["id"])
            _show_started([jobs[0]["id"]])
    return jobs[0]


def attach():
    """Continues unfinished jobs after a restart of Maya, or if a bridge was killed.

    Returns their ids.

    Leaves out the jobs of other running Mayas.
    """
    session = command_port.open_port()
    open_jobs = [
        job
        for job in job_table.read_all()
        if not job_table.is_final(job) and not _is_of_another(job, session)
    ]
    for job in open_jobs:
        if job["isFollowed"]:
            job_table.set_owner(job["id"], session)
        else:
            _start(job["id"])
    ids = [job["id"] for job in open_jobs]
    if ids:
        _show_started(ids)
    return ids


def _is_of_another(job, session):
    owner = job_table.owner_of(job["id"])
    return job["isFollowed"] and owner != session and command_port.may_be_alive(owner)


def _start(job_id):
    """Starts a bridge for a job. Raises RenderjuiceError if none is installed."""
    command = bridge.command()
    job_table.set_owner(job_id, command_port.open_port())
    return bridge.start(command, job_id, _on_bridge_end)


def _show_started(job_ids):
    if cmds.about(batch=True):
        return
    for job_id in job_ids:
        progress.show(job_table.read(job_id))
    progress.open_window()


def _on_bridge_end(job_id, exit_code):
    """Shows the final state from the job's files, in case the bridge could not report it through the port."""
    job_table.note_end(job_id, exit_code)
    progress.show(job_table.read(job_id))


def _show_line(line):
    """Handles a line of the bridge in batch mode: a state of its job."""
    try:
        state = json.loads(line)
    except ValueError:
        return
    progress.show(job_table.read(state["id"], state))


def _find_blend(blend, scene):
    """The .blend of this shot, remembered from the last submission."""
    memory = os.path.join(places.home(), "blends.json")
    known = read_json(memory) or {}
    path = os.path.expanduser(blend or known.get(scene) or dialogs.choose_blend(os.path.dirname(scene)))
    path = os.path.abspath(cmds.workspace(expandName=path))
    if not os.path.isfile(path):
        raise RenderjuiceError(
            "There is no {}.".format(path), 'Pass the Blender scene of this shot: blend="…/shot.blend".'
        )
    if not path.lower().endswith(".blend"):
        raise RenderjuiceError(
            "{} is not a .blend file.".format(path), "The farm renders Blender scenes; see the README."
        )
    if known.get(scene) != path:
        write_json(memory, dict(known, **{scene: path}))
    return path


def _images_of(scene):
    return os.path.join(places.images_folder(), "renderjuice", _pattern_of(scene)[: -len("_####")])


def _pattern_of(scene):
    stem = os.path.splitext(os.path.basename(scene))[0]
    return "{}_####".format(stem.replace("#", "_"))


def _frame_numbers(frames):
    numbers = range(int(frames["start"]), int(frames["end"]) + 1, max(1, int(frames["step"])))
    return numbers[:MAX_REPORTED_FRAMES]


def _report(entries):
    if not entries:
        return
    missing = sum(entry["isMissing"] for entry in entries)
    print("Renderjuice: {} files and references of this scene are not sent to Blender:".format(len(entries)))
    for entry in entries:
        mark = " (MISSING)" if entry["isMissing"] else ""
        print("  {kind}: {path}{mark}  {node}\n    {why}".format(mark=mark, **entry))
    if missing:
        cmds.warning("Renderjuice: {} of the files that the scene uses are missing.".format(missing))
