"""The smaller utilities of Deadline.Scripting, as far as published plugins use them."""

import re
import subprocess

from ..dotnet import NetArray, NetString, NetTimeSpan, require, strings
from ..frames import parse_frames
from ..verdict import Known, KnownObject
from .system_diagnostics import Process

_PADDING = re.compile(r"#+|\?+")
_NUMBER = re.compile(r"\d+(?=\D*$)")


class StringUtils(metaclass=Known):
    @staticmethod
    def FromSemicolonSeparatedString(text, removeEmpty=True):
        parts = require("StringUtils.FromSemicolonSeparatedString", text, str).split(";")
        return strings(part.strip() for part in parts if part.strip() or not removeEmpty)


class PathUtils(metaclass=Known):
    @staticmethod
    def ToPlatformIndependentPath(path):
        return NetString(require("PathUtils.ToPlatformIndependentPath", path, str).replace("\\", "/"))


class FrameUtils(metaclass=Known):
    @staticmethod
    def Parse(frames):
        return NetArray(parse_frames(require("FrameUtils.Parse", frames, str)))

    @staticmethod
    def FrameRangeValid(frames):
        try:
            return bool(parse_frames(require("FrameUtils.FrameRangeValid", frames, str)))
        except ValueError:
            return False

    @staticmethod
    def ToFrameString(frames):
        return NetString(",".join(str(frame) for frame in frames))

    @staticmethod
    def ReplacePaddingWithFrameNumber(path, frame):
        text = require("FrameUtils.ReplacePaddingWithFrameNumber", path, str)
        return NetString(_PADDING.sub(lambda padding: str(frame).zfill(len(padding.group())), text))

    @staticmethod
    def ReplaceFrameNumberWithPadding(path, character):
        text = require("FrameUtils.ReplaceFrameNumberWithPadding", path, str)
        return NetString(_NUMBER.sub(lambda number: character * len(number.group()), text))


class JobStatistics(KnownObject):
    """Nothing has been measured on this farm."""

    AverageFrameRenderTime = AverageTaskRenderTime = property(lambda self: NetTimeSpan(0, 0, 0))
    PeakRamUsage = AverageRamUsage = 0


class JobUtils(metaclass=Known):
    @staticmethod
    def CalculateJobStatistics(job, tasks):
        return JobStatistics()


class ProcessUtils(metaclass=Known):
    @staticmethod
    def SpawnProcess(executable, arguments="", startupDirectory="", windowStyle=None, redirectOutput=False):
        return Process(executable, arguments, startupDirectory, subprocess.PIPE if redirectOutput else None)

    @staticmethod
    def WaitForExit(process, milliseconds):
        return process.WaitForExit(milliseconds)


class SystemUtils(metaclass=Known):
    @staticmethod
    def IsRunningOnWindows():
        return False

    @staticmethod
    def IsRunningOnMac():
        return False

    @staticmethod
    def IsRunningOnLinux():
        return True


class DirectoryUtils(metaclass=Known):
    pass


class NetworkUtils(metaclass=Known):
    pass


class ScriptUtils(metaclass=Known):
    pass


class SlaveUtils(metaclass=Known):
    pass


class MonitorUtils(metaclass=Known):
    pass
