"""The namespace Deadline.Scripting."""

import os
import subprocess

from ..deadlinecommand import create_job
from ..dotnet import NetArray, NetString, require, require_strings
from ..host import current
from ..verdict import Known
from .deadline_events import read_meta_data
from .deadline_jobs import Job, Task
from .franticx_processes import PluginConfig
from .system_collections_generic import Dictionary
from .system_collections_specialized import StringCollection
from .utilities import (
    DirectoryUtils,
    FrameUtils,
    JobUtils,
    MonitorUtils,
    NetworkUtils,
    PathUtils,
    ProcessUtils,
    ScriptUtils,
    SlaveUtils,
    StringUtils,
    SystemUtils,
)

__all__ = [
    "ClientUtils",
    "DirectoryUtils",
    "FileUtils",
    "FrameUtils",
    "JobUtils",
    "MonitorUtils",
    "NetworkUtils",
    "PathUtils",
    "ProcessUtils",
    "RepositoryUtils",
    "ScriptUtils",
    "SlaveUtils",
    "StringUtils",
    "SystemUtils",
]


class _TaskCollection:
    def __init__(self, tasks):
        self.TaskCollectionAllTasks = NetArray(tasks)

    def __iter__(self):
        return iter(self.TaskCollectionAllTasks)


def _jobs(documents):
    return NetArray(Job(document) for document in documents)


def _act(method, action, job):
    document = require("RepositoryUtils." + method, job, Job)._document
    current().act(action, document["JobId"])
    stored = current().store.read(document["JobId"])
    if stored:
        document["JobStatus"] = stored["JobStatus"]


def _task_ids(method, job, tasks):
    require("RepositoryUtils." + method, job, Job)
    return [require("RepositoryUtils." + method, task, Task)._task["TaskId"] for task in tasks]


class RepositoryUtils(metaclass=Known):
    """The repository. Actions raise their events in this very application, before they return."""

    @staticmethod
    def GetJob(jobId, invalidateCache):
        """A copy of a job, or None if it is not (or no longer) on the farm."""
        require("RepositoryUtils.GetJob", invalidateCache, bool)
        document = current().document(str(require("RepositoryUtils.GetJob", jobId, str)), invalidateCache)
        return Job(document) if document else None

    @staticmethod
    def GetJobs(invalidateCache):
        require("RepositoryUtils.GetJobs", invalidateCache, bool)
        return _jobs(
            current().document(document["JobId"], invalidateCache) for document in current().store.all()
        )

    @staticmethod
    def GetJobsInState(states):
        """Jobs in one state, or in any of several, by name."""
        method = "RepositoryUtils.GetJobsInState"
        wanted = [states] if isinstance(states, str) else require_strings(method, states)
        return _jobs(document for document in current().store.all() if document["JobStatus"] in wanted)

    @staticmethod
    def GetJobTasks(job, invalidateCache):
        require("RepositoryUtils.GetJobTasks", invalidateCache, bool)
        document = require("RepositoryUtils.GetJobTasks", job, Job)._document
        return _TaskCollection(Task(task) for task in current().store.tasks(document["JobId"]))

    @staticmethod
    def SaveJob(job):
        """Stores the whole document, over everything that others have changed since it was read."""
        current().save(require("RepositoryUtils.SaveJob", job, Job)._document)

    @staticmethod
    def SubmitJob(arguments):
        """Takes the arguments of `deadlinecommand`; the event is raised here."""
        document = create_job(current().farm, require_strings("RepositoryUtils.SubmitJob", arguments))
        current().fire("OnJobSubmitted", {"jobId": document["JobId"]})
        return RepositoryUtils.GetJob(document["JobId"], True)

    @staticmethod
    def SuspendJob(job):
        _act("SuspendJob", "suspend", job)

    @staticmethod
    def ResumeJob(job):
        _act("ResumeJob", "resume", job)

    @staticmethod
    def ResumeFailedJob(job):
        _act("ResumeFailedJob", "resume_failed", job)

    @staticmethod
    def RequeueJob(job):
        _act("RequeueJob", "requeue", job)

    @staticmethod
    def PendJob(job):
        _act("PendJob", "pend", job)

    @staticmethod
    def ReleasePendingJob(job):
        _act("ReleasePendingJob", "release", job)

    @staticmethod
    def CompleteJob(job):
        _act("CompleteJob", "complete", job)

    @staticmethod
    def FailJob(job):
        _act("FailJob", "fail", job)

    @staticmethod
    def DeleteJob(job):
        _act("DeleteJob", "delete", job)

    @staticmethod
    def ArchiveJob(job, removeJob, archivePath):
        """Only that form is known: with True and None."""
        require("RepositoryUtils.ArchiveJob", removeJob, bool)
        _act("ArchiveJob", "archive", job)

    @staticmethod
    def RequeueTasks(job, tasks):
        current().actions.requeue_tasks(job.JobId, _task_ids("RequeueTasks", job, tasks))

    @staticmethod
    def ResumeTasks(job, tasks):
        current().actions.requeue_tasks(job.JobId, _task_ids("ResumeTasks", job, tasks), ("Suspended",))

    @staticmethod
    def CompleteTasks(job, tasks):
        for task_id in _task_ids("CompleteTasks", job, tasks):
            for event in current().actions.complete_task(job.JobId, task_id):
                current().fire(event, {"jobId": job.JobId})

    @staticmethod
    def UpdateJobOutputFileNames(job, names):
        document = require("RepositoryUtils.UpdateJobOutputFileNames", job, Job)._document
        document["JobOutputFileNames"] = require_strings("RepositoryUtils.UpdateJobOutputFileNames", names)
        current().save(document)

    @staticmethod
    def CheckPathMapping(path, useMonitorRegion=False):
        """The path as this machine sees it: the first rule whose prefix fits is applied."""
        require("RepositoryUtils.CheckPathMapping", path, str)
        for rule in current().farm.config()["pathMappings"]:
            if path.replace("\\", "/").lower().startswith(rule["from"].replace("\\", "/").lower()):
                return NetString(rule["to"] + path[len(rule["from"]) :])
        return NetString(path)

    @staticmethod
    def GetEventPluginConfig(name):
        return PluginConfig("events", require("RepositoryUtils.GetEventPluginConfig", name, str))

    @staticmethod
    def GetPluginConfig(name):
        return PluginConfig("plugins", require("RepositoryUtils.GetPluginConfig", name, str))

    @staticmethod
    def GetEventPluginConfigMetaDataDictionary(name):
        return Dictionary(read_meta_data(name))

    @staticmethod
    def GetEventPluginDirectory(name):
        return NetString(current().farm.repository("custom", "events", name))

    @staticmethod
    def GetJobAuxiliaryPath(job):
        document = require("RepositoryUtils.GetJobAuxiliaryPath", job, Job)._document
        return NetString(current().farm.folder("auxiliary", document["JobId"]))

    @staticmethod
    def GetRootDirectory():
        return NetString(current().farm.repository())

    @staticmethod
    def GetRepositoryFilePath(path, checkCustom):
        return NetString(current().farm.repository(path))

    @staticmethod
    def GetRepositoryPath(subdirectory, custom):
        return NetString(current().farm.repository(*(["custom"] if custom else []) + [subdirectory]))


class ClientUtils(metaclass=Known):
    @staticmethod
    def GetBinDirectory():
        return NetString(current().farm.folder("bin"))

    @staticmethod
    def GetDeadlineTempPath():
        return NetString(current().farm.folder("temp"))

    @staticmethod
    def GetUsersSettingsDirectory():
        return NetString(current().farm.folder("users", "artist", "settings"))

    @staticmethod
    def GetDeadlineUser():
        return NetString("artist")

    @staticmethod
    def LogText(text):
        current().log("LOG", require("ClientUtils.LogText", text, str))

    @staticmethod
    def ExecuteCommandAndGetOutput(arguments):
        require("ClientUtils.ExecuteCommandAndGetOutput", arguments, StringCollection)
        command = [current().farm.at("bin", "deadlinecommand")] + list(arguments)
        return NetString(subprocess.run(command, stdout=subprocess.PIPE).stdout.decode("utf-8", "replace"))


class FileUtils(metaclass=Known):
    @staticmethod
    def SearchFileList(files):
        """The first existing file of `a;b;c`, or an empty string."""
        for path in require("FileUtils.SearchFileList", files, str).split(";"):
            if os.path.isfile(path.strip()):
                return NetString(path.strip())
        return NetString("")
