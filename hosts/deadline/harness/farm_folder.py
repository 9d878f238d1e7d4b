"""The folder that stands for a farm: repository, database and every machine's local folders in one place."""

import contextlib
import fcntl
import json
import os
import tempfile

DEFAULTS = {
    "strict": True,
    "hangMs": 20000,
    "silenceMs": 20000,
    "closeMs": 10000,
    "repository": "",
    "events": {},
    "plugins": {},
    "pathMappings": [],
    "deadlineCommand": {"mode": "ok"},
}


class FarmFolder:
    """Paths and small files of a farm. Every process of the farm opens the same folder."""

    def __init__(self, path):
        self.path = os.path.abspath(path)

    def at(self, *names):
        """A path in the farm, whose folder exists."""
        path = os.path.join(self.path, *names)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        return path

    def folder(self, *names):
        """A folder of the farm, which exists."""
        path = os.path.join(self.path, *names)
        os.makedirs(path, exist_ok=True)
        return path

    def config(self):
        """The farm's settings as they are now: a change shows in a running sandbox."""
        return dict(DEFAULTS, **(self.read_json("config.json") or {}))

    def configure(self, change):
        """Applies a function to the settings."""
        with self.lock():
            config = self.config()
            change(config)
            self.write_json(config, "config.json")

    def repository(self, *names):
        return os.path.join(self.config()["repository"], *names)

    def read_json(self, *names):
        """A JSON file, or None if there is none."""
        try:
            with open(os.path.join(self.path, *names), encoding="utf-8") as file:
                return json.load(file)
        except FileNotFoundError:
            return None

    def write_json(self, value, *names):
        """Replaces a file as a whole: nobody ever reads half of it."""
        path = self.at(*names)
        handle, temporary = tempfile.mkstemp(dir=os.path.dirname(path), suffix=".tmp")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(value, file, ensure_ascii=False, indent=1)
        os.replace(temporary, path)

    def append(self, line, *names):
        """Adds a line to a file that several processes write."""
        handle = os.open(self.at(*names), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(handle, (line + "\n").encode("utf-8", "replace"))
        finally:
            os.close(handle)

    def record(self, entry, *names):
        self.append(json.dumps(entry), *names)

    def records(self, *names):
        """The entries of a JSON-lines file, oldest first."""
        try:
            with open(os.path.join(self.path, *names), encoding="utf-8") as file:
                return [json.loads(line) for line in file]
        except FileNotFoundError:
            return []

    def log(self, application, line):
        self.append(line, "logs", application + ".log")

    @contextlib.contextmanager
    def lock(self):
        """Held while the farm itself reads and writes back. Plugins save without it, and race."""
        with open(self.at("farm.lock"), "w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
