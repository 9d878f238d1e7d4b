"""The namespace FranticX, which is empty."""

__all__ = []
