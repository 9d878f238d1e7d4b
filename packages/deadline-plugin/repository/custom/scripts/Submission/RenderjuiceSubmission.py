#!/usr/bin/env python3
"""The Monitor's menu Submit, Renderjuice: a dialog that submits one cloud render."""

import sys
import traceback

from Deadline.Scripting import RepositoryUtils
from DeadlineUI.Controls.Scripting.DeadlineScriptDialog import DeadlineScriptDialog

dialog = None


def __main__(*args):
    global dialog
    dialog = build_dialog()
    dialog.ShowDialog(len(args) > 0)


def build_dialog():
    form = DeadlineScriptDialog()
    form.SetTitle("Submit Blender Scene To Renderjuice")
    form.AddGrid()
    form.AddControlToGrid("NameLabel", "LabelControl", "Job Name", 0, 0, "", False)
    form.AddControlToGrid("NameBox", "TextControl", "", 0, 1)
    form.AddControlToGrid("SceneLabel", "LabelControl", "Scene", 1, 0, "A .blend or a .zip", False)
    form.AddSelectionControlToGrid("SceneBox", "FileBrowserControl", "", "Scenes (*.blend *.zip)", 1, 1)
    form.AddControlToGrid("OutputLabel", "LabelControl", "Output", 2, 0, "Such as /proj/out/shot_####", False)
    form.AddSelectionControlToGrid("OutputBox", "FileSaverControl", "", "All Files (*)", 2, 1)
    form.AddControlToGrid("FramesLabel", "LabelControl", "Frames", 3, 0, "Such as 1-24 or 1,5,10-20x2", False)
    form.AddControlToGrid("FramesBox", "TextControl", "", 3, 1)
    form.AddControlToGrid("ChunkLabel", "LabelControl", "Frames Per Task", 4, 0, "0: one render for all frames", False)
    form.AddRangeControlToGrid("ChunkBox", "RangeControl", 0, 0, 100000, 0, 1, 4, 1)
    form.AddControlToGrid("PoolLabel", "LabelControl", "Pool", 5, 0, "", False)
    form.AddControlToGrid("PoolBox", "PoolComboControl", "none", 5, 1)
    form.AddControlToGrid("GroupLabel", "LabelControl", "Group", 6, 0, "The Workers that have Node", False)
    form.AddControlToGrid("GroupBox", "GroupComboControl", "none", 6, 1)
    form.AddControlToGrid("PriorityLabel", "LabelControl", "Priority", 7, 0, "", False)
    form.AddRangeControlToGrid("PriorityBox", "RangeControl", 50, 0, 100, 0, 1, 7, 1)
    form.AddSelectionControlToGrid("WithSceneBox", "CheckBoxControl", False, "Submit Scene With Job", 8, 1)
    form.EndGrid()
    form.AddGrid()
    form.AddHorizontalSpacerToGrid("Spacer", 0, 0)
    submit_button = form.AddControlToGrid("SubmitButton", "ButtonControl", "Submit", 0, 1, "", False)
    submit_button.ValueModified.connect(submit)
    close_button = form.AddControlToGrid("CloseButton", "ButtonControl", "Close", 0, 2, "", False)
    close_button.ValueModified.connect(form.closeEvent)
    form.EndGrid()
    return form


def submit(*_):
    sys.path.append(str(RepositoryUtils.GetRepositoryPath("custom/submission/Renderjuice/Main", True)))
    try:
        from renderjuice_deadline import SubmissionError, submit_to_renderjuice
    except ImportError:
        dialog.ShowMessageBox("The submitter is not installed. Run renderjuice-deadline install --check.", "Error")
        return
    try:
        job_id = submit_to_renderjuice(
            scene=dialog.GetValue("SceneBox"),
            output=dialog.GetValue("OutputBox"),
            frames=dialog.GetValue("FramesBox"),
            name=dialog.GetValue("NameBox"),
            frames_per_task=int(dialog.GetValue("ChunkBox")),
            pool=dialog.GetValue("PoolBox"),
            group=dialog.GetValue("GroupBox"),
            priority=int(dialog.GetValue("PriorityBox")),
            submit_scene=bool(dialog.GetValue("WithSceneBox")),
        )
    except SubmissionError as error:
        dialog.ShowMessageBox(str(error), "Not Submitted")
    except Exception:
        dialog.ShowMessageBox(traceback.format_exc(), "Not Submitted")
    else:
        dialog.ShowMessageBox("Submitted as job %s." % job_id, "Submitted")
