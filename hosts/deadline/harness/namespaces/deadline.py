"""The namespace Deadline: nothing of its own."""

__all__ = []
