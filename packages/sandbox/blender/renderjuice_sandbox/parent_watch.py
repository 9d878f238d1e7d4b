"""Ends Blender when the sandbox is gone: a killed sandbox must not leave a render behind."""

import os
import threading


def die_with_parent():
    """Standard input is a pipe that the sandbox holds open and never writes to; its end is the sandbox's end."""
    threading.Thread(target=_wait_for_end_of_input, daemon=True).start()


def _wait_for_end_of_input():
    while os.read(0, 1024):
        pass
    # Not a signal: the first process of a namespace ignores its own.
    os._exit(1)
