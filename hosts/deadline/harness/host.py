"""The application that a plugin runs in, as the fake .NET namespaces see it."""

import copy
import linecache
import sys
import types

from .actions import Actions, Refused
from .dotnet import NetEnumMember
from .job_store import JobStore
from .verdict import UNKNOWN

_current = None


class Host:
    """One application: its farm, its log, its cache of jobs, and how it raises an event."""

    def __init__(self, farm, application, write_line, fire):
        self.farm = farm
        self.application = application
        self.strict = farm.config()["strict"]
        self.store = JobStore(farm)
        self.actions = Actions(farm, self.store)
        self._write_line = write_line
        self._fire = fire
        self._cache = {}
        self.plugin = ""  # Whose code is running.
        self._doubts = set()

    def doubt(self, what):
        """Notes that a plugin relies on something that the harness does not know; once for each."""
        entry = {
            "kind": "unknown",
            "application": self.application,
            "plugin": self.plugin,
            "error": "the harness does not know " + what,
            "verdict": UNKNOWN,
        }
        if (self.plugin, what) not in self._doubts:
            self._doubts.add((self.plugin, what))
            self.farm.record(entry, "events.jsonl")

    def log(self, prefix, text):
        for line in str(text).splitlines() or [""]:
            self._write_line("%s: %s" % (prefix, line))

    def document(self, job_id, invalidate):
        """A copy of a job's document, from this application's cache unless that is to be invalidated."""
        if invalidate or job_id not in self._cache:
            self._cache[job_id] = self.store.read(job_id)
        return copy.deepcopy(self._cache[job_id])

    def save(self, document):
        """Writes the whole document, whatever others have written since it was read."""
        self._cache[document["JobId"]] = copy.deepcopy(document)
        self.store.write(document)

    def act(self, action, job_id):
        """Carries an action out and raises its events here; an impossible one does nothing."""
        try:
            events = getattr(self.actions, action)(job_id)
        except Refused as refusal:
            self.log("WARNING", refusal)
            return
        self._cache.pop(job_id, None)
        for event in events:
            self.fire(event, {"jobId": job_id})

    def fire(self, event, arguments):
        self._fire(event, arguments)


class PrintedLines:
    """sys.stdout and sys.stderr of a plugin: whole lines, marked as printed."""

    encoding = "utf-8"

    def __init__(self, host):
        self._host, self._rest = host, ""

    def write(self, text):
        *lines, self._rest = (self._rest + text).split("\n")
        for line in lines:
            self._host.log("PYTHON", line)
        return len(text)

    def flush(self):
        pass

    def isatty(self):
        return False


def install(host):
    """Makes the fake namespaces importable, and print() go to the host's log."""
    global _current
    from .namespaces import NAMESPACES

    _current = host
    NetEnumMember.on_comparison = host.doubt
    for name, source in NAMESPACES.items():
        module = types.ModuleType(name)
        for public in source.__all__:
            setattr(module, public, getattr(source, public))
        sys.modules[name] = module
        parent, _, child = name.rpartition(".")
        if parent:
            setattr(sys.modules[parent], child, module)
    sys.stdout = sys.stderr = PrintedLines(host)


def current():
    """The application of this process."""
    return _current


def load_module(name, path, **extra):
    """Runs a plugin's source as Python.NET does: compiled from text, never imported, not in `sys.modules`.

    Returns its namespace, in which only `extra` stands besides what the source defines.
    """
    with open(path, "rb") as file:
        source = file.read()
    module = types.ModuleType(name)
    module.__dict__.update(extra)
    shown_as = extra.get("__file__", "<%s>" % name)
    text = source.decode("utf-8", "replace")
    linecache.cache[shown_as] = (
        len(text),
        None,
        text.splitlines(True),
        shown_as,
    )  # For the lines of a traceback.
    exec(compile(source, shown_as, "exec"), module.__dict__)
    return module.__dict__
