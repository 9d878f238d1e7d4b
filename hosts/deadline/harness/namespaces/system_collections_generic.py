"""The namespace System.Collections.Generic: `List[str]()`, `Dictionary[str, str]()`."""

from ..verdict import KnownObject

__all__ = ["Dictionary", "KeyValuePair", "List"]


class KeyValuePair(KnownObject):
    def __init__(self, key, value):
        self.Key, self.Value = key, value


class List(KnownObject):
    def __init__(self, items=()):
        self._items = list(items)

    def __class_getitem__(cls, element):
        return cls

    Count = property(lambda self: len(self._items))

    def Add(self, item):
        self._items.append(item)

    def AddRange(self, items):
        self._items.extend(items)

    def Contains(self, item):
        return item in self._items

    def Remove(self, item):
        if item not in self._items:
            return False
        self._items.remove(item)
        return True

    def Clear(self):
        self._items.clear()

    def __iter__(self):
        return iter(self._items)

    def __len__(self):
        return len(self._items)

    def __getitem__(self, index):
        return self._items[index]

    def __setitem__(self, index, item):
        self._items[index] = item


class Dictionary(KnownObject):
    """Iterating gives pairs, where a dictionary of Python gives keys."""

    def __init__(self, entries=None):
        self._entries = dict(entries or {})

    def __class_getitem__(cls, kinds):
        return cls

    Count = property(lambda self: len(self._entries))
    Keys = property(lambda self: List(self._entries))
    Values = property(lambda self: List(self._entries.values()))

    def Add(self, key, value):
        if key in self._entries:
            raise ValueError("An item with the same key has already been added.")
        self._entries[key] = value

    def ContainsKey(self, key):
        return key in self._entries

    def Remove(self, key):
        return self._entries.pop(key, None) is not None

    def Clear(self):
        self._entries.clear()

    def __iter__(self):
        return iter([KeyValuePair(key, value) for key, value in self._entries.items()])

    def __len__(self):
        return len(self._entries)

    def __getitem__(self, key):
        return self._entries[key]

    def __setitem__(self, key, value):
        self._entries[key] = value
