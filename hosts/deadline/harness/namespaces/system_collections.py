"""The namespace System.Collections: nothing of its own."""

__all__ = []
