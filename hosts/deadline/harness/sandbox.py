"""The event sandbox: one process per application that holds the listeners of all event plugins."""

import copy
import inspect
import os
import queue
import signal
import subprocess
import sys
import threading
import time
import traceback

from .channel import take_over_standard_streams
from .dotnet import NetString, strings
from .events import ARGUMENTS, GUESSED
from .farm_folder import FarmFolder
from .host import Host, install, load_module
from .param_file import Config
from .verdict import BREAKS, UNKNOWN, broken, verdict


class Sandbox:
    """Loads event plugins, hands events to them, and tells the application what happened."""

    def __init__(self, farm, application, channel):
        self.channel = channel
        self.farm = farm
        self.application = application
        self.host = Host(farm, application, lambda line: farm.log(application, line), self.fire)
        self.plugins = []
        self._commands = CommandClock()
        install(self.host)

    def load(self):
        """Every plugin of the repository, by name. Plugins that fail are skipped and logged."""
        folder = self.farm.repository("custom", "events")
        for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
            if os.path.isdir(os.path.join(folder, name)):
                self._guard(
                    name, "load", lambda name=name: self.plugins.append(Plugin(self.host, folder, name))
                )
        for plugin in self.plugins:
            for doubt, judgment in plugin.doubtful_hooks():
                self._report(plugin.name, "hook", doubt, judgment)

    def fire(self, event, arguments):
        """Hands an event to every handler that is due. Returns one record per handler."""
        where, document = self.host.store.find(arguments["jobId"]) if "jobId" in arguments else (None, None)
        return [
            self._call(plugin, handler, event, arguments, document)
            for plugin in self.plugins
            if plugin.is_due(document)
            for handler in plugin.handlers(event)
        ]

    def clean_up(self):
        for plugin in self.plugins:
            self._guard(plugin.name, "cleanup", plugin.clean_up)

    def _call(self, plugin, handler, event, arguments, document):
        plugin.listener._event_job = document
        values = event_values(self.host, event, arguments, document)
        commands, start = self._commands.seconds, time.monotonic()
        error, judgment = self._guard(
            plugin.name, event, lambda: handler(*values), arguments.get("jobId")
        )
        record = {
            "kind": "callback",
            "application": self.application,
            "event": event,
            "plugin": plugin.name,
            "jobId": arguments.get("jobId"),
            "callbackMs": (time.monotonic() - start) * 1000,
            "deadlinecommandMs": (self._commands.seconds - commands) * 1000,
            "error": error,
            "verdict": judgment,
        }
        self.farm.record(record, "events.jsonl")
        return record

    def _guard(self, plugin, stage, action, job_id=None):
        """Runs code of a plugin. Returns its error, which is logged and goes no further, and the verdict on that."""
        self.channel.send({"began": {"plugin": plugin, "event": stage, "jobId": job_id}})
        outer, self.host.plugin = self.host.plugin, plugin
        try:
            action()
            return None, None
        except BaseException as error:  # SystemExit too: a plugin must not end the sandbox.
            text, judgment = "%s: %s" % (type(error).__name__, error), self._judge(plugin, stage, error)
            self._report(plugin, stage, text, judgment, traceback.format_exc())
            return text, judgment
        finally:
            self.host.plugin = outer
            self.channel.send({"ended": True})

    def _judge(self, plugin, stage, error):
        if _is_call_itself(error):
            return UNKNOWN if stage in GUESSED else BREAKS
        folder = self.farm.repository("custom", "events", plugin)
        source = read_source(os.path.join(folder, plugin + ".py"))
        return verdict(error, stage, folder, source, self.host.strict)

    def _report(self, plugin, stage, error, judgment, details=""):
        self.host.log("ERROR", "%s.%s: %s" % (plugin, stage, error))
        for line in details.splitlines():
            self.farm.log(self.application, "    " + line)
        if stage not in ARGUMENTS:
            self.farm.record(
                {
                    "kind": stage,
                    "application": self.application,
                    "plugin": plugin,
                    "error": error,
                    "verdict": judgment,
                },
                "events.jsonl",
            )


class Plugin:
    """An event plugin that has been loaded."""

    def __init__(self, host, folder, name):
        from .namespaces.deadline_events import DeadlineEventListener
        from .namespaces.franticx_processes import ManagedProcess

        self.name = name
        self.config = Config(host.farm, "events", name)
        ManagedProcess._loading = ("events", name)
        self.namespace = load_module(name, os.path.join(folder, name, name + ".py"))
        self.listener = required(self.namespace, "GetDeadlineEventListener")()
        if not isinstance(self.listener, DeadlineEventListener):
            raise broken(
                TypeError("GetDeadlineEventListener returned %r, no DeadlineEventListener" % (self.listener,))
            )
        if not self.listener._initialized:
            name = type(self.listener).__name__
            raise broken(RuntimeError("%s.__init__ never called super().__init__()" % name))

    def is_due(self, document):
        """Whether the plugin's State and the job's flags let an event through.

        Without a job an opt-in plugin is not called: jobs opt in (and Workers, but not on this farm).
        """
        state = self.config.get("State") or "Disabled"
        if document and document["JobInfo"].get("SuppressEvents", "").lower() in ("true", "1"):
            return False
        if state == "Opt-In":
            return bool(document) and self.name in document["EventOptIns"]
        return state == "Global Enabled"

    def handlers(self, event):
        from .namespaces.franticx_processes import handlers

        callback = self.listener._callbacks.get(event + "Callback")
        return handlers(callback) if callback else []

    def doubtful_hooks(self):
        """What may be wrong with the hooks, and how sure that is: none (they may depend on settings), other arguments, a
        handler named after another event.
        """
        found = 0
        for event, parameters in ARGUMENTS.items():
            for handler in self.handlers(event):
                found += 1
                name = getattr(handler, "__name__", "")
                if name != event and name in ARGUMENTS:
                    yield "%s is hooked into %sCallback" % (name, event), UNKNOWN
                try:
                    inspect.signature(handler).bind(*parameters)
                except TypeError as error:
                    doubt = "%s does not take (%s): %s" % (name, ", ".join(parameters), error)
                    yield doubt, UNKNOWN if event in GUESSED else BREAKS
                except ValueError:
                    continue
        if not found:
            yield "no callback is hooked", UNKNOWN

    def clean_up(self):
        required(self.namespace, "CleanupDeadlineEventListener")(self.listener)
        hooked = [event for event in ARGUMENTS if self.handlers(event)]
        if hooked:
            raise broken(RuntimeError("still hooked after the cleanup: %s" % ", ".join(hooked)))


class Report:
    """The error report of OnJobError."""

    __slots__ = ("_message",)

    def __init__(self, message):
        object.__setattr__(self, "_message", message)

    ReportMessage = property(lambda self: NetString(self._message))


class CommandClock:
    """How long this process has waited for deadlinecommand, whose start costs seconds on a real farm."""

    def __init__(self):
        self.seconds = 0.0
        clock = self

        class Popen(subprocess.Popen):
            def __init__(self, args, *positional, **keywords):
                program = args if isinstance(args, str) else args[0]
                self._counted = os.path.basename(os.fspath(program)).startswith("deadlinecommand")
                self._started = time.monotonic()
                super().__init__(args, *positional, **keywords)

            @property
            def returncode(self):
                return self.__dict__.get("returncode")

            @returncode.setter
            def returncode(self, value):
                if self._counted and value is not None and self.returncode is None:
                    clock.seconds += time.monotonic() - self._started
                self.__dict__["returncode"] = value

        subprocess.Popen = Popen


def event_values(host, event, arguments, document):
    """What a handler is called with. Each has a copy of the job as it was when the event arose."""
    from .namespaces.deadline_jobs import Job, Task

    values = {
        "job": lambda: Job(copy.deepcopy(document)),
        "task": lambda: Task(host.store.tasks(arguments["jobId"])[arguments.get("taskId", 0)]),
        "report": lambda: Report(arguments.get("message", "")),
        "slaveName": lambda: NetString(arguments.get("worker", host.application)),
        "slaveInfo": object,
        "groupName": lambda: NetString("none"),
        "workerNames": lambda: strings([]),
        "options": object,
    }
    return [values[name]() for name in ARGUMENTS[event]]


def required(namespace, name):
    function = namespace.get(name)
    if function is None:
        raise broken(AttributeError("the module defines no %s" % name))
    return function


def _is_call_itself(error):
    """Whether a handler did not accept its arguments, so that none of its lines ran."""
    trace = error.__traceback__
    while trace.tb_next:
        trace = trace.tb_next
    return isinstance(error, TypeError) and trace.tb_frame.f_code.co_filename == __file__


def read_source(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def listen(channel):
    """A queue of the application's requests. When the application is gone, this process ends, whatever plugins do."""
    asked = queue.Queue()

    def receive():
        while True:
            request = channel.receive()
            if request is None:
                os.killpg(0, signal.SIGKILL)
            asked.put(request)

    threading.Thread(target=receive, daemon=True).start()
    return asked


def run_sandbox(farm_path, application):
    """Answers the application until it says stop or goes away."""
    farm = FarmFolder(farm_path)
    channel = take_over_standard_streams(farm.at("logs", application + ".log"))
    sandbox = Sandbox(farm, application, channel)
    asked = listen(channel)
    sys.path.pop(0)
    sys.dont_write_bytecode = True  # What a plugin imports lies in somebody else's folder.
    sandbox.load()
    channel.send({"ready": [plugin.name for plugin in sandbox.plugins]})
    request = asked.get()
    while "stop" not in request:
        channel.send({"fired": sandbox.fire(request["fire"], request["arguments"])})
        request = asked.get()
    sandbox.clean_up()
    channel.send({"stopped": True})
    return 0
