import re


class Failure(Exception):
    """Blender cannot do it, for a reason that the artist can fix.

    ``kind`` is "unreadable" (the file), "unsupported" (this Blender) or "unwritable" (the copy).
    """

    def __init__(self, kind, message, hint=""):
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.hint = hint


def reason_of(error):
    """Returns the line of an operator's error with the cause: the exception's line, or else the last one."""
    lines = [
        line.strip() for line in str(error).splitlines() if line.strip() and not line.startswith("Location:")
    ]
    named = [line for line in lines if re.match(r"\w+(Error|Exception)\b", line)]
    return (named or lines or [type(error).__name__])[-1]
