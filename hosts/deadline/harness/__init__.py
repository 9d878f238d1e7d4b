"""A stand-in for a Deadline 10 farm in plain CPython, to test event and render plugins without Deadline.

It follows the documentation and public plugins, and otherwise makes the less favorable assumption. Nothing here has
been compared with a running Deadline.
"""
