"""Drives the command line from Python, a JSON event per line: python cli-json.py shot.blend renders/"""

import json
import os
import subprocess
import sys

if len(sys.argv) != 3:
    sys.exit(__doc__)
scene, out = sys.argv[1:3]
command = os.environ.get("RENDERJUICE", "renderjuice").split() + ["--json", "submit", scene, "--frames", "1-3", "--out", out]

with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as renderjuice:
    for line in renderjuice.stdout:
        event = json.loads(line)
        if event["type"] == "render-progressed":
            print("%s of %s frames" % (event.get("completedFrames"), event.get("totalFrames")))
        elif event["type"] == "result":
            print("%d files" % len(event["downloads"]["files"]))
        elif event["type"] == "error":
            print(event["message"], event.get("hint", ""), file=sys.stderr)
sys.exit(renderjuice.returncode)
