"""Answers the bridge. Runs on Maya's main thread, inside the command port, so nothing here may wait or raise.

A call is one line ``RJ1.<token>.<base64url of JSON>``; the answer is one line of ASCII JSON, never empty.
"""

import base64
import binascii
import hmac
import json
import os

from maya import cmds, utils

from . import command_port, job_table, places

REFUSED = '{"ok": false}'

_submissions = {}
_counts = {}


def handle(line):
    """Returns the answer to a line that ``renderjuiceRpc.mel`` has let through."""
    try:
        _, token, body = line.split(".", 2)
        expected = command_port.token()
        if expected is None or not hmac.compare_digest(token, expected):
            return REFUSED
        request = json.loads(_decode(body))
    except (ValueError, binascii.Error):
        return REFUSED
    return json.dumps(_answer(request), ensure_ascii=True)


def _decode(body):
    return base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)).decode("utf-8")


def _answer(request):
    answer = {"v": 1, "id": request.get("id")}
    try:
        arguments = request.get("args", {})
        if "argsFile" in request:
            arguments = _read_arguments(request["argsFile"])
        answer.update(ok=True, result=METHODS[request["method"]](**arguments))
    except KeyError as error:
        answer.update(ok=False, error={"type": "KeyError", "message": "Unknown: {}".format(error)})
    except Exception as error:  # Any error goes to the bridge rather than to the artist.
        hint = getattr(error, "hint", "")
        message = getattr(error, "message", str(error))
        answer.update(ok=False, error={"type": type(error).__name__, "message": message, "hint": hint})
    return answer


def _read_arguments(path):
    """Reads arguments that are too long for one line. Only files in the sessions folder are trusted."""
    real = os.path.realpath(path)
    if os.path.dirname(real) != os.path.realpath(places.sessions_folder()):
        raise ValueError("The arguments are not in the sessions folder.")
    with open(real, encoding="utf-8") as stream:
        return json.load(stream)


def _ping():
    return {"pid": os.getpid(), "mayaVersion": cmds.about(version=True), "api": cmds.about(apiVersion=True)}


def _progress(state):
    """Receives a job's progress. It is shown once the main thread is idle, so that the bridge does not wait."""
    from . import progress

    utils.executeDeferred(progress.show, job_table.read(state["id"]))
    return True


def _submit(key, options):
    """Accepts a submission. The same key is accepted once, even if answers are lost."""
    if key not in _submissions:
        _submissions[key] = {"state": "accepted"}
        utils.executeDeferred(_run_submission, key, options)
    return _submissions[key]


def _run_submission(key, options):
    from .submit import submit

    _submissions[key] = {"state": "running"}
    try:
        submit(job_id=key, **options)
        _submissions[key] = {"state": "submitted", "job": key}
    except Exception as error:
        message = getattr(error, "message", str(error))
        _submissions[key] = {"state": "failed", "message": message, "hint": getattr(error, "hint", "")}
        cmds.warning("Renderjuice: {}".format(error))


def _submission(key):
    """Returns the outcome of a submission. After a restart of Maya only the job's folder knows it."""
    if key in _submissions:
        return _submissions[key]
    is_there = os.path.isfile(os.path.join(job_table.folder_of(key), "job.json"))
    return {"state": "submitted", "job": key} if is_there else {"state": "unknown"}


def _echo(text, count=1):
    """For the doctor: what arrives, and answers of any length."""
    return {"received": len(text), "text": text * count}


def _count(key):
    """For the doctor: how often one call was executed."""
    _counts[key] = _counts.get(key, 0) + 1
    return None


def _counted(key):
    return _counts.get(key, 0)


METHODS = {
    "ping": _ping,
    "progress": _progress,
    "submit": _submit,
    "submission": _submission,
    "echo": _echo,
    "count": _count,
    "counted": _counted,
}
