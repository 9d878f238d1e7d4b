"""Starts the Node program that does the work outside Maya."""

import os
import queue
import subprocess
import threading

from maya import cmds, utils

from . import job_table, places
from .errors import RenderjuiceError
from .private_files import read_json

#: Maya sets these for its own libraries and its own Python; other programs fail with them.
NOT_FOR_OTHERS = (
    "PYTHONHOME",
    "PYTHONPATH",
    "LD_LIBRARY_PATH",
    "LD_PRELOAD",
    "DYLD_LIBRARY_PATH",
    "DYLD_FRAMEWORK_PATH",
    "QT_PLUGIN_PATH",
    "QT_QPA_PLATFORM_PLUGIN_PATH",
)
CREATE_NO_WINDOW = 0x08000000
CREATE_NEW_PROCESS_GROUP = 0x00000200


def command():
    """Returns the bridge's command line as recorded by ``renderjuice-maya install``.

    Raises RenderjuiceError if Node or the bridge no longer exists; npx keeps the bridge only for a while.
    """
    found = read_json(os.path.join(places.module_folder(), "bridge.json"))
    if not found or not all(os.path.isfile(found["command"][at]) for at in (0, -1)):
        raise RenderjuiceError(
            "The Renderjuice bridge is no longer installed{}.".format(
                " in {}".format(os.path.dirname(found["command"][-1])) if found else ""
            ),
            "Run renderjuice-maya install again, or npx @renderjuice/maya-bridge install.",
        )
    return found["command"]


def start(command, job_id, on_end):
    """Starts the bridge for a job and returns immediately.

    With a user interface, the bridge talks through the command port, and ``on_end(job_id, exit_code)`` is called on the
    main thread when it ends. In batch mode, where Maya does not answer its port, the lines that it prints go to the
    returned queue, followed by its exit code.
    """
    arguments = command + ["run", job_table.folder_of(job_id)]
    environment = {name: value for name, value in os.environ.items() if name not in NOT_FOR_OTHERS}
    is_batch = cmds.about(batch=True)
    options = {"stdin": subprocess.DEVNULL, "env": environment, "close_fds": True}
    if os.name == "nt":
        options["creationflags"] = CREATE_NO_WINDOW | CREATE_NEW_PROCESS_GROUP
    else:
        # Ctrl-C in the terminal that started Maya must not end a render.
        options["start_new_session"] = True
    with open(os.path.join(job_table.folder_of(job_id), "bridge.log"), "ab") as log:
        process = subprocess.Popen(
            arguments, stdout=subprocess.PIPE if is_batch else log, stderr=log, **options
        )
    lines = queue.Queue()
    target, arguments = (_read, (process, lines)) if is_batch else (_watch, (process, job_id, on_end))
    threading.Thread(target=target, args=arguments, daemon=True).start()
    return lines


def _watch(process, job_id, on_end):
    exit_code = process.wait()
    utils.executeDeferred(on_end, job_id, exit_code)


def _read(process, lines):
    """Keeps the pipe empty, so that the bridge never blocks if the script does not read."""
    for line in process.stdout:
        lines.put(line.decode("utf-8", "replace"))
    lines.put(process.wait())
