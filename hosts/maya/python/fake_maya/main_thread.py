"""Maya's main thread: a queue that is worked off while nothing else goes on."""

import queue
import threading

from . import events

is_batch = False
_tasks = queue.Queue()
_thread = threading.current_thread()
_stopped = threading.Event()


def is_current():
    return threading.current_thread() is _thread


def execute_with_result(function, *args, **kwargs):
    """Runs a function on the main thread and waits for it.

    In batch mode there are no idle events, so it waits for ever.
    """
    if is_current():
        return function(*args, **kwargs)
    done = threading.Event()
    outcome = {}

    def task():
        try:
            outcome["value"] = function(*args, **kwargs)
        except BaseException as error:
            outcome["error"] = error
        done.set()

    if not is_batch:
        _tasks.put(task)
    done.wait()
    if "error" in outcome:
        raise outcome["error"]
    return outcome["value"]


def execute_deferred(function, *args, **kwargs):
    """Runs a function when the main thread is idle again."""
    if isinstance(function, str):
        raise TypeError("Only functions are deferred here.")
    _tasks.put(lambda: function(*args, **kwargs))


def run():
    """Works until Maya is quit."""
    import traceback

    while not _stopped.is_set():
        task = _tasks.get()
        try:
            task()
        except SystemExit:
            raise
        except BaseException:
            events.emit("error", text=traceback.format_exc())


def stop():
    _stopped.set()
    _tasks.put(lambda: None)


class Gate(object):
    """Holds the main thread until somebody outside lets it go: a dialog, a playblast, a long export."""

    def __init__(self):
        self._answers = queue.Queue()

    def wait(self):
        return self._answers.get()

    def open(self, answer=None):
        self._answers.put(answer)


dialog = Gate()
busy = Gate()
