"""The namespace System.Collections, which is empty."""

__all__ = []
