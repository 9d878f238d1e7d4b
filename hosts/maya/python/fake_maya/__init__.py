"""A process that behaves as Maya does where the bridge touches it.

Facts: docs of Maya's commands, public port sources.
"""
