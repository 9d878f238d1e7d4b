"""JSON lines between two processes of the harness, out of reach of the plugins' stdin and stdout."""

import json
import os
import selectors
import sys
import threading
import time


class Channel:
    """Both directions of a conversation. `receive` is for one thread, `send` for any."""

    def __init__(self, read_fd, write_fd):
        self._read_fd, self._write_fd = read_fd, write_fd
        self._buffer = b""
        self._lock = threading.Lock()
        self._is_closed = False
        self._selector = selectors.DefaultSelector()
        self._selector.register(read_fd, selectors.EVENT_READ)

    def send(self, message):
        """Raises BrokenPipeError when the other side is gone."""
        data = (json.dumps(message) + "\n").encode("utf-8")
        with self._lock:
            if self._is_closed:
                raise BrokenPipeError()
            while data:
                data = data[os.write(self._write_fd, data) :]

    def close(self):
        """After this nothing is written anymore: the number of a closed file may soon be another file's."""
        with self._lock:
            self._is_closed = True
        self._selector.close()

    def receive(self, until=None):
        """The next message; None when there are no more. Raises TimeoutError at `until` (time.monotonic)."""
        while b"\n" not in self._buffer:
            wait = None if until is None else max(0, until - time.monotonic())
            if not self._selector.select(wait):
                raise TimeoutError()
            data = os.read(self._read_fd, 1 << 16)
            if not data:
                return None
            self._buffer += data
        line, self._buffer = self._buffer.split(b"\n", 1)
        return json.loads(line.decode("utf-8"))


def take_over_standard_streams(log_path=os.devnull):
    """A channel over stdin and stdout. What plugins and their children write there goes into the log."""
    channel = Channel(os.dup(0), os.dup(1))
    null = os.open(os.devnull, os.O_RDONLY)
    log = os.open(log_path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    sys.stdout.flush()
    os.dup2(null, 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    return channel
