"""The namespace Deadline.Plugins."""

import os
import re

from ..dotnet import NetArray, NetEnumMember, NetString, require, strings
from ..verdict import Known
from .deadline_jobs import Job, Task
from .franticx_processes import Hooked, ManagedProcess

__all__ = ["DeadlinePlugin", "PluginType", "RenderPluginException"]


class RenderPluginException(Exception):
    """How FailRender ends a task."""


class PluginType(metaclass=Known):
    Simple = NetEnumMember("PluginType", "Simple", 0)
    Advanced = NetEnumMember("PluginType", "Advanced", 1)


class StdoutHandler(Hooked):
    """What happens to a line of the render process that matches a regular expression."""

    _CALLBACKS = ("HandleCallback",)

    def __init__(self, pattern):
        self._pattern = re.compile(pattern)
        self._create_callbacks()


class DeadlinePlugin(ManagedProcess):
    """The base of render plugins. `_run` is the Worker's view of the task at hand."""

    _CALLBACKS = (
        "InitializeProcessCallback",
        "RenderExecutableCallback",
        "RenderArgumentCallback",
        "StartupDirectoryCallback",
        "PreRenderTasksCallback",
        "PostRenderTasksCallback",
        "CheckExitCodeCallback",
    )
    _run = None

    PluginType = None
    StdoutHandling = False
    SingleFramesOnly = True
    UseProcessTree = False
    HideDosWindow = False

    @property
    def StdoutHandlers(self):
        return NetArray(self._run.handlers)

    def AddStdoutHandlerCallback(self, pattern):
        handler = StdoutHandler(require("AddStdoutHandlerCallback", pattern, str))
        self._run.handlers.append(handler)
        return handler

    def GetRegexMatch(self, group):
        """A group of the match, inside a handler; an empty string for one that took no part."""
        if self._run.match is None:
            raise RuntimeError("GetRegexMatch outside of a stdout handler")
        return NetString(self._run.match.group(require("GetRegexMatch", group, int)) or "")

    def SuppressThisLine(self):
        self._run.suppress = True

    def SetProgress(self, progress):
        self._run.progress(require("SetProgress", progress, (int, float)))

    def SetStatusMessage(self, message):
        self._run.status(require("SetStatusMessage", message, str))

    def FailRender(self, message):
        raise RenderPluginException(require("FailRender", message, str))

    def SetEnvironmentVariable(self, name, value):
        self.SetProcessEnvironmentVariable(name, value)

    def GetJob(self):
        """The job as it was when the Worker took the task."""
        return Job(self._run.document)

    def GetCurrentTask(self):
        return Task(self._run.task)

    def GetCurrentTaskId(self):
        return NetString(self._run.task["TaskId"])

    def GetStartFrame(self):
        return self._run.task["Frames"][0]

    def GetEndFrame(self):
        return self._run.task["Frames"][-1]

    def GetPluginDirectory(self):
        return NetString(self._run.plugin_folder)

    def GetJobsDataDirectory(self):
        return NetString(self._run.data_folder)

    def GetAuxiliaryFilenames(self):
        return strings(
            os.path.join(self._run.data_folder, name) for name in self._run.document["AuxiliaryFiles"]
        )

    def GetDataFilename(self):
        """The first auxiliary file, or an empty string."""
        names = self.GetAuxiliaryFilenames()
        return names[0] if names.Length else NetString("")

    def _job_document(self):
        return self._run.document
