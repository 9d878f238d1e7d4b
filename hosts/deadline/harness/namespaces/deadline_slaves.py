"""The namespace Deadline.Slaves: Workers have no settings on this farm."""

__all__ = []
