"""Dialogs for the artist. In batch mode there is nobody to ask."""

from maya import cmds

from .errors import RenderjuiceError, SubmitCanceled

SAVE = "Save"
LAST_SAVED = "Submit Last Saved"
CANCEL = "Cancel"
CHOICES = {"save": SAVE, "last-saved": LAST_SAVED}


def settle_unsaved(choice=None):
    """Makes sure that the scene on disk is the one to submit.

    ``choice`` is ``save`` or ``last-saved``; without a choice, a dialog asks the artist. Returns whether unsaved
    changes are left out. Raises RenderjuiceError for a scene that was never saved, SubmitCanceled if the artist
    cancels.
    """
    if not cmds.file(query=True, sceneName=True):
        message = "This scene was never saved, so nobody could tell later what was rendered."
        if not cmds.about(batch=True):
            cmds.confirmDialog(title="Renderjuice", message=message + " Save it first.", button=["OK"])
        raise RenderjuiceError(message, "Save it first.")
    if not cmds.file(query=True, modified=True):
        return False
    if choice is not None and choice not in CHOICES:
        raise RenderjuiceError('unsaved="{}" is not a valid choice.'.format(choice), 'Use "save" or "last-saved".')
    answer = CHOICES[choice] if choice else _ask()
    if answer == SAVE:
        cmds.file(save=True)
        return False
    if answer == LAST_SAVED:
        return True
    raise SubmitCanceled("Canceled. Nothing was sent.")


def _ask():
    if cmds.about(batch=True):
        raise RenderjuiceError(
            "The scene has unsaved changes.", 'Pass unsaved="save" or unsaved="last-saved".'
        )
    return cmds.confirmDialog(
        title="Renderjuice",
        message="The scene has unsaved changes. The caches contain them, but the saved file does not.",
        button=[SAVE, LAST_SAVED, CANCEL],
        defaultButton=SAVE,
        cancelButton=CANCEL,
        dismissString=CANCEL,
    )


def advise(function, *arguments):
    """Runs what an artist has clicked, and shows errors in a dialog instead of a traceback."""
    try:
        function(*arguments)
    except SubmitCanceled:
        pass
    except RenderjuiceError as error:
        cmds.confirmDialog(title="Renderjuice", message=str(error), button=["OK"])


def choose_blend(start_folder):
    """Asks for the studio's scene.

    Raises SubmitCanceled if the artist chooses none, RenderjuiceError in batch mode.
    """
    if cmds.about(batch=True):
        raise RenderjuiceError("There is no .blend to render.", 'Pass blend="…/shot.blend".')
    chosen = cmds.fileDialog2(
        caption="The Blender scene of this shot",
        fileFilter="Blender scenes (*.blend)",
        fileMode=1,
        startingDirectory=start_folder,
    )
    if not chosen:
        raise SubmitCanceled("Canceled. Nothing was sent.")
    return chosen[0]
