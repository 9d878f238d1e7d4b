"""The errors that this package raises on purpose."""


class RenderjuiceError(RuntimeError):
    """A problem that the artist can fix. ``hint`` says how."""

    def __init__(self, message, hint=""):
        super(RenderjuiceError, self).__init__("{} {}".format(message, hint).strip())
        self.message = message
        self.hint = hint


class SubmitCanceled(RenderjuiceError):
    """The artist pressed Cancel in a dialog. Nothing was sent."""
