"""Messages to the sandbox: lines on standard output that start with a token the scene cannot know."""

import json
import os


class Channel:
    def __init__(self, token):
        self._token = token
        # A separate descriptor, so that replacing sys.stdout does not affect messages.
        self._descriptor = os.dup(1)

    def send(self, message_type, **fields):
        line = json.dumps({"type": message_type, **fields})
        # The leading line break ends any unfinished line of Blender.
        data = f"\n{self._token}{line}\n".encode("utf-8")
        while data:
            data = data[os.write(self._descriptor, data) :]
