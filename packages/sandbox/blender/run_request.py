"""Runs one request of the sandbox inside Blender: `blender --background --python run_request.py -- REQUEST.json`."""

import json
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from renderjuice_sandbox.channel import Channel  # noqa: E402
from renderjuice_sandbox.parent_watch import die_with_parent  # noqa: E402
from renderjuice_sandbox.requests import answer  # noqa: E402

die_with_parent()
with open(sys.argv[-1], encoding="utf-8") as request_file:
    request = json.load(request_file)
answer(request, Channel(request["token"]))
