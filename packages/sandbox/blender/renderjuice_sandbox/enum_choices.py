"""Which values a Blender setting takes in this build and in the present state of the scene."""

import re

_IMPOSSIBLE = "renderjuice-no-such-value"


def enum_choices(owner, setting):
    """Identifiers, in Blender's order. Blender names them only in the error for a wrong one: its own list of a
    setting that depends on other settings (view transforms, colour depths, denoisers) is incomplete."""
    try:
        setattr(owner, setting, _IMPOSSIBLE)
    except TypeError as error:
        listing = str(error).partition("not found in")[2]
        return re.findall(r"'([^']+)'", listing)
    return []
