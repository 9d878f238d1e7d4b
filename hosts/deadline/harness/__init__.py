"""A stand-in for a Deadline 10 farm in plain CPython, to test event and render plugins without Deadline.

It follows what is documented or seen in public plugins, and where nothing is known it takes the less kind
assumption. Nothing here has been compared with a running Deadline.
"""
