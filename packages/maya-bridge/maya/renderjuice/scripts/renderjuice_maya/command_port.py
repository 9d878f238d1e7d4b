"""A command port of our own: MEL, behind one procedure and a token.

Opened when the first job is submitted.
"""

import datetime
import os
import re
import secrets
import socket

from maya import cmds

from . import places
from .errors import RenderjuiceError
from .private_files import read_json, write_json

ATTEMPTS = 8
PROCEDURE = "renderjuiceRpc"

_session = None


def open_port():
    """Opens the port, once. Returns the session file that holds its number and token; None in batch mode.

    Maya in batch mode opens ports and never answers them. Raises RenderjuiceError when Maya opens none.
    """
    global _session
    if cmds.about(batch=True):
        return None
    if _session is None:
        _forget_the_dead()
        name, port = _open_any()
        token = secrets.token_hex(32)
        path = os.path.join(places.sessions_folder(), "{}.json".format(os.getpid()))
        _session = {"name": name, "token": token, "path": path}
        write_json(
            path,
            {
                "version": 1,
                "pid": os.getpid(),
                "port": port,
                "token": token,
                "mayaVersion": cmds.about(version=True),
                "startedAt": datetime.datetime.now(datetime.timezone.utc).isoformat(),
            },
        )
        # Protected: File > New and scriptJob -killAll leave it alone.
        cmds.scriptJob(event=["quitApplication", close_port], protected=True)
    return _session["path"]


def close_port():
    """Closes the port and forgets the token. Does nothing when there is none."""
    global _session
    if _session is None:
        return
    session, _session = _session, None
    if os.path.exists(session["path"]):
        os.unlink(session["path"])
    if cmds.commandPort(session["name"], query=True):
        cmds.commandPort(name=session["name"], close=True)


def is_alive(path):
    """Whether the Maya of a session file still listens.

    Asked by connecting: on Windows, Python has no harmless signal.
    """
    session = read_json(path) if path else None
    if session is None:
        return False
    try:
        socket.create_connection(("127.0.0.1", session["port"]), timeout=1).close()
    except OSError:
        return False
    return True


def _forget_the_dead():
    """A Maya that crashed has left its session."""
    folder = places.sessions_folder()
    for name in os.listdir(folder) if os.path.isdir(folder) else []:
        path = os.path.join(folder, name)
        if re.match(r"^\d+\.json$", name) and not is_alive(path):
            os.unlink(path)


def token():
    """Returns the token of the open port; None when there is none."""
    return _session["token"] if _session else None


def _open_any():
    for _ in range(ATTEMPTS):
        port = _free_port()
        name = "127.0.0.1:{}".format(port)
        try:
            cmds.commandPort(name=name, sourceType="mel", prefix=PROCEDURE)
        except RuntimeError:
            continue
        if cmds.commandPort(name, query=True):
            return name, port
    raise RenderjuiceError(
        "Maya opens no command port.",
        "Is commandPort disabled in this studio? See Script Editor for Maya's reason.",
    )


def _free_port():
    """Asks the system for one: opening a number that is in use can hang Maya."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
