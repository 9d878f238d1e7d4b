"""Ends Blender with the sandbox, so that a killed sandbox does not leave a render behind."""

import os
import threading


def die_with_parent():
    """Standard input is a pipe that the sandbox keeps open and never writes to, so it ends with the sandbox."""
    threading.Thread(target=_wait_for_end_of_input, daemon=True).start()


def _wait_for_end_of_input():
    while os.read(0, 1024):
        pass
    # Not a signal, since the first process of a namespace ignores its own signals.
    os._exit(1)
