"""The namespace System.IO."""

import os
import shutil
import tempfile

from ..dotnet import NetString, strings
from ..verdict import Known, KnownObject

__all__ = ["Directory", "File", "Path", "StreamWriter"]


class Path(metaclass=Known):
    @staticmethod
    def Combine(*parts):
        return NetString(os.path.join(*parts))

    @staticmethod
    def GetFileName(path):
        return NetString(os.path.basename(path))

    @staticmethod
    def GetFileNameWithoutExtension(path):
        return NetString(os.path.splitext(os.path.basename(path))[0])

    @staticmethod
    def GetDirectoryName(path):
        return NetString(os.path.dirname(path))

    @staticmethod
    def GetExtension(path):
        return NetString(os.path.splitext(path)[1])

    @staticmethod
    def IsPathRooted(path):
        return os.path.isabs(path)

    @staticmethod
    def GetTempPath():
        return NetString(tempfile.gettempdir() + "/")


class File(metaclass=Known):
    @staticmethod
    def Exists(path):
        return os.path.isfile(path)

    @staticmethod
    def Delete(path):
        if os.path.exists(path):
            os.remove(path)

    @staticmethod
    def Copy(source, target, overwrite=False):
        if os.path.exists(target) and not overwrite:
            raise OSError("The file '%s' already exists." % target)
        shutil.copy2(source, target)


class Directory(metaclass=Known):
    @staticmethod
    def Exists(path):
        return os.path.isdir(path)

    @staticmethod
    def CreateDirectory(path):
        os.makedirs(path, exist_ok=True)

    @staticmethod
    def GetFiles(path):
        return strings(entry.path for entry in os.scandir(path) if entry.is_file())


class StreamWriter(KnownObject):
    def __init__(self, path, append=False, encoding="utf-8"):
        self.__file = open(path, "a" if append else "w", encoding=encoding)

    def Write(self, text):
        self.__file.write(str(text))

    def WriteLine(self, text=""):
        self.__file.write("%s\n" % text)

    def Close(self):
        self.__file.close()
