"""A Worker's process for one task: loads the render plugin, runs its executable, hears what that prints."""

import fcntl
import os
import queue
import shutil
import subprocess
import sys
import threading
import traceback

from .channel import take_over_standard_streams
from .farm_folder import FarmFolder
from .host import Host, install, load_module
from .job_store import JobStore
from .process_tree import kill_tree

POLL_SECONDS = 0.1
# How long a pipe may stay open, because a grandchild holds it, after the render process itself has ended.
DRAIN_SECONDS = 1.0


class Canceled(Exception):
    """The farm has taken the task away from this Worker."""


class TimedOut(Exception):
    """The task has taken longer than the job's time-out."""


class TaskRun:
    """What the plugin object knows of the task, and what it says about it."""

    def __init__(self, farm, channel, task):
        self.farm, self._channel = farm, channel
        store = JobStore(farm)
        self.document = store.read(task["jobId"])
        self.task = store.tasks(task["jobId"])[task["taskId"]]
        self.plugin_folder = farm.at("workers", task["worker"], "plugins", task["jobId"])
        self.data_folder = farm.folder("workers", task["worker"], "jobsData", task["jobId"])
        self.handlers, self.match, self.suppress = [], None, False
        self.stop_reason = None
        self._answers = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def line(self, text):
        self._channel.send({"line": text})

    def progress(self, value):
        self._channel.send({"progress": value})

    def status(self, text):
        self._channel.send({"status": text})

    def fire(self, event, arguments):
        """Asks the Worker's event sandbox, which is another process, and waits for it."""
        self._channel.send({"fire": event, "arguments": arguments})
        self._answers.get()

    def _listen(self):
        while True:
            message = self._channel.receive()
            if message is None:  # The farm is gone: there is nobody left to render for.
                kill_tree(os.getpid())
                os._exit(1)
            if "cancel" in message:
                self.stop_reason = Canceled("the task was taken away from this Worker")
            if "timeout" in message:
                self.stop_reason = TimedOut("the task took more than %d seconds" % message["timeout"])
            if "fired" in message:
                self._answers.put(message)


class RenderPlugin:
    """A render plugin of the repository, copied to the Worker, with the one task that it is for."""

    def __init__(self, run):
        from .namespaces.deadline_plugins import DeadlinePlugin
        from .namespaces.franticx_processes import ManagedProcess

        self._run = run
        name = run.document["JobPlugin"]
        if not os.path.isdir(run.farm.repository("custom", "plugins", name)):
            raise RuntimeError("the repository has no plugin %s" % name)
        self._folder_in_use = copy_plugin(run, name)
        path = os.path.join(run.plugin_folder, name + ".py")
        ManagedProcess._loading = ("plugins", name)
        self._namespace = load_module(name, path, __file__=path)
        DeadlinePlugin._run = run
        self._plugin = self._namespace["GetDeadlinePlugin"]()
        if not isinstance(self._plugin, DeadlinePlugin):
            raise TypeError("GetDeadlinePlugin returned %r, no DeadlinePlugin" % (self._plugin,))
        if not self._plugin._initialized:
            raise RuntimeError("%s.__init__ never called super().__init__()" % type(self._plugin).__name__)

    def render(self):
        """Renders the task. Any exception is what failed it."""
        self._call("InitializeProcess")
        self._plugin.ClearProcessEnvironmentVariables()  # Set here they come too early.
        self._call("PreRenderTasks")
        executable = str(self._call("RenderExecutable") or "")
        arguments = split_arguments(str(self._call("RenderArgument") or ""))
        folder = str(self._call("StartupDirectory") or "") or self._run.plugin_folder
        if not os.path.isfile(executable):
            raise RuntimeError('the executable "%s" does not exist' % executable)
        self._check_exit_code(self._execute([executable] + arguments, folder))
        self._call("PostRenderTasks")

    def clean_up(self):
        self._namespace["CleanupDeadlinePlugin"](self._plugin)

    def _call(self, name, *arguments):
        from .namespaces.franticx_processes import handlers

        result = None
        for handler in handlers(self._plugin._callbacks[name + "Callback"]):
            result = handler(*arguments)
        return result

    def _execute(self, command, folder):
        self._run.line("INFO: Full Command: %s" % " ".join(command))
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=self._plugin._child_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            for line in output_lines(process, self._run):
                self._handle(line)
        except BaseException:
            kill_tree(process.pid) if self._plugin.UseProcessTree else process.kill()
            raise
        finally:
            process.wait()
        return process.returncode

    def _handle(self, line):
        from .namespaces.franticx_processes import handlers

        self._run.suppress = False
        try:
            if self._plugin.StdoutHandling:
                for handler in self._run.handlers:
                    self._run.match = handler._pattern.search(line)
                    if self._run.match:
                        for function in handlers(handler._callbacks["HandleCallback"]):
                            function()
        finally:
            self._run.match = None
            if not self._run.suppress:
                self._run.line("STDOUT: " + line)

    def _check_exit_code(self, code):
        from .namespaces.franticx_processes import handlers

        if handlers(self._plugin._callbacks["CheckExitCodeCallback"]):
            self._call("CheckExitCode", code)
        elif code != 0:
            raise RuntimeError("Renderer returned non-zero error code %d" % code)


def copy_plugin(run, name):
    """Copies plugin and auxiliary files to the Worker, unless another task of the job is using them there.

    Returns the file whose lock says that this task does, until it is closed.
    """
    in_use = open(run.plugin_folder + ".lock", "w")
    with open(run.plugin_folder + ".copying", "w") as copying:
        fcntl.flock(copying, fcntl.LOCK_EX)
        try:
            fcntl.flock(in_use, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pass
        else:
            shutil.rmtree(run.plugin_folder, ignore_errors=True)
            shutil.copytree(run.farm.repository("custom", "plugins", name), run.plugin_folder)
            for file in run.document["AuxiliaryFiles"]:
                shutil.copy2(run.farm.at("auxiliary", run.document["JobId"], file), run.data_folder)
        fcntl.flock(in_use, fcntl.LOCK_SH)
    return in_use


def output_lines(process, run):
    """The lines that a process prints, until it has ended. Raises Canceled and TimedOut."""
    lines = queue.Queue()

    def read():
        for line in process.stdout:
            lines.put(line.decode("utf-8", "replace").rstrip("\r\n"))
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    patience = DRAIN_SECONDS
    while patience > 0:
        if run.stop_reason:
            raise run.stop_reason
        try:
            line = lines.get(timeout=POLL_SECONDS)
        except queue.Empty:
            patience -= POLL_SECONDS if process.poll() is not None else 0
            continue
        if line is None:
            return
        yield line


def split_arguments(text):
    """A command line as .NET splits it, on Linux too: double quotes group, single quotes mean nothing."""
    arguments, current, quoted, started, index = [], "", False, False, 0
    while index < len(text):
        backslashes = len(text) - index - len(text[index:].lstrip("\\"))
        if backslashes:
            index += backslashes
            if text[index : index + 1] != '"':
                current += "\\" * backslashes
            else:
                current += "\\" * (backslashes // 2)
                if backslashes % 2:
                    current += '"'
                    index += 1
            started = True
        elif text[index] == '"':
            quoted, started, index = not quoted, True, index + 1
        elif text[index] in " \t" and not quoted:
            if started:
                arguments.append(current)
            current, started, index = "", False, index + 1
        else:
            current, started, index = current + text[index], True, index + 1
    return arguments + [current] if started else arguments


def run_worker(farm_path):
    """Renders the requested task, and reports the outcome."""
    farm = FarmFolder(farm_path)
    channel = take_over_standard_streams()
    task = channel.receive()
    run = TaskRun(farm, channel, task)
    install(Host(farm, task["worker"], run.line, run.fire))
    sys.path.pop(0)
    outcome, plugin = {"status": "completed", "message": ""}, None
    try:
        plugin = RenderPlugin(run)
        plugin.render()
    except Canceled as error:
        outcome = {"status": "canceled", "message": str(error)}
    except BaseException as error:  # SystemExit too: it fails the task, not the Worker.
        outcome = {"status": "errored", "message": "%s: %s" % (type(error).__name__, error)}
        for text in traceback.format_exc().splitlines():
            run.line("ERROR: " + text)
    try:
        if plugin:
            plugin.clean_up()
    except Exception as error:
        outcome["cleanupError"] = "%s: %s" % (type(error).__name__, error)
        run.line("ERROR: CleanupDeadlinePlugin: %s" % outcome["cleanupError"])
    channel.send({"outcome": outcome})
    return 0
