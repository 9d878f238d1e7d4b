class Failure(Exception):
    """Blender cannot do it, for a reason that the artist can mend.

    ``kind`` is "unreadable" (the file), "unsupported" (this Blender) or "unwritable" (the copy).
    """

    def __init__(self, kind, message, hint=""):
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.hint = hint


def reason_of(error):
    """Returns the last line of what an operator says, which names the cause."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip() and not line.startswith("Location:")]
    return lines[-1] if lines else type(error).__name__
