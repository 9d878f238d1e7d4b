"""maya.cmds: every command is checked against the table before it does anything."""

from fake_maya import commands, main_thread
from fake_maya.command_table import COMMANDS, NEED_INTERFACE, long_names


def _command(name):
    def run(*args, **flags):
        if not main_thread.is_current():
            raise RuntimeError("{}: Maya's commands run on the main thread only.".format(name))
        if main_thread.is_batch and name in NEED_INTERFACE:
            raise RuntimeError("{}: there is no user interface in batch mode.".format(name))
        named = long_names(name, flags)
        return getattr(commands, name)(*args, **named)

    run.__name__ = name
    return run


def __getattr__(name):
    if name in COMMANDS and hasattr(commands, name):
        return _command(name)
    raise AttributeError("module 'maya.cmds' has no attribute '{}'".format(name))
