"""The namespace System: what plugins take from it."""

import os
import tempfile

from ..dotnet import NetArray, NetDateTime, NetString, NetTimeSpan
from ..verdict import Known

__all__ = ["Array", "Console", "DateTime", "Environment", "String", "TimeSpan"]

DateTime = NetDateTime
TimeSpan = NetTimeSpan
String = NetString


class _ArrayOf(Known):
    def __getitem__(cls, element):
        return NetArray


class Array(metaclass=_ArrayOf):
    """`Array[str](["a"])` makes a System.String[]."""


class Console(metaclass=Known):
    @staticmethod
    def WriteLine(text=""):
        print(text)


class Environment(metaclass=Known):
    @staticmethod
    def GetEnvironmentVariable(name):
        value = os.environ.get(name)
        return None if value is None else NetString(value)

    NewLine = NetString("\n")
    MachineName = NetString(os.uname()[1])
    CurrentDirectory = NetString(tempfile.gettempdir())
