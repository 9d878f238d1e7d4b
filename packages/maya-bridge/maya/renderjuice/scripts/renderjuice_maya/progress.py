"""Shows the progress of jobs: in a small window, in messages when it matters, and to registered callbacks."""

import sys
import traceback

from maya import cmds

from . import dialogs, job_table

WINDOW = "renderjuiceJobsWindow"
MAX_ROWS = 8

_callbacks = []
_shown = {}


def on_progress(callback):
    """Calls ``callback(job)`` with every change of any job, on the main thread. Returns the callback."""
    if callback not in _callbacks:
        _callbacks.append(callback)
    return callback


def remove_callback(callback):
    if callback in _callbacks:
        _callbacks.remove(callback)


def show(job):
    """Shows a job as ``job_table.read`` gives it.

    States that are already shown or older are ignored: calls may overtake each other, and the end is reported twice.
    """
    last = _shown.get(job["id"])
    if last is not None and job["revision"] < last["revision"]:
        return
    if last is not None and _news_of(job) == _news_of(last):
        return
    _shown[job["id"]] = job
    if not cmds.about(batch=True):
        _update_row(job)
        if last is None or last["phase"] != job["phase"]:
            _announce(job)
    for callback in list(_callbacks):
        try:
            callback(job)
        except Exception:  # A studio's callback must not stop the others.
            sys.stderr.write("Renderjuice: a progress callback failed.\n{}".format(traceback.format_exc()))
    if job["phase"] == "completed" and (last is None or last["phase"] != "completed"):
        from . import frames

        frames.reload_into_scene(job)


def open_window():
    """Opens the table of jobs, or brings it to the front."""
    if cmds.window(WINDOW, exists=True):
        cmds.deleteUI(WINDOW)
    cmds.window(WINDOW, title="Renderjuice", widthHeight=(460, 320))
    cmds.scrollLayout(childResizable=True)
    cmds.columnLayout(adjustableColumn=True, rowSpacing=4)
    for job in _jobs_to_show():
        _add_row(job)
    cmds.showWindow(WINDOW)


def _jobs_to_show():
    """The newest jobs, and older unfinished ones that this Maya follows."""
    newest = job_table.read_newest(MAX_ROWS)
    ids = {job["id"] for job in newest}
    return newest + [job for job in _shown.values() if job["id"] not in ids and not job_table.is_final(job)]


def _news_of(job):
    return job["revision"], job["phase"]


def _add_row(job):
    from . import frames
    from .submit import cancel

    job_id = job["id"]
    cmds.frameLayout(label=_title(job), collapsable=False)
    cmds.text(_control("text", job_id), label=job["message"], align="left")
    cmds.progressBar(_control("bar", job_id), maxValue=100, progress=percent(job))
    cmds.rowLayout(numberOfColumns=2)
    cmds.button(label="Cancel", command=lambda *_: dialogs.advise(cancel, job_id))
    cmds.button(label="Open frames", command=lambda *_: dialogs.advise(frames.open_frames, job_id))
    cmds.setParent("..")
    cmds.setParent("..")


def _update_row(job):
    if not cmds.text(_control("text", job["id"]), exists=True):
        return
    cmds.text(_control("text", job["id"]), edit=True, label=job["message"])
    cmds.progressBar(_control("bar", job["id"]), edit=True, progress=percent(job))


def percent(job):
    """Returns the progress, from 0 to 100."""
    if job["phase"] == "completed":
        return 100
    total = job.get("totalFrames") or 0
    return int(100 * job.get("completedFrames", 0) / total) if total else 0


def _announce(job):
    # Maya treats the text as HTML, and file names are not ours.
    text = "Renderjuice: {}".format(job["message"])
    for mark, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        text = text.replace(mark, entity)
    cmds.inViewMessage(assistMessage=text, position="midCenter", fade=True)
    if job["phase"] in ("failed", "stopped"):
        cmds.warning("Renderjuice: {} {}".format(job["message"], job.get("hint", "")).strip())


def _title(job):
    return "{}  ({})".format(
        job["scene"].replace("\\", "/").split("/")[-1], job["createdAt"][:16].replace("T", " ")
    )


def _control(kind, job_id):
    return "renderjuice_{}_{}".format(kind, job_id.replace("-", "_"))
