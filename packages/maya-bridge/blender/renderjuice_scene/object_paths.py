"""Object paths in a cache: ``/hero_grp/body/bodyShape``. Does not depend on Blender."""


def best_match(wanted, available):
    """Returns the path that matches the wanted one: the same, or the only one with the same end; else None.

    A new export may have other parents and namespaces. The longest common end wins; it must have at least two names if
    the path has that many.
    """
    if wanted in available:
        return wanted
    parts = _parts(wanted)
    scores = {path: _common_end(parts, _parts(path)) for path in available}
    best = max(scores.values(), default=0)
    winners = [path for path, score in scores.items() if score == best]
    return winners[0] if best >= min(2, len(parts)) and len(winners) == 1 else None


def _parts(path):
    return [name.split(":")[-1] for name in path.strip("/").split("/")]


def _common_end(one, other):
    count = 0
    for left, right in zip(reversed(one), reversed(other)):
        if left != right:
            break
        count += 1
    return count
