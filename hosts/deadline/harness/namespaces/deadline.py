"""The namespace Deadline, which is empty."""

__all__ = []
