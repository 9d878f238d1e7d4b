"""The values that a Blender setting accepts in this build and in the current state of the scene."""

import re

_IMPOSSIBLE = "renderjuice-no-such-value"


def enum_choices(owner, setting):
    """Identifiers, in Blender's order. Blender only lists them in the error for a wrong value: its own list for a
    setting that depends on others (view transforms, color depths, denoisers) is incomplete."""
    try:
        setattr(owner, setting, _IMPOSSIBLE)
    except TypeError as error:
        listing = str(error).partition("not found in")[2]
        return re.findall(r"'([^']+)'", listing)
    return []
