"""As much MEL as the port, our two procedures and the clients of others need: calls, strings, +, ==, ||, &&,
if, return.

There is no public grammar of MEL. What is not understood is an error, as it would be in Maya.
"""

import os
import re

from . import events
from .command_table import COMMANDS, long_names

TOKEN = re.compile(
    r"""\s+|//[^\n]*|/\*.*?\*/
    |(?P<string>"(?:[^"\\]|\\.)*")
    |(?P<number>\d+(?:\.\d+)?)
    |(?P<variable>\$[A-Za-z_]\w*)
    |(?P<flag>-[A-Za-z]\w*)
    |(?P<name>[A-Za-z_]\w*)
    |(?P<operator>==|!=|\|\||&&|[-+(){}\[\];,=<>!`])""",
    re.X | re.S,
)
ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}
TYPES = ("string", "int", "float")

procedures = {}
variables = {
    "$gMainWindow": "MayaWindow",
    "$gShelfTopLevel": "MainPane|ShelfLayout",
    "$gMainProgressBar": "mainProgressBar",
}


class MelError(RuntimeError):
    """What Maya says of a script that it does not understand or that fails."""


class _Return(Exception):
    def __init__(self, value):
        super(_Return, self).__init__()
        self.value = value


def encode_string(text):
    """As MEL's encodeString does: the text can stand between quotes."""
    for plain, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\t", "\\t"), ("\r", "\\r")):
        text = text.replace(plain, escaped)
    return text


def evaluate(script):
    """Runs a script and returns the value of its last command."""
    return _Run(tokenize(script), variables).statements()


def tokenize(script):
    tokens = []
    at = 0
    while at < len(script):
        match = TOKEN.match(script, at)
        if match is None:
            raise MelError(
                "Error occurred during execution of MEL script\nSyntax error: {}".format(script[at : at + 40])
            )
        if match.lastgroup:
            tokens.append((match.lastgroup, match.group(), at > 0 and script[at - 1].isspace()))
        at = match.end()
    return tokens


def _decode(literal):
    return re.sub(
        r"\\(.)", lambda match: ESCAPES.get(match.group(1), match.group(1)), literal[1:-1], flags=re.S
    )


class _Run(object):
    def __init__(self, tokens, scope):
        self.tokens = tokens
        self.at = 0
        self.scope = scope
        self.globals = set()

    def peek(self, offset=0, kind=None):
        """The word that comes; with a kind, only if it is of that kind."""
        if self.at + offset >= len(self.tokens):
            return None
        found, word, _ = self.tokens[self.at + offset]
        return word if kind in (None, found) else None

    def kind(self):
        return self.tokens[self.at][0] if self.at < len(self.tokens) else None

    def take(self, expected=None):
        if self.at >= len(self.tokens) or (expected is not None and self.peek() != expected):
            near = "".join(token[1] for token in self.tokens[self.at : self.at + 5])
            raise MelError(
                "Error occurred during execution of MEL script\nSyntax error near {!r}".format(near)
            )
        self.at += 1
        return self.tokens[self.at - 1][1]

    def statements(self, end=None):
        value = None
        while self.peek() not in (None, end):
            if self.peek() == ";":
                self.take()
                continue
            value = self.statement()
        return value

    def statement(self):
        word = self.peek()
        if word == "global" and self.peek(1) in TYPES and self.peek(2, "variable"):
            return self.global_variable()
        if word in ("global", "proc"):
            return self.procedure()
        if word == "{":
            self.take()
            value = self.statements("}")
            self.take("}")
            return value
        if word == "if":
            return self.condition()
        if word == "return":
            self.take()
            raise _Return(None if self.peek() == ";" else self.expression())
        if self.kind() == "variable" and self.peek(1) == "=":
            name = self.take()
            self.take("=")
            scope = variables if name in self.globals else self.scope
            scope[name] = self.expression()
            return scope[name]
        if self.kind() == "name" and self.peek(1) != "(":
            return self.command()
        return self.expression()

    def global_variable(self):
        self.take("global")
        initial = "" if self.take() == "string" else 0
        name = self.take()
        variables.setdefault(name, initial)
        self.globals.add(name)

    def procedure(self):
        while self.peek() in ("global", "proc") + TYPES:
            self.take()
        name = self.take()
        self.take("(")
        parameters = []
        while self.peek() != ")":
            if self.peek() == "," or self.peek() in TYPES:
                self.take()
                continue
            parameters.append(self.take())
        self.take(")")
        procedures[name] = (parameters, self.block())

    def block(self):
        """Returns the tokens of a block in braces, unread."""
        self.take("{")
        start, depth = self.at, 1
        while depth:
            depth += {"{": 1, "}": -1}.get(self.take(), 0)
        return self.tokens[start : self.at - 1]

    def condition(self):
        self.take("if")
        self.take("(")
        is_true = self.expression()
        self.take(")")
        if is_true:
            return self.statement()
        self.skip_statement()
        return None

    def skip_statement(self):
        if self.peek() == "{":
            self.block()
            return
        while self.take() != ";":
            pass

    def command(self):
        """Command syntax: a name and words up to the end of the statement."""
        name = self.take()
        words = []
        while self.peek() not in (None, ";", "}"):
            if self.kind() == "flag":
                check_flag(name, self.peek()[1:])
            if self.kind() in ("flag", "name"):
                words.append(self.take())
            else:
                words.append(self.primary())
        return call(name, words)

    def expression(self):
        value = self.comparison()
        while self.peek() in ("||", "&&"):
            operator, other = self.take(), self.comparison()
            value = (value or other) if operator == "||" else (value and other)
        return value

    def comparison(self):
        value = self.sum()
        while self.peek() in ("==", "!="):
            operator, other = self.take(), self.sum()
            value = (value == other) if operator == "==" else (value != other)
        return value

    def sum(self):
        value = self.primary()
        while self.peek() == "+":
            self.take()
            value = value + self.primary()
        return value

    def primary(self):
        kind = self.kind()
        word = self.take()
        if kind == "string":
            return _decode(word)
        if kind == "number":
            return float(word) if "." in word else int(word)
        if kind == "variable":
            if word not in self.scope and word not in variables:
                raise MelError(
                    'Error occurred during execution of MEL script\n"{}" is an undeclared variable.'.format(
                        word
                    )
                )
            return self.scope.get(word, variables.get(word))
        if word == "(":
            value = self.expression()
            self.take(")")
            return value
        if kind == "name" and self.peek() == "(":
            self.take("(")
            words = []
            while self.peek() != ")":
                words.append(self.expression())
                if self.peek() == ",":
                    self.take()
            self.take(")")
            return call(word, words)
        self.at -= 1
        return self.take("a value")


def check_flag(name, flag):
    """Raises MelError for a flag that a command does not have, as Maya does."""
    # Commands of plug-ins are not in the table.
    if name not in COMMANDS:
        return
    try:
        long_names(name, {flag: True})
    except TypeError:
        raise MelError("Error occurred during execution of MEL script\nInvalid flag '-{}'.".format(flag))


def call(name, words):
    if name in BUILT_IN:
        return BUILT_IN[name](*words)
    if name not in procedures:
        _source_by_name(name)
    if name not in procedures:
        raise MelError(
            'Error occurred during execution of MEL script\nCannot find procedure "{}".'.format(name)
        )
    parameters, body = procedures[name]
    if len(words) != len(parameters):
        raise MelError(
            "Error occurred during execution of MEL script\nWrong number of arguments on call to {}.".format(
                name
            )
        )
    try:
        _Run(body, dict(zip(parameters, words))).statements()
    except _Return as result:
        return result.value
    return None


def _source_by_name(name):
    """A procedure that nobody knows is looked for in a script of its name."""
    for folder in os.environ.get("MAYA_SCRIPT_PATH", "").split(os.pathsep):
        path = os.path.join(folder, name + ".mel")
        if folder and os.path.isfile(path):
            with open(path) as stream:
                evaluate(stream.read())
            return


def _python(code):
    import __main__

    try:
        compiled = compile(code, "<maya console>", "eval")
    except SyntaxError:
        exec(compile(code, "<maya console>", "exec"), __main__.__dict__)
        return None
    value = eval(compiled, __main__.__dict__)
    return value


def _about(*words):
    from . import commands

    return commands.about(**long_names("about", {word[1:]: True for word in words}))


def _match(pattern, text):
    found = re.search(pattern, text)
    return found.group() if found else ""


def _system(command):
    # What an attacker would call. It is only written down.
    events.emit("SYSTEM", command=command)
    return ""


BUILT_IN = {
    "about": _about,
    "encodeString": encode_string,
    "error": lambda text: (_ for _ in ()).throw(MelError(text)),
    "ls": lambda *flags: ["persp", "top"],
    "match": _match,
    "print": lambda text: events.emit("output", stream="mel", text=text),
    "python": _python,
    "size": len,
    "system": _system,
    "warning": lambda text: events.emit("warning", text=text),
}
for _name in (
    "FBXResetExport",
    "FBXExportBakeComplexAnimation",
    "FBXExportBakeComplexStart",
    "FBXExportBakeComplexEnd",
    "FBXExportBakeComplexStep",
    "FBXExportInAscii",
):
    BUILT_IN[_name] = lambda *words: None
