"""Decides whose fault an error is: the plugin breaks a rule of Deadline, or the harness does not know.

Only what is documented, or read in several public plugins, counts as a rule. Everything else may be a gap of the harness,
or may come of its sample job and its empty settings: of that it says only that it does not know.
"""

import os
import re
import sys

BREAKS, UNKNOWN = "breaks", "unknown"

# Deadline 10.3 and 10.4 have this Python; what a later one has removed says nothing about them.
DEADLINE_PYTHON = (3, 10)
_PYTHON_2_NAMES = (
    "basestring cmp execfile file long raw_input reduce reload unichr unicode xrange iteritems iterkeys itervalues has_key"
).split()
_PYTHON_2_MODULES = (
    "BaseHTTPServer ConfigParser Cookie HTMLParser Queue SimpleHTTPServer SocketServer StringIO Tkinter __builtin__ "
    "_winreg cPickle cStringIO commands cookielib copy_reg htmlentitydefs httplib mimetools sets thread tkFileDialog "
    "tkMessageBox urllib2 urlparse xmlrpclib"
).split()


class NotKnown(AttributeError):
    """A name or a form of Deadline or .NET that the harness does not have. Whether Deadline has it is not said."""

    def __init__(self, what):
        super().__init__("the harness does not know " + what)


def broken(error):
    """Marks an error of the harness: it is raised because a rule is broken."""
    error.breaks_a_rule = True
    return error


class Known(type):
    """The type of classes whose other members may well exist in Deadline."""

    def __getattr__(cls, name):
        raise not_known(cls.__name__, name)


class KnownObject(metaclass=Known):
    """An object whose other members may well exist in Deadline."""

    __slots__ = ()

    def __getattr__(self, name):
        raise not_known(type(self).__name__, name)


def not_known(owner, name):
    """Names with an underscore are Python's own: it asks for them itself."""
    if name.startswith("_"):
        return AttributeError("'%s' has no attribute '%s'" % (owner, name))
    return NotKnown("%s.%s" % (owner, name))


def verdict(error, stage, folder, source, is_strict):
    """BREAKS or UNKNOWN, for an error of a plugin that lies in `folder` and whose text is `source`."""
    if getattr(error, "breaks_a_rule", False):
        return BREAKS
    if isinstance(error, NotKnown):
        return UNKNOWN
    if _is_python_2(error):
        return BREAKS if is_strict else UNKNOWN  # Before 10.3 there was a Python 2 as well.
    if isinstance(error, ImportError):
        return BREAKS if _is_sibling(error, folder) else UNKNOWN
    if isinstance(error, NameError):
        return BREAKS if _is_defined_nowhere(error, source) else UNKNOWN
    return BREAKS if stage == "cleanup" else UNKNOWN


def _is_python_2(error):
    if isinstance(error, SyntaxError):
        return sys.version_info[:2] >= DEADLINE_PYTHON
    if isinstance(error, ModuleNotFoundError):
        return error.name in _PYTHON_2_MODULES
    if isinstance(error, ImportError):
        return _is_standard(error.name) and sys.version_info[:2] <= DEADLINE_PYTHON
    match = re.search(r"^name '(\w+)' is not defined|has no attribute '(\w+)'$", str(error))
    return bool(match) and (match.group(1) or match.group(2)) in _PYTHON_2_NAMES


def _is_standard(name):
    """Whether it is a module that came with this Python."""
    path = getattr(sys.modules.get(name), "__file__", None) or ""
    return path.startswith(os.path.dirname(os.__file__)) and "site-packages" not in path


def _is_sibling(error, folder):
    """A file beside the plugin: it is not found unless the plugin adds its folder to sys.path."""
    path = os.path.join(folder, (error.name or "?").split(".")[0])
    return os.path.isfile(path + ".py") or os.path.isdir(path)


def _is_defined_nowhere(error, source):
    """Not where all names of a .NET namespace are imported: it may be one of them."""
    match = re.match(r"name '(\w+)' is not defined", str(error))
    if not match or match.group(1) == "__file__":
        return False
    return not re.search(r"^\s*from (System|Deadline|FranticX)[\w.]* import \*", source, re.MULTILINE)
