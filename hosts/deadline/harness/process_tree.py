"""Processes and their descendants, of Linux."""

import os
import signal

# Names the farm's folder in the environment of all that a farm starts.
FARM_VARIABLE = "DEADLINE_HARNESS_FARM"


def kill_tree(root):
    """SIGKILL for a process and its whole tree."""
    _kill(lambda: _tree({root}))


def kill_farm(farm_path):
    """SIGKILL for everything that a farm has started, orphans too, save this process."""
    _kill(lambda: _tree(_members(farm_path)))


def command_lines(farm_path):
    """What of a farm is running, as `pid command`."""
    return [
        "%d %s" % (pid, b" ".join(_words(pid, "cmdline")).decode("utf-8", "replace").strip())
        for pid in sorted(_members(farm_path))
    ]


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


def _tree(roots):
    """Processes, their descendants, and what was left behind in the sessions of any of them."""
    found, sessions, before = set(roots), set(roots), 0
    while len(found) != before:
        before = len(found)
        for pid, parent, session in _processes():
            if pid in found or parent in found or session in sessions:
                found.add(pid)
                if session == pid:
                    sessions.add(pid)
    return found


def _members(farm_path):
    mark = os.fsencode("%s=%s" % (FARM_VARIABLE, farm_path))
    return {pid for pid, _, _ in _processes() if mark in _words(pid, "environ")}


def _words(pid, name):
    """What a process was started with; nothing if it is gone, or somebody else's."""
    try:
        with open("/proc/%d/%s" % (pid, name), "rb") as file:
            return file.read().split(b"\0")
    except OSError:
        return []


def _kill(find):
    """Stops processes first, so that they cannot start others while they are counted."""
    stopped = set()
    while True:
        new = find() - stopped - {os.getpid()}
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
