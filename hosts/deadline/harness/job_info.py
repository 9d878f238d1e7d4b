"""Job-info and plugin-info files, and the job that they describe."""

import codecs
import re

from .frames import chunks, parse_frames

_NUMBER = (
    "Priority ChunkSize ConcurrentTasks MachineLimit JobDependencyPercentage FailureDetectionJobErrors "
    "TaskTimeoutMinutes TaskTimeoutSeconds"
).split()
_BOOLEAN = (
    "LimitConcurrentTasksToNumberOfCpus IsFrameDependent ResumeOnCompleteDependencies "
    "ResumeOnDeletedDependencies ResumeOnFailedDependencies OverrideJobFailureDetection SuppressEvents"
).split()
_TEXT = (
    "Plugin Name BatchName Comment Department UserName Pool SecondaryPool Group Whitelist Blacklist "
    "LimitGroups InitialStatus OnJobComplete Frames JobDependencies RequiredAssets ScriptDependencies OnTaskTimeout "
    "PreJobScript PostJobScript PreTaskScript PostTaskScript EventOptIns"
).split()
_NUMBERED = re.compile(
    r"(EnvironmentKeyValue|ExtraInfoKeyValue|OutputDirectory|OutputFilename)\d+$|ExtraInfo[0-9]$"
)
_NOT_SIMULATED = ("ScriptDependencies", "JobDependencyPercentage")


class BadJobInfo(Exception):
    """The submission cannot be accepted; the message says why."""


def decode_info_file(data, name):
    """`(text, encoding)`. Without a byte order mark only ASCII has a meaning that all machines share."""
    for mark, encoding in (
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
        (codecs.BOM_UTF8, "utf-8-sig"),
    ):
        if data.startswith(mark):
            return data.decode(encoding), encoding
    try:
        return data.decode("ascii"), "ascii"
    except UnicodeDecodeError:
        raise BadJobInfo(
            "%s has characters beyond ASCII and no byte order mark: they would be mangled. "
            "Write it as UTF-16 with a byte order mark." % name
        ) from None


def parse_info(text, name):
    """`{key: value}` of an info file."""
    values = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        key, equals, value = line.partition("=")
        if not equals:
            raise BadJobInfo('%s:%d is not Key=Value: "%s"' % (name, number, line))
        if key.strip() in values:
            raise BadJobInfo('%s:%d sets "%s" a second time' % (name, number, key.strip()))
        values[key.strip()] = value.strip()
    return values


def job_from_info(info, plugin_info, auxiliary_files):
    """`(document, frames of each task)` of a submission. Raises BadJobInfo."""
    _check(info)
    try:
        frames = parse_frames(info.get("Frames", "0"))
    except ValueError as error:
        raise BadJobInfo("Frames: %s" % error) from None
    size = int(info.get("ChunkSize", 1))
    dependencies = _list(info.get("JobDependencies"))
    initial = info.get("InitialStatus", "Active")
    if initial not in ("Active", "Suspended"):
        raise BadJobInfo("InitialStatus is Active or Suspended, not %s" % initial)
    document = {
        "JobName": info.get("Name", "Untitled"),
        "JobPlugin": info["Plugin"],
        "JobBatchName": info.get("BatchName", ""),
        "JobComment": info.get("Comment", ""),
        "JobDepartment": info.get("Department", ""),
        "JobUserName": info.get("UserName", "artist"),
        "JobPool": info.get("Pool", "none"),
        "JobSecondaryPool": info.get("SecondaryPool", ""),
        "JobGroup": info.get("Group", "none"),
        "JobPriority": int(info.get("Priority", 50)),
        "JobLimitGroups": _list(info.get("LimitGroups")),
        "JobOnJobComplete": info.get("OnJobComplete", "Nothing"),
        "JobRequiredAssets": _list(info.get("RequiredAssets")),
        "JobStatus": initial if initial == "Suspended" or not dependencies else "Pending",
        "JobFrames": info.get("Frames", "0"),
        "JobFramesList": frames,
        "JobFramesPerTask": size,
        "JobDependencyIDs": dependencies,
        "JobOutputDirectories": _numbered(info, "OutputDirectory"),
        "JobOutputFileNames": _numbered(info, "OutputFilename"),
        "JobExtraInfo": [info.get("ExtraInfo%d" % number, "") for number in range(10)],
        "ExtraInfoKeyValues": _pairs(info, "ExtraInfoKeyValue"),
        "Environment": _pairs(info, "EnvironmentKeyValue"),
        "EventOptIns": _list(info.get("EventOptIns")),
        "JobTaskTimeoutSeconds": 60 * int(info.get("TaskTimeoutMinutes", 0))
        + int(info.get("TaskTimeoutSeconds", 0)),
        "JobMinRenderTimeSeconds": 0,
        "JobErrors": 0,
        "JobStartedDateTime": None,
        "JobCompletedDateTime": None,
        "AuxiliaryFiles": list(auxiliary_files),
        "JobInfo": info,
        "PluginInfo": plugin_info,
    }
    return document, chunks(frames, size)


def flag(document, key, default=False):
    """A boolean of the job info."""
    return document["JobInfo"].get(key, str(default)).lower() in ("true", "1")


def _check(info):
    if not info.get("Plugin"):
        raise BadJobInfo("the job info has no Plugin")
    for key, value in info.items():
        if key in _NOT_SIMULATED:
            raise BadJobInfo("this stand-in for Deadline does not simulate %s" % key)
        if key not in _TEXT + _NUMBER + _BOOLEAN and not _NUMBERED.match(key):
            raise BadJobInfo('"%s" is not a key of a job info' % key)
        if key in _NUMBER and not re.match(r"\d+$", value):
            raise BadJobInfo('%s is a number, not "%s"' % (key, value))
        if key in _BOOLEAN and value.lower() not in ("true", "false", "1", "0"):
            raise BadJobInfo('%s is true or false, not "%s"' % (key, value))
    if int(info.get("ChunkSize", 1)) < 1:
        raise BadJobInfo("ChunkSize is at least 1")
    if int(info.get("Priority", 50)) > 100:
        raise BadJobInfo("Priority is at most 100")


def _list(text):
    return [part.strip() for part in (text or "").split(",") if part.strip()]


def _numbered(info, prefix):
    keys = [key for key in info if re.match(prefix + r"\d+$", key)]
    return [info[key] for key in sorted(keys, key=lambda key: int(key[len(prefix) :]))]


def _pairs(info, prefix):
    pairs = {}
    for entry in _numbered(info, prefix):
        key, equals, value = entry.partition("=")
        if not equals:
            raise BadJobInfo('%s entries are key=value, not "%s"' % (prefix, entry))
        pairs[key] = value
    return pairs
