"""Renderjuice's own command port: MEL, behind one procedure and a token.

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
from .private_files import read_json, remove_file, write_json

ATTEMPTS = 8
PROCEDURE = "renderjuiceRpc"
#: A closed port on this machine refuses immediately, so after this long Maya is just busy.
CONNECT_TIMEOUT_SECONDS = 0.2

_session = None


def open_port():
    """Opens the port, once. Returns the session file with its number and token; None in batch mode.

    Maya in batch mode opens ports and never answers them. Raises RenderjuiceError if Maya does not open one.
    """
    global _session
    if cmds.about(batch=True):
        return None
    if _session is None:
        _forget_the_dead()
        name, port = _open_any()
        path = os.path.join(places.sessions_folder(), "{}@{}.json".format(os.getpid(), _host()))
        file = {
            "version": 1,
            "host": _host(),
            "pid": os.getpid(),
            "port": port,
            "token": secrets.token_hex(32),
            "mayaVersion": cmds.about(version=True),
            "startedAt": datetime.datetime.now(datetime.timezone.utc).isoformat(),
        }
        _session = {"name": name, "path": path, "file": file}
        # Protected, so that File > New and scriptJob -killAll do not remove it.
        cmds.scriptJob(event=["quitApplication", close_port], protected=True)
    if not os.path.exists(_session["path"]):
        write_json(_session["path"], _session["file"])
    return _session["path"]


def close_port():
    """Closes the port and forgets the token. Does nothing if there is no port."""
    global _session
    if _session is None:
        return
    session, _session = _session, None
    remove_file(session["path"])
    if cmds.commandPort(session["name"], query=True):
        cmds.commandPort(name=session["name"], close=True)


def may_be_alive(path):
    """Whether the Maya of a session file may still listen, however busy it is.

    For a Maya on another machine that shares this home folder, this is not known, so the answer is yes.
    """
    if not path:
        return False
    if not _is_of_this_machine(os.path.basename(path)):
        return True
    session = read_json(path)
    return session is not None and _is_listened_on(session["port"])


def _forget_the_dead():
    """Removes the sessions that crashed Mayas have left."""
    folder = places.sessions_folder()
    for name in os.listdir(folder) if os.path.isdir(folder) else []:
        path = os.path.join(folder, name)
        if _is_of_this_machine(name) and not may_be_alive(path):
            remove_file(path)


def _is_of_this_machine(name):
    return re.match(r"^\d+@{}\.json$".format(re.escape(_host())), name) is not None


def _host():
    """This machine's name, in a form that is valid in file names."""
    return re.sub(r"[^a-z0-9.-]", "_", socket.gethostname().lower())


def _is_listened_on(port):
    if os.name == "nt":
        return _is_bound(port)
    try:
        socket.create_connection(("127.0.0.1", port), timeout=CONNECT_TIMEOUT_SECONDS).close()
    except ConnectionRefusedError:
        return False
    except OSError:
        pass
    return True


def _is_bound(port):
    """For Windows, where a busy port refuses connections just as a closed one does."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def token():
    """Returns the token of the open port; None if there is no port."""
    return _session["file"]["token"] if _session else None


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
        "Maya did not open a command port.",
        "Your studio may have disabled commandPort. The Script Editor shows Maya's reason.",
    )


def _free_port():
    """Gets a free port from the system, since opening a port that is in use can hang Maya."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
