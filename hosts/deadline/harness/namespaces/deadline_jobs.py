"""The namespace Deadline.Jobs."""

from ..dotnet import NetArray, NetEnumMember, NetString, moment, require, require_strings, strings
from ..host import current
from ..verdict import Known, KnownObject, NotKnown

__all__ = ["Job", "JobStatus", "Task"]


class JobStatus(metaclass=Known):
    Unknown = NetEnumMember("JobStatus", "Unknown", 0)
    Active = NetEnumMember("JobStatus", "Active", 1)
    Suspended = NetEnumMember("JobStatus", "Suspended", 2)
    Completed = NetEnumMember("JobStatus", "Completed", 3)
    Failed = NetEnumMember("JobStatus", "Failed", 4)
    Pending = NetEnumMember("JobStatus", "Pending", 6)


def _text(name, settable=True):
    def write(self, value):
        self._document[name] = str(require("Job." + name, value, str))

    return property(lambda self: NetString(self._document[name]), write if settable else None)


def _number(name, settable=False):
    def write(self, value):
        self._document[name] = require("Job." + name, value, int)

    return property(lambda self: self._document[name], write if settable else None)


def _strings(name):
    return property(lambda self: strings(self._document[name]))


def _moment(name):
    return property(lambda self: moment(self._document[name]))


def _count(*statuses):
    def read(self):
        tasks = current().store.tasks(self._document["JobId"])
        return sum(1 for task in tasks if not statuses or task["Status"] in statuses)

    return property(read)


def _extra_info(number):
    def write(self, value):
        self._document["JobExtraInfo"][number] = str(require("Job.JobExtraInfo%d" % number, value, str))

    return property(lambda self: NetString(self._document["JobExtraInfo"][number]), write)


class Job(KnownObject):
    """A job as this application read it. Nothing is stored before RepositoryUtils.SaveJob."""

    __slots__ = ("_document",)

    def __init__(self, document):
        object.__setattr__(self, "_document", document)

    def __setattr__(self, name, value):
        if getattr(getattr(type(self), name, None), "fset", None) is None:
            raise NotKnown("that Job.%s can be set" % name)
        object.__setattr__(self, name, value)

    JobId = _text("JobId", settable=False)
    JobName = _text("JobName")
    JobPlugin = _text("JobPlugin")
    JobBatchName = _text("JobBatchName")
    JobStatus = property(lambda self: getattr(JobStatus, self._document["JobStatus"]))
    JobUserName = _text("JobUserName")
    JobDepartment = _text("JobDepartment")
    JobComment = _text("JobComment")
    JobPool = _text("JobPool")
    JobSecondaryPool = _text("JobSecondaryPool")
    JobGroup = _text("JobGroup")
    JobPriority = _number("JobPriority", settable=True)
    JobLimitGroups = _strings("JobLimitGroups")
    JobFrames = _text("JobFrames", settable=False)
    JobFramesList = property(lambda self: NetArray(self._document["JobFramesList"]))
    JobFramesPerTask = _number("JobFramesPerTask")
    JobTaskTimeoutSeconds = _number("JobTaskTimeoutSeconds", settable=True)
    JobMinRenderTimeSeconds = _number("JobMinRenderTimeSeconds", settable=True)
    JobTaskCount = _count()
    JobQueuedTasks = _count("Queued")
    JobCompletedTasks = _count("Completed")
    JobOutputDirectories = _strings("JobOutputDirectories")
    JobOutputFileNames = _strings("JobOutputFileNames")
    JobDependencyIDs = _strings("JobDependencyIDs")
    JobOnJobComplete = _text("JobOnJobComplete")
    JobRequiredAssets = _strings("JobRequiredAssets")
    JobSubmitDateTime = _moment("JobSubmitDateTime")
    JobStartedDateTime = _moment("JobStartedDateTime")
    JobCompletedDateTime = _moment("JobCompletedDateTime")
    (
        JobExtraInfo0,
        JobExtraInfo1,
        JobExtraInfo2,
        JobExtraInfo3,
        JobExtraInfo4,
        JobExtraInfo5,
        JobExtraInfo6,
        JobExtraInfo7,
        JobExtraInfo8,
        JobExtraInfo9,
    ) = map(_extra_info, range(10))

    def GetJobExtraInfoKeys(self):
        return strings(self._document["ExtraInfoKeyValues"])

    def GetJobExtraInfoKeyValue(self, key):
        return self._value("ExtraInfoKeyValues", "GetJobExtraInfoKeyValue", key)

    def GetJobExtraInfoKeyValueWithDefault(self, key, default):
        require("Job.GetJobExtraInfoKeyValueWithDefault", default, str)
        return self._value("ExtraInfoKeyValues", "GetJobExtraInfoKeyValueWithDefault", key, default)

    def SetJobExtraInfoKeyValue(self, key, value):
        self._set("ExtraInfoKeyValues", "SetJobExtraInfoKeyValue", key, value)

    def DeleteJobExtraInfoKey(self, key):
        self._document["ExtraInfoKeyValues"].pop(require("Job.DeleteJobExtraInfoKey", key, str), None)

    def GetJobEnvironmentKeys(self):
        return strings(self._document["Environment"])

    def GetJobEnvironmentKeyValue(self, key):
        return self._value("Environment", "GetJobEnvironmentKeyValue", key)

    def SetJobEnvironmentKeyValue(self, key, value):
        self._set("Environment", "SetJobEnvironmentKeyValue", key, value)

    def GetJobInfoKeys(self):
        return strings(self._document["JobInfo"])

    def GetJobInfoKeyValue(self, key):
        return self._value("JobInfo", "GetJobInfoKeyValue", key)

    def GetJobPluginInfoKeys(self):
        return strings(self._document["PluginInfo"])

    def GetJobPluginInfoKeyValue(self, key):
        return self._value("PluginInfo", "GetJobPluginInfoKeyValue", key)

    def SetJobPluginInfoKeyValue(self, key, value):
        self._set("PluginInfo", "SetJobPluginInfoKeyValue", key, value)

    def SetJobDependencyIDs(self, ids):
        self._document["JobDependencyIDs"] = require_strings("Job.SetJobDependencyIDs", ids)

    def SetJobLimitGroups(self, groups):
        self._document["JobLimitGroups"] = require_strings("Job.SetJobLimitGroups", groups)

    def _value(self, dictionary, method, key, default=""):
        return NetString(self._document[dictionary].get(require("Job." + method, key, str), default))

    def _set(self, dictionary, method, key, value):
        name = "Job." + method
        self._document[dictionary][str(require(name, key, str))] = str(require(name, value, str))


class Task(KnownObject):
    """A task as it was when it was read."""

    __slots__ = ("_task",)

    def __init__(self, task):
        object.__setattr__(self, "_task", task)

    TaskId = property(lambda self: self._task["TaskId"])
    TaskStatus = property(lambda self: NetString(self._task["Status"]))
    TaskFrameList = property(lambda self: NetArray(self._task["Frames"]))
    TaskFrameString = property(lambda self: NetString(",".join(map(str, self._task["Frames"]))))
    TaskProgress = property(lambda self: NetString("%d %%" % self._task["Progress"]))
