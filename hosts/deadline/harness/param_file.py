"""`.param` files: which settings a plugin has, and what they are until somebody configures them."""

import codecs
import re


def read_param(path):
    """`{key: {"Type": …, "Default": …, …}}`; empty if there is no file. A line that is neither does not count."""
    sections, section = {}, None
    try:
        with open(path, "rb") as file:
            lines = _decode(file.read()).splitlines()
    except FileNotFoundError:
        return {}
    for raw in lines:
        line = raw.strip()
        if not line or line[0] in "#;":
            continue
        if line[0] == "[" and line[-1] == "]":
            section = sections.setdefault(line[1:-1].strip(), {})
        elif "=" in line and section is not None:
            key, value = line.split("=", 1)
            section[key.strip()] = value.strip()
    return sections


def _decode(data):
    """Published files are ASCII, or have been saved by any editor."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def refusal(param, key, value):
    """Why the Monitor would not let a user give a setting this value; None if it would."""
    if key not in param:
        return "there is no setting %s" % key
    kind, text = param[key].get("Type", "").lower(), str(value)
    choices = param[key].get("Items", param[key].get("Values", "")).split(";")
    if kind == "enum" and text not in choices:
        return '%s is one of %s, not "%s"' % (key, ", ".join(choices), text)
    if kind == "boolean" and text not in ("True", "False"):
        return '%s is True or False, not "%s"' % (key, text)
    if kind in ("integer", "float") and not re.match(
        r"-?\d+$" if kind == "integer" else r"-?\d+(\.\d+)?$", text
    ):
        return '%s is a number, not "%s"' % (key, text)
    return None


def settings(param, configured):
    """What GetConfigEntry sees: defaults under configured values, several lines joined by `;`."""
    values = {key: section["Default"] for key, section in param.items() if "Default" in section}
    for key, value in configured.items():
        lines = value if isinstance(value, list) else str(value).splitlines()
        values[key] = ";".join(str(line) for line in lines)
    return values


class Config:
    """A plugin's settings as they are at the time of the question."""

    def __init__(self, farm, kind, name):
        self._farm, self._kind, self._name = farm, kind, name
        self._param = read_param(farm.repository("custom", kind, name, name + ".param"))

    def get(self, key):
        """The value, or None where neither the .param file nor anybody has set one."""
        return settings(self._param, self._farm.config()[self._kind].get(self._name, {})).get(key)
