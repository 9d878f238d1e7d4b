"""The namespace FranticX: nothing of its own."""

__all__ = []
