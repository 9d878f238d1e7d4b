"""Values as .NET passes them to Python: they look like str, list and datetime, but are not."""

import datetime

from .verdict import Known, KnownObject, NotKnown, broken


class NetString(str):
    """A System.String. Everything that str can do, but `type(value) is str` is false."""


class NetArray:
    """A System.Array: iterable, indexable, of fixed length; no list, so no append, slice or `+`."""

    def __init__(self, items):
        self.__items = tuple(items)

    @property
    def Length(self):
        return len(self.__items)

    def __len__(self):
        return len(self.__items)

    def __iter__(self):
        return iter(self.__items)

    def __getitem__(self, index):
        if not isinstance(index, int):
            raise TypeError("a System.Array takes an integer as index, not a %s" % type(index).__name__)
        return self.__items[index]

    def __repr__(self):
        return "<System.%s[] of %d>" % (
            type(self.__items[0]).__name__ if self.__items else "String",
            len(self),
        )


class NetEnumMember:
    """One value of a .NET enumeration.

    Public plugins compare it with its name and with its number too. Whether that works in Deadline is not known: here it
    does, and `on_comparison` hears of it.
    """

    on_comparison = None

    def __init__(self, enum, name, number):
        self.__enum, self.__name, self.__number = enum, name, number

    def __eq__(self, other):
        if isinstance(other, NetEnumMember):
            return self is other
        if isinstance(other, (str, int)) and NetEnumMember.on_comparison:
            NetEnumMember.on_comparison("whether a %s equals %r" % (self.__enum, other))
        return other in (self.__name, self.__number)

    def __hash__(self):
        return hash(self.__name)

    def ToString(self):
        return NetString(self.__name)

    def __str__(self):
        return self.__name

    def __int__(self):
        return self.__number

    def __repr__(self):
        return "<%s.%s: %d>" % (self.__enum, self.__name, self.__number)


class _NetDateTimeStatics(Known):
    Now = property(lambda cls: cls(datetime.datetime.now()))


class NetDateTime(KnownObject, metaclass=_NetDateTimeStatics):
    """A System.DateTime in local time; `MinValue` (year 1) where a moment is not set."""

    def __init__(self, moment):
        self.__moment = moment

    Year = property(lambda self: self.__moment.year)
    Month = property(lambda self: self.__moment.month)
    Day = property(lambda self: self.__moment.day)
    Hour = property(lambda self: self.__moment.hour)
    Minute = property(lambda self: self.__moment.minute)
    Second = property(lambda self: self.__moment.second)
    Millisecond = property(lambda self: self.__moment.microsecond // 1000)
    Ticks = property(
        lambda self: (self.__moment - datetime.datetime.min) // datetime.timedelta(microseconds=1) * 10
    )

    @staticmethod
    def Compare(first, second):
        return (first > second) - (first < second)

    def Subtract(self, other):
        """A TimeSpan since another moment, or the moment a TimeSpan ago."""
        if isinstance(other, NetTimeSpan):
            return NetDateTime(self.__moment - datetime.timedelta(seconds=other.TotalSeconds))
        return self - other

    def ToString(self):
        return NetString(str(self))

    def __str__(self):
        return self.__moment.strftime("%m/%d/%Y %H:%M:%S")

    def __eq__(self, other):
        return isinstance(other, NetDateTime) and self.Ticks == other.Ticks

    def __lt__(self, other):
        return self.Ticks < other.Ticks

    def __gt__(self, other):
        return self.Ticks > other.Ticks

    def __hash__(self):
        return hash(self.Ticks)

    def __sub__(self, other):
        return NetTimeSpan(0, 0, (self.Ticks - other.Ticks) / 10000000.0)


class NetTimeSpan(KnownObject):
    """A System.TimeSpan."""

    def __init__(self, hours, minutes, seconds):
        self.__seconds = 3600 * hours + 60 * minutes + seconds

    TotalSeconds = property(lambda self: self.__seconds)
    TotalMinutes = property(lambda self: self.__seconds / 60)
    TotalHours = property(lambda self: self.__seconds / 3600)
    TotalDays = property(lambda self: self.__seconds / 86400)
    Days = property(lambda self: int(self.__seconds / 86400))
    Hours = property(lambda self: int(self.__seconds / 3600) % 24)
    Minutes = property(lambda self: int(self.__seconds / 60) % 60)
    Seconds = property(lambda self: int(self.__seconds) % 60)


NetDateTime.MinValue = NetDateTime(datetime.datetime.min)


def strings(values):
    """A System.String[]."""
    return NetArray(NetString(value) for value in values)


def moment(seconds):
    """A System.DateTime of seconds since 1970, or MinValue for None."""
    return NetDateTime.MinValue if seconds is None else NetDateTime(datetime.datetime.fromtimestamp(seconds))


def require(method, value, kind):
    """Refuses what pythonnet does not convert, such as a number to a string, or None to a boolean."""
    if value is None and kind is str:
        raise NotKnown("what %s makes of None" % method)
    fits = isinstance(value, kind) and not (kind in (int, float, (int, float)) and isinstance(value, bool))
    if not fits:
        raise broken(TypeError("No method matches given arguments for %s: (%s)" % (method, type(value))))
    return value


def require_strings(method, values):
    """The strings of an argument that .NET declares as String[]."""
    require(method, values, (list, tuple, NetArray))
    return [str(require(method, value, str)) for value in values]
