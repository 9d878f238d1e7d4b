"""Stands for Maya's own package: what it does not have, it refuses."""
