"""Opens the Monitor's dialog with a stand-in for Deadline's dialog classes, fills it in and presses Submit.

    python submission-dialog.py SCRIPT REPOSITORY VALUES_AS_JSON

Prints the messages that the dialog shows, as JSON.
"""

import json
import sys
import types

script_path, repository, values = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
messages = []


class Signal:
    def connect(self, handler):
        self.emit = handler


class Control:
    def __init__(self):
        self.ValueModified = Signal()


class DeadlineScriptDialog:
    """The methods that the stock submitters use."""

    def __init__(self):
        self.controls = {}

    def SetTitle(self, title):
        self.title = title

    def AddGrid(self):
        pass

    def EndGrid(self):
        pass

    def AddHorizontalSpacerToGrid(self, name, row, column):
        pass

    def AddControlToGrid(self, name, kind, value, row, column, tooltip="", expand=True):
        return self.controls.setdefault(name, Control())

    def AddSelectionControlToGrid(self, name, kind, value, label, row, column):
        return self.controls.setdefault(name, Control())

    def AddRangeControlToGrid(self, name, kind, value, minimum, maximum, decimals, increment, row, column):
        return self.controls.setdefault(name, Control())

    def GetValue(self, name):
        return values.get(name, "")

    def ShowMessageBox(self, text, title):
        messages.append({"title": title, "text": text})

    def ShowDialog(self, modal):
        self.controls["SubmitButton"].ValueModified.emit()

    def closeEvent(self):
        pass


class RepositoryUtils:
    @staticmethod
    def GetRepositoryPath(path, required):
        return "%s/%s" % (repository, path)


def module(name, **members):
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__dict__.update(members)


module("Deadline")
module("Deadline.Scripting", RepositoryUtils=RepositoryUtils)
for name in ("DeadlineUI", "DeadlineUI.Controls", "DeadlineUI.Controls.Scripting"):
    module(name)
module("DeadlineUI.Controls.Scripting.DeadlineScriptDialog", DeadlineScriptDialog=DeadlineScriptDialog)

namespace = {"__name__": "RenderjuiceSubmission"}
with open(script_path, encoding="utf-8") as file:
    exec(compile(file.read(), "RenderjuiceSubmission", "exec"), namespace)
namespace["__main__"]()
print(json.dumps(messages))
