"""Processes and their descendants, of Linux."""

import os
import signal


def _processes():
    """`(pid, parent, session)` of all processes."""
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open("/proc/%s/stat" % name, "rb") as file:
                    fields = file.read().rpartition(b")")[2].split()
            except OSError:
                continue
            if fields[0] != b"Z":
                yield int(name), int(fields[1]), int(fields[3])


def tree(root):
    """The process, its descendants, and what was left behind in the sessions of any of them."""
    found, sessions, before = {root}, {root}, 0
    while len(found) != before:
        before = len(found)
        for pid, parent, session in _processes():
            if pid in found or parent in found or session in sessions:
                found.add(pid)
                if session == pid:
                    sessions.add(pid)
    return found


def kill_tree(root):
    """SIGKILL for a whole tree. It is stopped first, lest it grow while it is being counted."""
    stopped = set()
    while True:
        new = tree(root) - stopped - {os.getpid()}
        if not new:
            break
        for pid in new:
            _signal(pid, signal.SIGSTOP)
        stopped |= new
    for pid in stopped:
        _signal(pid, signal.SIGKILL)


def _signal(pid, number):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def is_running(pid, argument):
    """Whether a process runs that was started with an argument: not another one with a number used again."""
    try:
        with open("/proc/%d/cmdline" % pid, "rb") as file:
            return os.fsencode(argument) in file.read().split(b"\0")
    except OSError:
        return False
