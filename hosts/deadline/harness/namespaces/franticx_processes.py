"""The namespace FranticX.Processes: what event plugins and render plugins have in common."""

import os

from ..dotnet import NetString, require
from ..host import current
from ..param_file import Config
from ..verdict import KnownObject, NotKnown, broken, not_known

__all__ = ["ManagedProcess"]

TRUE, FALSE = ("true", "1"), ("false", "0")


class Callback:
    """A .NET event that Python hooks into: `+=` works on the object itself, so an alias of it does too."""

    def __init__(self, name):
        self._name = name
        self._handlers = []

    def __iadd__(self, handler):
        if not callable(handler):
            raise broken(TypeError("%s takes a function, not a %s" % (self._name, type(handler).__name__)))
        self._handlers.append(handler)
        return self

    def __isub__(self, handler):
        self._handlers.remove(handler)
        return self


def handlers(callback):
    """For the harness: what is hooked into a callback."""
    return list(callback._handlers)


class Hooked:
    """An object whose callbacks are hooked with `+=` and unhooked with `-=` or `del`."""

    _CALLBACKS = ()

    def __getattr__(self, name):
        callbacks = self.__dict__.get("_callbacks", {})
        if name in callbacks:
            return callbacks[name]
        if name in self._CALLBACKS:
            raise AttributeError("%s was deleted" % name)
        raise not_known(type(self).__name__, name)

    def __setattr__(self, name, value):
        if name not in self._CALLBACKS:
            object.__setattr__(self, name, value)
        elif value is not self._callbacks.get(name):
            raise broken(TypeError("%s is hooked with +=, not assigned" % name))

    def __delattr__(self, name):
        if name not in self._CALLBACKS:
            object.__delattr__(self, name)
        elif not self._callbacks.pop(name, None):
            raise AttributeError(name)

    def _create_callbacks(self):
        object.__setattr__(self, "_callbacks", {name: Callback(name) for name in self._CALLBACKS})


class Entries:
    """The forms of Get…Entry and Get…EntryWithDefault, over a lookup that may give None."""

    def __init__(self, name, lookup):
        self._name, self._lookup = name, lookup

    def text(self, key):
        value = self._lookup(require(self._name, key, str))
        if value is None:
            raise NotKnown('what %s answers for "%s", which is not set' % (self._name, key))
        return NetString(value)

    def text_or(self, key, default):
        require(self._name + "WithDefault", default, (str, type(None)))
        value = self._lookup(require(self._name, key, str))
        return default if value is None else NetString(value)

    def boolean(self, key):
        value = self.text(key).lower()
        if value not in TRUE + FALSE:
            raise RuntimeError('%s: "%s" is not a boolean: "%s"' % (self._name, key, value))
        return value in TRUE

    def boolean_or(self, key, default):
        require(self._name + "WithDefault", default, bool)
        return default if self._lookup(key) in (None, "") else self.boolean(key)

    def number(self, kind, key):
        return kind(self.text(key))

    def number_or(self, kind, key, default):
        require(self._name + "WithDefault", default, int if kind is int else (int, float))
        return default if self._lookup(key) in (None, "") else self.number(kind, key)


class PluginConfig(KnownObject):
    """A plugin's settings with the names that Deadline gives their getters."""

    def __init__(self, kind, name):
        object.__setattr__(
            self, "_entries", Entries("GetConfigEntry", Config(current().farm, kind, name).get)
        )

    def GetConfigEntry(self, key):
        return self._entries.text(key)

    def GetConfigEntryWithDefault(self, key, defaultValue):
        return self._entries.text_or(key, defaultValue)

    def GetBooleanConfigEntry(self, key):
        return self._entries.boolean(key)

    def GetBooleanConfigEntryWithDefault(self, key, defaultValue):
        return self._entries.boolean_or(key, defaultValue)

    def GetIntegerConfigEntry(self, key):
        return self._entries.number(int, key)

    def GetIntegerConfigEntryWithDefault(self, key, defaultValue):
        return self._entries.number_or(int, key, defaultValue)

    def GetFloatConfigEntry(self, key):
        return self._entries.number(float, key)

    def GetFloatConfigEntryWithDefault(self, key, defaultValue):
        return self._entries.number_or(float, key, defaultValue)


class ManagedProcess(Hooked):
    """Settings, log and plugin info of a plugin object.

    From Deadline 10.3 a subclass must call `super().__init__()` before it uses any of it; in strict mode that
    is enforced, in lax mode (10.1 and 10.2) the object is usable at once. Whoever loads a plugin sets
    `_loading`.
    """

    _loading = ("", "")

    def __new__(cls, *arguments, **keywords):
        self = object.__new__(cls)
        kind, name = ManagedProcess._loading
        object.__setattr__(self, "_plugin_name", name)
        object.__setattr__(self, "_config", PluginConfig(kind, name))
        object.__setattr__(self, "_variables", {})
        object.__setattr__(self, "_initialized", not current().strict)
        self._create_callbacks()
        return self

    def __init__(self):
        object.__setattr__(self, "_initialized", True)

    def __getattribute__(self, name):
        kind = type(self)
        if name[0] != "_" and not object.__getattribute__(self, "_initialized"):
            if name in kind._CALLBACKS or hasattr(kind._base(), name):
                raise broken(RuntimeError("%s is used before super().__init__()" % name))
        return object.__getattribute__(self, name)

    @classmethod
    def _base(cls):
        """The last class of the hierarchy that Deadline itself defines."""
        return next(
            base for base in cls.__mro__ if base.__module__ == __name__ or ".namespaces." in base.__module__
        )

    @property
    def plugin_initialized(self):
        return self._initialized

    def LogInfo(self, message):
        current().log("INFO", require("LogInfo", message, str))

    def LogWarning(self, message):
        current().log("WARNING", require("LogWarning", message, str))

    def LogMessage(self, message):
        current().log("INFO", require("LogMessage", message, str))

    def LogStdout(self, message):
        current().log("STDOUT", require("LogStdout", message, str))

    def SetProcessEnvironmentVariable(self, name, value):
        """Logs the value, as Deadline does."""
        method = "SetProcessEnvironmentVariable"
        self._variables[str(require(method, name, str))] = str(require(method, value, str))
        current().log("INFO", "Setting Process Environment Variable %s to %s" % (name, value))

    def ClearProcessEnvironmentVariables(self):
        self._variables.clear()

    def GetConfigEntry(self, key):
        return self._config.GetConfigEntry(key)

    def GetConfigEntryWithDefault(self, key, defaultValue):
        return self._config.GetConfigEntryWithDefault(key, defaultValue)

    def GetBooleanConfigEntry(self, key):
        return self._config.GetBooleanConfigEntry(key)

    def GetBooleanConfigEntryWithDefault(self, key, defaultValue):
        return self._config.GetBooleanConfigEntryWithDefault(key, defaultValue)

    def GetIntegerConfigEntry(self, key):
        return self._config.GetIntegerConfigEntry(key)

    def GetIntegerConfigEntryWithDefault(self, key, defaultValue):
        return self._config.GetIntegerConfigEntryWithDefault(key, defaultValue)

    def GetFloatConfigEntry(self, key):
        return self._config.GetFloatConfigEntry(key)

    def GetFloatConfigEntryWithDefault(self, key, defaultValue):
        return self._config.GetFloatConfigEntryWithDefault(key, defaultValue)

    def GetPluginInfoEntry(self, key):
        return self._plugin_info().text(key)

    def GetPluginInfoEntryWithDefault(self, key, defaultValue):
        return self._plugin_info().text_or(key, defaultValue)

    def GetBooleanPluginInfoEntry(self, key):
        return self._plugin_info().boolean(key)

    def GetBooleanPluginInfoEntryWithDefault(self, key, defaultValue):
        return self._plugin_info().boolean_or(key, defaultValue)

    def GetIntegerPluginInfoEntry(self, key):
        return self._plugin_info().number(int, key)

    def GetIntegerPluginInfoEntryWithDefault(self, key, defaultValue):
        return self._plugin_info().number_or(int, key, defaultValue)

    def GetFloatPluginInfoEntry(self, key):
        return self._plugin_info().number(float, key)

    def GetFloatPluginInfoEntryWithDefault(self, key, defaultValue):
        return self._plugin_info().number_or(float, key, defaultValue)

    def _plugin_info(self):
        document = self._job_document()
        return Entries("GetPluginInfoEntry", document["PluginInfo"].get if document else lambda key: None)

    def _child_environment(self):
        return dict(os.environ, **self._variables)
