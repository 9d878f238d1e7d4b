"""maya.mel"""

from fake_maya import mel


def eval(command):  # noqa: A001, it is called so in Maya
    return mel.evaluate(command)
