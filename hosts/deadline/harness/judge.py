"""A verdict on each event plugin of a folder, from its load, its hooks, every event that it hooks into, its cleanup.

It holds; it breaks a rule of Deadline; or the harness does not know: it lacks a name that the plugin uses, or the plugin
needs settings, files or a job that it did not get here.
"""

import json
import os
import platform
import shutil
import sys
import tempfile

from .application import Application
from .deadlinecommand import install_command
from .events import ARGUMENTS
from .farm_folder import FarmFolder
from .job_info import job_from_info
from .job_store import JobStore
from .verdict import BREAKS, UNKNOWN

MODES = (("10.3", True), ("10.1", False))
HANG_MS = 10000
HOLDS = "holds"
WORDS = {HOLDS: "holds", BREAKS: "breaks Deadline's rules", UNKNOWN: "not known here"}
SAMPLE_JOB = {
    "Plugin": "Blender",
    "Name": "sample",
    "UserName": "artist",
    "BatchName": "samples",
    "Frames": "1-3",
    "ChunkSize": "3",
    "OutputDirectory0": "/frames/",
    "OutputFilename0": "sample_####.png",
}


def judge(arguments):
    """Prints a table, or JSON with `--json`. The exit code says only whether plugins were found."""
    as_json = "--json" in arguments
    folders = [argument for argument in arguments if argument != "--json"]
    verdicts = [
        judge_plugin(folder, name, mode, strict)
        for folder in folders
        for name in plugins_of(folder)
        for mode, strict in MODES
    ]
    if as_json:
        print(json.dumps(verdicts))
    else:
        print_table(verdicts)
    return 0 if verdicts else 1


def plugins_of(folder):
    """The folders that hold a plugin with the folder's name."""
    return sorted(
        name for name in os.listdir(folder) if os.path.isfile(os.path.join(folder, name, name + ".py"))
    )


def judge_plugin(folder, name, mode, strict):
    """`{"plugin", "deadline", "verdict", "hooks", "problems": [{"stage", "error", "verdict"}]}`, on a farm for itself."""
    path = tempfile.mkdtemp(prefix="deadline-judge-")
    try:
        farm = FarmFolder(path)
        os.symlink(
            os.path.abspath(os.path.join(folder, name)), farm.at("repository", "custom", "events", name)
        )
        farm.write_json(
            {
                "strict": strict,
                "hangMs": HANG_MS,
                "repository": farm.folder("repository"),
                "events": {name: {"State": "Global Enabled"}},
            },
            "config.json",
        )
        install_command(farm)
        hooks = fire_everything(farm)
        problems = [
            {
                "stage": entry.get("event", entry["kind"]),
                "error": entry["error"],
                "verdict": entry["verdict"],
            }
            for entry in farm.records("events.jsonl")
            if entry["error"]
        ]
        found = [problem["verdict"] for problem in problems]
        overall = BREAKS if BREAKS in found else UNKNOWN if found else HOLDS
        return {"plugin": name, "deadline": mode, "verdict": overall, "hooks": hooks, "problems": problems}
    finally:
        shutil.rmtree(path, ignore_errors=True)


def fire_everything(farm):
    """Raises every event once with a job of one task. Returns the number of handlers that were called."""
    plugin_info = {"SceneFile": "/scenes/sample.blend", "OutputFile": "/frames/sample_####"}
    document, frames = job_from_info(dict(SAMPLE_JOB), plugin_info, [])
    job_id = JobStore(farm).create(document, frames)
    application = Application(farm, "judge")
    called = [
        record
        for event in ARGUMENTS
        for record in application.fire(event, {"jobId": job_id, "message": "sample"})
    ]
    application.close()
    return len(called)


def print_table(verdicts):
    rows = []
    for judged in verdicts:
        start = [judged["plugin"], judged["deadline"], WORDS[judged["verdict"]]]
        rows += [
            start + [problem["stage"], WORDS[problem["verdict"]], problem["error"]]
            for problem in judged["problems"]
        ]
        if not judged["problems"]:
            rows.append(start + ["%d called" % judged["hooks"], "", ""])
    widths = [max(len(row[column]) for row in rows) for column in range(5)] if rows else []
    sys.stdout.write("Python %s\n" % platform.python_version())
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths)]
        sys.stdout.write("  ".join(cells + (row[5].splitlines() or [""])[:1]).rstrip() + "\n")
    for mode, _ in MODES:
        found = [judged["verdict"] for judged in verdicts if judged["deadline"] == mode]
        counts = ", ".join("%d %s" % (found.count(word), WORDS[word]) for word in WORDS)
        sys.stdout.write("Deadline %s: %s\n" % (mode, counts))
