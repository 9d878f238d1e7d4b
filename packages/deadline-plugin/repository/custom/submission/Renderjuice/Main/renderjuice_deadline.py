"""Submits Blender scenes to Renderjuice through Deadline, from a studio's own tools.

    from renderjuice_deadline import submit_to_renderjuice
    job_id = submit_to_renderjuice("/proj/shot.blend", "/proj/out/shot_####", frames="1-24")

Uses only the standard library of Python 3.7 and later. Needs a Deadline client on the machine, and no key.
"""

import codecs
import os
import re
import shutil
import subprocess
import sys
import tempfile

__all__ = ["submit_to_renderjuice", "write_job_files", "find_deadlinecommand", "SubmissionError"]


class SubmissionError(Exception):
    """Deadline did not accept the job; the message says why and what to do."""


def submit_to_renderjuice(scene, output, frames, timeout_seconds=60, **options):
    """Submits one cloud render as a Deadline job and returns its id.

    scene            a .blend, a .zip or a folder with one .blend, as the Workers see it
    output           folder and name of the frames, as Blender takes them: "/proj/out/shot_####"
    frames           "1-24", "1-24x2", "1,5,10-20"
    timeout_seconds  how long deadlinecommand may take

    Options, by keyword:

    name, batch, pool, group, priority
    frames_per_task  0: one render for all frames; otherwise one per task, so that frame-dependent jobs start early
    settings         render settings by name, such as {"resolutionPercentage": 50}
    depends_on       ids of jobs to wait for
    submit_scene     True: copies the scene into the repository with the job
    job_info         more keys for the job-info file, such as {"ExtraInfo0": "shot 10"}

    Raises SubmissionError if an argument is not valid or Deadline does not accept the job.
    """
    folder = tempfile.mkdtemp(prefix="renderjuice_")
    try:
        files = write_job_files(folder, scene, output, frames, **options)
        return _submit(files, os.path.join(folder, "answer.txt"), timeout_seconds)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write_job_files(
    folder,
    scene,
    output,
    frames,
    name=None,
    batch=None,
    frames_per_task=0,
    settings=None,
    depends_on=(),
    pool=None,
    group=None,
    priority=50,
    submit_scene=False,
    job_info=None,
):
    """Writes the job-info and plugin-info files into a folder and returns the arguments for deadlinecommand."""
    output_folder, pattern = _split_path(str(output))
    if not output_folder:
        raise SubmissionError('"%s" has no folder. Give the whole path, such as /proj/out/shot_####.' % output)
    if submit_scene and not os.path.isfile(scene):
        raise SubmissionError('The file "%s" to submit with the job does not exist.' % scene)
    first, last = _read_range(frames)
    info = {
        "Plugin": "Renderjuice",
        "Name": name or os.path.splitext(_split_path(str(scene))[1])[0] or "Renderjuice",
        "BatchName": batch or "",
        # A Deadline task cannot span a gap. The render plugin skips the frames that "Frames" below does not have.
        "Frames": frames if frames_per_task else "%d-%d" % (first, last),
        "ChunkSize": frames_per_task or last - first + 1,
        "Pool": pool or "",
        "Group": group or "",
        "Priority": priority,
        "JobDependencies": ",".join(depends_on),
        "OutputDirectory0": output_folder,
        # These let the event plugin cancel the render when the job is suspended or deleted.
        "EventOptIns": "Renderjuice",
        "ExtraInfoKeyValue0": "RJ_Generated=render",
    }
    info.update(job_info or {})
    plugin_info = {
        "OutputDirectory": output_folder,
        "OutputPattern": pattern,
        "Frames": frames,
        "Settings": ";".join("%s=%s" % item for item in (settings or {}).items()),
    }
    if not submit_scene:
        plugin_info["SceneFile"] = scene
    files = [
        _write_info(os.path.join(folder, "job_info.job"), info),
        _write_info(os.path.join(folder, "plugin_info.job"), plugin_info),
    ]
    return files + ([str(scene)] if submit_scene else [])


def find_deadlinecommand():
    """The program's path: from DEADLINE_PATH, from the file that macOS has for it, or from PATH."""
    folder = os.environ.get("DEADLINE_PATH", "")
    mac_file = "/Users/Shared/Thinkbox/DEADLINE_PATH"
    if not folder and os.path.isfile(mac_file):
        with open(mac_file) as file:
            folder = file.read().strip()
    found = shutil.which("deadlinecommand", path=folder or None)
    if found:
        return found
    raise SubmissionError(
        "deadlinecommand was not found. Install the Deadline client, or set DEADLINE_PATH to its bin folder."
    )


def _submit(files, answer_file, timeout_seconds):
    look_first = "Check in the Monitor whether the job exists before you submit it again."
    try:
        # A file instead of a pipe: we would wait for a grandchild that keeps the pipe open.
        with open(answer_file, "wb") as answer:
            done = subprocess.run(
                [find_deadlinecommand()] + files,
                stdin=subprocess.DEVNULL,
                stdout=answer,
                stderr=subprocess.STDOUT,
                timeout=timeout_seconds,
                **({"creationflags": subprocess.CREATE_NO_WINDOW} if sys.platform == "win32" else {})
            )
    except subprocess.TimeoutExpired:
        raise SubmissionError("deadlinecommand did not finish within %d seconds. %s" % (timeout_seconds, look_first))
    with open(answer_file, "rb") as answer:
        text = answer.read().decode("utf-8", "replace")
    match = re.search(r"^JobID=(\S+)\s*$", text, re.MULTILINE)
    if done.returncode == 0 and match:
        return match.group(1)
    said = " ".join(text.split())[-1000:]
    if done.returncode == 0 or match:
        raise SubmissionError("deadlinecommand printed no job id. %s Its output: %s" % (look_first, said))
    raise SubmissionError("Deadline did not accept the job: %s" % said)


def _read_range(frames):
    """The first and the last frame of a list."""
    ends = []
    for part in re.split(r"[,\s]+", str(frames).strip()):
        match = re.match(r"^(-?\d+)(?:-(-?\d+)(?:[xX:]\d+)?)?$", part)
        if not match:
            raise SubmissionError('"%s" is not a list of frames. Write 1-24, 1-24x2 or 1,5,10-20.' % frames)
        ends += [int(match.group(1)), int(match.group(2) or match.group(1))]
    return min(ends), max(ends)


def _split_path(path):
    """Splits by either separator: the path may come from another operating system."""
    index = max(path.rfind("/"), path.rfind("\\"))
    return path[: index + 1], path[index + 1 :]


def _write_info(path, values):
    """UTF-16 with a byte order mark, as Deadline's own submitters write it; a value is one line."""
    lines = ["%s=%s" % (key, re.sub(r"[\r\n\t\0]+", " ", str(value))) for key, value in values.items() if str(value)]
    with open(path, "wb") as file:
        file.write(codecs.BOM_UTF16_LE + "".join(line + "\r\n" for line in lines).encode("utf-16-le"))
    return path
