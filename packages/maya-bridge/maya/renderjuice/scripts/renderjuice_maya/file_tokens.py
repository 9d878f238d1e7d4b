"""Paths that stand for many files: ``<UDIM>``, ``<f>``, ``####`` and their like."""

import os
import re

#: A token, and what replaces it in a file name. Frames have their own group.
TOKENS = (
    (r"<udim>|<tile>|_mapid_", r"\d{4}"),
    (r"<uvtile>", r"u\d+_v\d+"),
    (r"u<u>_v<v>", r"u\d+_v\d+"),
    (r"<f\d*>|<frame\d*>|<framenum>|#+|%0?\d*d", r"(?P<frame{}>-?\d+)"),
    (r"<[a-z][a-z0-9_]*>", r".+?"),
)
TOKEN = re.compile(
    "|".join("(?P<t{}>{})".format(index, token) for index, (token, _) in enumerate(TOKENS)), re.I
)


def has_tokens(path):
    return TOKEN.search(path) is not None


def expand(path, frames=None):
    """Returns the files that a path stands for, sorted. With ``frames``, only those of the numbered files.

    A path without tokens is returned as it is if the file exists. Only the file name may contain tokens.
    """
    if not has_tokens(path):
        return [path] if os.path.isfile(path) else []
    folder, name = os.path.split(path)
    if has_tokens(folder) or not os.path.isdir(folder):
        return []
    pattern = name_pattern(name)
    wanted = None if frames is None else set(frames)
    found = []
    for candidate in sorted(os.listdir(folder)):
        match = pattern.match(candidate)
        if match and (wanted is None or all(int(number) in wanted for number in match.groupdict().values())):
            found.append(os.path.join(folder, candidate))
    return found


def name_pattern(name):
    """Returns the pattern of a file name with tokens."""
    parts = []
    end = 0
    for index, match in enumerate(TOKEN.finditer(name)):
        kind = int(match.lastgroup[1:])
        parts.append(re.escape(name[end : match.start()]))
        parts.append(TOKENS[kind][1].replace("{}", str(index)) if kind == 3 else TOKENS[kind][1])
        end = match.end()
    parts.append(re.escape(name[end:]))
    return re.compile("^{}$".format("".join(parts)))
