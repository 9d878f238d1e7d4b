"""What is wrong with each event plugin of a folder: load, hooks, every event that it hooks into, cleanup."""

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

MODES = (("10.3", True), ("10.1", False))
HANG_MS = 10000


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
    """The folders that hold a plugin of their own name."""
    return sorted(
        name for name in os.listdir(folder) if os.path.isfile(os.path.join(folder, name, name + ".py"))
    )


def judge_plugin(folder, name, mode, strict):
    """`{"plugin", "deadline", "hooks", "problems": [{"stage", "error"}]}`, from a farm with only this one."""
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
            {"stage": entry.get("event", entry["kind"]), "error": entry["error"]}
            for entry in farm.records("events.jsonl")
            if entry["error"]
        ]
        return {"plugin": name, "deadline": mode, "hooks": hooks, "problems": problems}
    finally:
        shutil.rmtree(path, ignore_errors=True)


def fire_everything(farm):
    """Raises every event once with a job of one frame. Returns the number of handlers that were called."""
    document, frames = job_from_info(
        {"Plugin": "Blender", "Name": "sample"}, {"SceneFile": "/scenes/sample.blend"}, []
    )
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
    for verdict in verdicts:
        start = [verdict["plugin"], verdict["deadline"], str(verdict["hooks"])]
        rows += [start + [problem["stage"], problem["error"]] for problem in verdict["problems"]]
        if not verdict["problems"]:
            rows.append(start + ["", "ok"])
    widths = [max(len(row[column]) for row in rows) for column in range(4)] if rows else []
    sys.stdout.write("Python %s\n" % platform.python_version())
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths)]
        sys.stdout.write("  ".join(cells + [row[4].splitlines()[0]]).rstrip() + "\n")
