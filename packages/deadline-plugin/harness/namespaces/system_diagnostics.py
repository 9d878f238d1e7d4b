"""The namespace System.Diagnostics."""

__all__ = ["ProcessPriorityClass"]


class ProcessPriorityClass:
    BelowNormal = "BelowNormal"
    Normal = "Normal"
