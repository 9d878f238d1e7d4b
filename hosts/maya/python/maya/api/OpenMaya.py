"""maya.api.OpenMaya, as far as a Python plug-in needs it."""

from fake_maya import events


class MFnPlugin(object):
    def __init__(self, plugin, vendor="Unknown", version="Unknown", apiVersion="Any"):
        events.emit("plugin", vendor=vendor, version=version)
