"""The namespace System.Text.RegularExpressions, for patterns that .NET and Python read alike."""

import re

from ..dotnet import NetArray, NetString, strings
from ..verdict import Known, KnownObject

__all__ = ["Match", "Regex", "RegexOptions"]


class RegexOptions(metaclass=Known):
    IgnoreCase = re.IGNORECASE
    Multiline = re.MULTILINE
    Singleline = re.DOTALL


class Group(KnownObject):
    def __init__(self, value):
        self.Success, self.Value = value is not None, NetString(value or "")


class Match(Group):
    """What was found, or not."""

    def __init__(self, match):
        super().__init__(match.group() if match else None)
        self.Index = match.start() if match else 0
        self.Groups = NetArray(Group(text) for text in ((match.group(),) + match.groups() if match else (None,)))


class _Both:
    """A method of an object that has a pattern, and of the class, which is given one after the text."""

    def __init__(self, function):
        self._function = function

    def __get__(self, regex, kind):
        if regex is not None:
            return lambda text, *rest: self._function(regex._pattern, text, *rest)
        return lambda text, pattern, *rest: self._function(_compile(pattern), text, *rest)


def _compile(pattern, options=0):
    return re.compile(re.sub(r"\(\?<(?=[A-Za-z])", "(?P<", str(pattern)), options)


class Regex(KnownObject):
    def __init__(self, pattern, options=0):
        self._pattern = _compile(pattern, options)

    IsMatch = _Both(lambda pattern, text: pattern.search(text) is not None)
    Match = _Both(lambda pattern, text: Match(pattern.search(text)))
    Matches = _Both(lambda pattern, text: NetArray(Match(one) for one in pattern.finditer(text)))
    Replace = _Both(lambda pattern, text, by: NetString(pattern.sub(re.sub(r"\$(\d)", r"\\\1", by), text)))
    Split = _Both(lambda pattern, text: strings(part or "" for part in pattern.split(text)))
