"""Runs one request of the bridge inside Blender: ``blender --background --python run.py -- REQUEST.json``.

A request is ``{"action": …, "answerPath": …, …}``; the answer goes into that file, as JSON.
"""

import json
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from renderjuice_scene import answer  # noqa: E402

with open(sys.argv[-1], encoding="utf-8") as request_file:
    request = json.load(request_file)
with open(request["answerPath"], "w", encoding="utf-8") as answer_file:
    json.dump(answer(request), answer_file)
