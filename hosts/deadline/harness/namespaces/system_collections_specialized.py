"""The namespace System.Collections.Specialized."""

from ..dotnet import NetString, require
from ..verdict import KnownObject

__all__ = ["StringCollection"]


class StringCollection(KnownObject):
    """A growing list of strings."""

    def __init__(self):
        self.__items = []

    def Add(self, value):
        self.__items.append(NetString(require("StringCollection.Add", value, str)))
        return len(self.__items) - 1

    Count = property(lambda self: len(self.__items))

    def __iter__(self):
        return iter(list(self.__items))

    def __getitem__(self, index):
        return self.__items[index]
