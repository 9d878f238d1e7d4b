"""The namespace System.Text."""

__all__ = ["Encoding"]


class Encoding:
    """Unicode is UTF-16 with a byte order mark when a StreamWriter uses it."""

    Unicode = "utf-16"
    UTF8 = "utf-8-sig"
    ASCII = "ascii"
