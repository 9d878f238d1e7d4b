#!/usr/bin/env python3
"""Renderjuice render plugin for Deadline 10: each task is a render in the cloud.

The work is done by `renderjuice-deadline.cjs`, which is next to this file and runs in Node. This file passes it the
request and the key in files, and shows its output in the Monitor. A task that runs again continues the render that it
had started.

Uses only the standard library. For Python 3.7 and later; the first line is for Deadline 10.1 and 10.2.
"""

import json
import os
import re
import socket
import tempfile

from Deadline.Plugins import DeadlinePlugin, PluginType
from Deadline.Scripting import FileUtils, RepositoryUtils

BUNDLE = "renderjuice-deadline.cjs"
# Exit code of the bundle (exit-codes.ts): the job is at fault. After any other code another attempt may succeed.
PERMANENT = 2
REMOTE = "RJ_JobId"

KEY, KEY_FILE, URL = "RENDERJUICE_API_KEY", "RENDERJUICE_API_KEY_FILE", "RENDERJUICE_API_URL"

# Set for Deadline's own Python, or by whoever started the Worker. They would change how Node behaves.
NOT_FOR_NODE = (
    "NODE_OPTIONS",
    "NODE_PATH",
    "ELECTRON_RUN_AS_NODE",
    "PYTHONHOME",
    "PYTHONPATH",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "DYLD_INSERT_LIBRARIES",
)


def GetDeadlinePlugin():
    return RenderjuicePlugin()


def CleanupDeadlinePlugin(deadlinePlugin):
    deadlinePlugin.Cleanup()


class RenderjuicePlugin(DeadlinePlugin):
    def __init__(self):
        super().__init__()
        self.failure = ""
        self.outputs = []
        self.key_file = ""
        self.InitializeProcessCallback += self.InitializeProcess
        self.RenderExecutableCallback += self.RenderExecutable
        self.RenderArgumentCallback += self.RenderArgument
        self.StartupDirectoryCallback += self.StartupDirectory
        self.PreRenderTasksCallback += self.PreRenderTasks
        self.PostRenderTasksCallback += self.PostRenderTasks
        self.CheckExitCodeCallback += self.CheckExitCode

    def Cleanup(self):
        self.remove_key_file()
        for handler in self.StdoutHandlers:
            del handler.HandleCallback
        del self.InitializeProcessCallback
        del self.RenderExecutableCallback
        del self.RenderArgumentCallback
        del self.StartupDirectoryCallback
        del self.PreRenderTasksCallback
        del self.PostRenderTasksCallback
        del self.CheckExitCodeCallback

    def InitializeProcess(self):
        self.PluginType = PluginType.Simple
        self.StdoutHandling = True
        self.SingleFramesOnly = False
        self.UseProcessTree = True
        self.HideDosWindow = True
        self.AddStdoutHandlerCallback(r"^Progress: (\d+)%$").HandleCallback += self.HandleProgress
        self.AddStdoutHandlerCallback(r"^RJ-STATUS: (.*)$").HandleCallback += self.HandleStatus
        self.AddStdoutHandlerCallback(r"^RJ-JOB: (\S+)$").HandleCallback += self.HandleJob
        self.AddStdoutHandlerCallback(r"^RJ-OUTPUT: (.*)$").HandleCallback += self.HandleOutput
        self.AddStdoutHandlerCallback(r"^RJ-FAIL: (.*)$").HandleCallback += self.HandleFailure

    # What to run.

    def RenderExecutable(self):
        candidates = self.GetConfigEntryWithDefault("NodeExecutable", "")
        path = FileUtils.SearchFileList(candidates) if candidates else ""
        if not path:
            self.fail_attempt(
                "Node was not found on this Worker. Install Node 22.19 or later, or add its path to the list "
                '"Node Executable" of the Renderjuice plugin (Tools, Configure Plugins). Searched: %s' % candidates
            )
        return path

    def RenderArgument(self):
        is_cancel = self.GetPluginInfoEntryWithDefault("Command", "render") == "cancel"
        command, request = ("cancel", self.cancel_request()) if is_cancel else ("run", self.run_request())
        bundle = os.path.join(str(self.GetPluginDirectory()), BUNDLE)
        return '"%s" %s "%s"' % (bundle, command, self.write_request(request))

    def StartupDirectory(self):
        return str(self.GetPluginDirectory())

    def PreRenderTasks(self):
        # Not earlier, since the process gets a new environment for each task.
        for name in NOT_FOR_NODE:
            self.SetEnvironmentVariable(name, "")
        url, key_file, key = map(self.setting, ("ApiUrl", "ApiKeyFile", "ApiKey"))
        # The Worker's environment takes precedence.
        if url and not os.environ.get(URL):
            self.SetEnvironmentVariable(URL, url)
        if os.environ.get(KEY) or os.environ.get(KEY_FILE):
            return
        if key_file or key:
            self.SetEnvironmentVariable(KEY_FILE, key_file or self.write_key(key))

    def setting(self, option):
        return str(self.GetConfigEntryWithDefault(option, "")).strip()

    def write_key(self, key):
        """Passes the key in a file that only this user can read: Deadline logs the variables that it sets."""
        handle, self.key_file = tempfile.mkstemp(prefix="renderjuice_key_", dir=str(self.GetJobsDataDirectory()))
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(key)
        return self.key_file

    def remove_key_file(self):
        path, self.key_file = self.key_file, ""
        if path and os.path.exists(path):
            os.remove(path)

    def run_request(self):
        scene = self.GetPluginInfoEntryWithDefault("SceneFile", "") or str(self.GetDataFilename() or "")
        output = self.GetPluginInfoEntryWithDefault("OutputDirectory", "")
        if not scene or not output:
            self.fail_job("The job's plugin info has no %s." % ("SceneFile" if not scene else "OutputDirectory"))
        request = {
            "scene": self.map_path(scene),
            "outDir": self.map_path(output),
            "framePattern": self.GetPluginInfoEntryWithDefault("OutputPattern", "") or None,
            "frames": self.task_frames(),
            "settings": self.GetPluginInfoEntryWithDefault("Settings", ""),
            "requireComplete": self.GetBooleanPluginInfoEntryWithDefault("RequireComplete", False),
            "tag": "deadline-%s-%s-%s" % (self.run_name(), self.task_id(), self.render_number()),
            "labels": ["deadline-job-%s" % self.job_id()],
            "jobId": self.known_remote_id() or None,
        }
        return {key: value for key, value in request.items() if value is not None}

    def cancel_request(self):
        ids = self.GetPluginInfoEntryWithDefault("JobIds", "")
        output = self.GetPluginInfoEntryWithDefault("OutputDirectory", "")
        request = {"jobIds": [one for one in ids.split(",") if one], "tagPrefix": "deadline-%s-" % self.run_name()}
        if output:
            request["outDir"] = self.map_path(output)
        return request

    def task_frames(self):
        """The frames of this task that are to be rendered; None means the scene's own range."""
        wanted = self.GetPluginInfoEntryWithDefault("Frames", "").strip()
        if not wanted:
            return None
        first, last = int(self.GetStartFrame()), int(self.GetEndFrame())
        try:
            frames = [frame for frame in expand_frames(wanted) if first <= frame <= last]
        except ValueError as error:
            self.fail_job("Frames in the job's plugin info: %s Write it as 1-24 or 1,5,10-20x2." % error)
        if not frames:
            self.fail_job(
                "The task has frames %d-%d, but Frames in the job's plugin info is %s: there is nothing to render. "
                "Change one of them in the job's properties (the frame list, or Frames of the Renderjuice settings), "
                "then requeue the job." % (first, last, wanted)
            )
        return ",".join(map(str, frames))

    def write_request(self, request):
        """Writes the request to a file, since other users can see a program's arguments. It contains no secret."""
        folder = str(self.GetJobsDataDirectory())
        handle, path = tempfile.mkstemp(prefix="renderjuice_", suffix=".json", dir=folder)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(request, file)
        return path

    def map_path(self, path):
        """The path as this Worker sees it, with its separators. On Windows a share starts with two backslashes."""
        if self.GetBooleanPluginInfoEntryWithDefault("MapPaths", True):
            path = str(RepositoryUtils.CheckPathMapping(path))
        if os.name == "nt":
            path = path.replace("/", "\\")
            return "\\" + path if re.match(r"\\[^\\]", path) else path
        return path.replace("\\", "/")

    # The identity of this task.

    def job_id(self):
        return str(self.GetJob().JobId)

    def run_name(self):
        return self.GetPluginInfoEntryWithDefault("Run", "") or self.job_id()

    def task_id(self):
        return str(self.GetCurrentTaskId())

    def render_number(self):
        """To render finished frames again, a user raises this number in the job's properties."""
        return self.GetIntegerPluginInfoEntryWithDefault("RenderNumber", 1)

    def remote_key(self):
        return "%s_%s_%s" % (REMOTE, self.task_id(), self.render_number())

    def known_remote_id(self):
        job = RepositoryUtils.GetJob(self.job_id(), True) or self.GetJob()
        return str(job.GetJobExtraInfoKeyValueWithDefault(self.remote_key(), "") or "")

    # What the bundle prints.

    def HandleProgress(self):
        self.SetProgress(float(self.GetRegexMatch(1)))
        self.SuppressThisLine()

    def HandleStatus(self):
        self.SetStatusMessage(self.GetRegexMatch(1))

    def HandleJob(self):
        """Saves the id right away, since a Worker can die at any time."""
        remote_id = str(self.GetRegexMatch(1))
        try:
            job = RepositoryUtils.GetJob(self.job_id(), True)
            if str(job.GetJobExtraInfoKeyValueWithDefault(self.remote_key(), "")) == remote_id:
                return
            job.SetJobExtraInfoKeyValue(self.remote_key(), remote_id)
            RepositoryUtils.SaveJob(job)
        except Exception as error:
            self.LogWarning(
                "The id of the cloud render, %s, could not be saved on the job (%s). It is also in the output folder, "
                "in .renderjuice, where the next attempt finds it." % (remote_id, error)
            )

    def HandleOutput(self):
        self.outputs.append(str(self.GetRegexMatch(1)))
        self.SuppressThisLine()

    def HandleFailure(self):
        self.failure = str(self.GetRegexMatch(1))

    def CheckExitCode(self, exitCode):
        self.remove_key_file()
        if exitCode == 0:
            return
        if exitCode == PERMANENT and self.failure:
            self.fail_job(self.failure)
        self.fail_attempt(
            self.failure or "renderjuice-deadline exited with code %s and gave no reason. See the log." % exitCode
        )

    def PostRenderTasks(self):
        """Registers the files, so that the Monitor can open them."""
        paths = sorted({frame_pattern(path) for path in self.outputs})
        if not paths:
            return
        try:
            RepositoryUtils.UpdateJobOutputFileNames(RepositoryUtils.GetJob(self.job_id(), True), paths)
        except Exception as error:
            self.LogWarning("The frames are in place, but their names could not be registered: %s" % error)

    def fail_attempt(self, message):
        """Fails only this attempt: the next one may succeed, perhaps on another Worker."""
        self.FailRender(
            "%s (On %s. The task is queued again and continues where it stopped, here or on another Worker.)"
            % (message, socket.gethostname())
        )

    def fail_job(self, message):
        """Fails the job now instead of once per Worker, since another attempt would fail the same way."""
        try:
            job = RepositoryUtils.GetJob(self.job_id(), True)
            if self.is_rendering(job):
                RepositoryUtils.FailJob(job)
        except Exception as error:
            self.LogWarning("The job could not be marked as failed: %s" % error)
        self.FailRender(message)

    def is_rendering(self, job):
        """False once somebody has suspended, requeued or deleted the task that this Worker is still working on.

        Does not notice that another Worker has started it since: we know of no documented way to find that out.
        """
        if not job or str(job.JobStatus) != "Active":
            return False
        tasks = RepositoryUtils.GetJobTasks(job, True).TaskCollectionAllTasks
        return any(str(task.TaskId) == self.task_id() and str(task.TaskStatus) == "Rendering" for task in tasks)


def expand_frames(text):
    """Expands a frame list as Deadline writes it: `1-5,10-20x2`, `10-20step2`, `5-1`."""
    frames = []
    for part in re.split(r"[,\s]+", text.strip()):
        match = re.match(r"^(-?\d+)(?:-(-?\d+)(?:(?:x|:|step|by|every)(\d+))?)?$", part, re.IGNORECASE)
        if not match:
            raise ValueError('"%s" is not a frame or a frame range.' % part)
        first, last, step = int(match.group(1)), int(match.group(2) or match.group(1)), int(match.group(3) or 1)
        frames.extend(range(first, last + 1, step) if first <= last else range(first, last - 1, -step))
    return sorted(set(frames))


def frame_pattern(path):
    """Turns `shot_0007.png` into `shot_####.png`, by which the Monitor finds the file of a frame."""
    folder, name = os.path.split(path)
    return os.path.join(folder, re.sub(r"\d+(?=\.\w+$)", lambda digits: "#" * len(digits.group()), name))
