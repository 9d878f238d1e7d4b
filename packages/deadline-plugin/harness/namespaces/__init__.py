"""Fake .NET namespaces, one module each. What is not in a module's `__all__` does not exist for plugins."""

from . import (
    deadline,
    deadline_events,
    deadline_jobs,
    deadline_plugins,
    deadline_scripting,
    franticx,
    franticx_processes,
    system,
    system_collections,
    system_collections_specialized,
    system_diagnostics,
    system_io,
    system_text,
)

NAMESPACES = {
    "System": system,
    "System.Collections": system_collections,
    "System.Collections.Specialized": system_collections_specialized,
    "System.Diagnostics": system_diagnostics,
    "System.IO": system_io,
    "System.Text": system_text,
    "FranticX": franticx,
    "FranticX.Processes": franticx_processes,
    "Deadline": deadline,
    "Deadline.Events": deadline_events,
    "Deadline.Jobs": deadline_jobs,
    "Deadline.Plugins": deadline_plugins,
    "Deadline.Scripting": deadline_scripting,
}
