"""What the Maya bridge does with Blender on the artist's machine. Studio files are read, never written."""

from .failure import Failure


def answer(request):
    """Carries out a request. Returns its answer, or ``{"failure": {"kind", "message", "hint"}}``."""
    from . import assemble, inspect_blend, re_point

    actions = {"inspect": inspect_blend.inspect, "re-point": re_point.re_point, "assemble": assemble.assemble}
    try:
        return actions[request["action"]](request)
    except Failure as failure:
        return {"failure": {"kind": failure.kind, "message": failure.message, "hint": failure.hint}}
