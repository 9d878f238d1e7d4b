"""A process that behaves like Maya wherever the bridge touches it.

Facts: docs of Maya's commands, public port sources.
"""
