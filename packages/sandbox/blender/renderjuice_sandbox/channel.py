"""Messages to the sandbox: lines on standard output that start with a token the scene cannot know."""

import json
import os


class Channel:
    def __init__(self, token):
        self._token = token
        # Own descriptor: nothing that replaces sys.stdout can hold a message back.
        self._descriptor = os.dup(1)

    def send(self, message_type, **fields):
        line = json.dumps({"type": message_type, **fields})
        # The leading line break ends whatever Blender left unfinished on its line.
        data = f"\n{self._token}{line}\n".encode("utf-8")
        while data:
            data = data[os.write(self._descriptor, data) :]
