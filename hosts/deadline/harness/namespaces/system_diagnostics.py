"""The namespace System.Diagnostics."""

import io
import subprocess

from ..dotnet import NetEnumMember, NetString, require
from ..verdict import Known, KnownObject

__all__ = ["Process", "ProcessPriorityClass", "ProcessStartInfo", "ProcessWindowStyle"]


class ProcessPriorityClass(metaclass=Known):
    BelowNormal = "BelowNormal"
    Normal = "Normal"


class ProcessWindowStyle(metaclass=Known):
    Normal = NetEnumMember("ProcessWindowStyle", "Normal", 0)
    Hidden = NetEnumMember("ProcessWindowStyle", "Hidden", 1)


class ProcessStartInfo:
    """What to start; its properties are set afterwards, or not."""

    def __init__(self, fileName="", arguments=""):
        self.FileName, self.Arguments, self.WorkingDirectory = fileName, arguments, ""
        self.UseShellExecute, self.RedirectStandardOutput, self.RedirectStandardError = True, False, False
        self.CreateNoWindow, self.WindowStyle = False, ProcessWindowStyle.Normal


class _Reader(KnownObject):
    __slots__ = ("_lines",)

    def __init__(self, pipe):
        self._lines = io.TextIOWrapper(pipe, encoding="utf-8", errors="replace")

    def ReadToEnd(self):
        return NetString(self._lines.read())

    def ReadLine(self):
        line = self._lines.readline()
        return NetString(line.rstrip("\n")) if line else None


class Process(KnownObject):
    """A process, already started: from `Process.Start`, or from `ProcessUtils`."""

    def __init__(self, executable, arguments, folder, output):
        from ..worker import split_arguments

        command = [require("Process.Start", executable, str)] + split_arguments(str(arguments or ""))
        self._process = subprocess.Popen(command, cwd=str(folder or "") or None, stdout=output)
        self.StandardOutput = _Reader(self._process.stdout) if output else None

    @staticmethod
    def Start(what, arguments=""):
        if not isinstance(what, ProcessStartInfo):
            return Process(what, arguments, "", None)
        output = subprocess.PIPE if what.RedirectStandardOutput else None
        return Process(what.FileName, what.Arguments, what.WorkingDirectory, output)

    Id = property(lambda self: self._process.pid)
    HasExited = property(lambda self: self._process.poll() is not None)
    ExitCode = property(lambda self: self._process.poll())

    def WaitForExit(self, milliseconds=-1):
        try:
            self._process.wait(None if milliseconds < 0 else milliseconds / 1000.0)
        except subprocess.TimeoutExpired:
            return False
        return True

    def Kill(self):
        self._process.kill()
