"""maya.utils"""

from fake_maya.main_thread import execute_deferred as executeDeferred
from fake_maya.main_thread import execute_with_result as executeInMainThreadWithResult

__all__ = ["executeDeferred", "executeInMainThreadWithResult"]
