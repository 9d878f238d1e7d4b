"""The namespace Deadline.Events."""

import subprocess

from ..dotnet import NetString, require, strings
from ..events import CALLBACKS
from ..host import current
from .franticx_processes import ManagedProcess

__all__ = ["DeadlineEventListener"]


class DeadlineEventListener(ManagedProcess):
    """The base of event plugins. Its metadata is a small dictionary per plugin that lasts."""

    _CALLBACKS = CALLBACKS
    _event_job = None

    def AddMetaDataEntry(self, key, value):
        """No effect if the key exists."""
        self._change_meta_data("AddMetaDataEntry", key, value, lambda entries: key not in entries)

    def UpdateMetaDataEntry(self, key, value):
        """No effect unless the key exists."""
        self._change_meta_data("UpdateMetaDataEntry", key, value, lambda entries: key in entries)

    def DeleteMetaDataEntry(self, key):
        require("DeleteMetaDataEntry", key, str)
        with current().farm.lock():
            entries = read_meta_data(self._plugin_name)
            entries.pop(key, None)
            current().farm.write_json(entries, "metadata", self._plugin_name + ".json")

    def GetMetaDataEntry(self, key):
        """An empty string for a key that does not exist."""
        return NetString(read_meta_data(self._plugin_name).get(require("GetMetaDataEntry", key, str), ""))

    def GetEventDirectory(self):
        return NetString(current().farm.repository("custom", "events", self._plugin_name))

    def GetAuxiliaryFilenames(self):
        document = self._job_document()
        return strings(document["AuxiliaryFiles"] if document else [])

    def RunProcess(self, executable, arguments, startupDirectory, timeoutMilliseconds):
        from ..worker import split_arguments

        limit = None if timeoutMilliseconds < 0 else timeoutMilliseconds / 1000.0
        return subprocess.run(
            [executable] + split_arguments(arguments),
            cwd=startupDirectory or None,
            env=self._child_environment(),
            timeout=limit,
        ).returncode

    def _change_meta_data(self, method, key, value, allowed):
        require(method, key, str)
        require(method, value, str)
        with current().farm.lock():
            entries = read_meta_data(self._plugin_name)
            if allowed(entries):
                entries[str(key)] = str(value)
                current().farm.write_json(entries, "metadata", self._plugin_name + ".json")

    def _job_document(self):
        return self._event_job


def read_meta_data(plugin):
    return current().farm.read_json("metadata", plugin + ".json") or {}
