"""An application of the farm (Monitor, a Worker, Pulse, deadlinecommand) and its event sandbox."""

import os
import signal
import subprocess
import sys
import threading
import time

from .channel import Channel
from .verdict import BREAKS, UNKNOWN

HARNESS = os.path.dirname(os.path.abspath(__file__))


def start_role(role, *arguments, **options):
    """A process of the harness, without the caller's Python surroundings: no site-packages, no PYTHONPATH."""
    return subprocess.Popen([sys.executable, "-I", "-S", HARNESS, role] + list(arguments), **options)


class Application:
    """Raises events in its sandbox. Whatever plugins do there, `fire` returns: a hung sandbox is replaced."""

    def __init__(self, farm, name):
        self._farm, self.name = farm, name
        self._process = self._channel = None
        self._lock = threading.Lock()

    def fire(self, event, arguments):
        """One record per callback: plugin, event, times in ms, error, killed."""
        with self._lock:
            if not (self._process or self._start()):
                return []
            try:
                self._channel.send({"fire": event, "arguments": arguments})
            except BrokenPipeError:
                return self._lost("crashed before %s" % event, {"event": event})
            return self._receive("fired", event)

    def close(self):
        """Lets the listeners clean up, and ends the sandbox."""
        with self._lock:
            if self._process:
                try:
                    self._channel.send({"stop": True})
                    self._receive("stopped", "cleanup")
                except BrokenPipeError:
                    pass
                self._end()

    def _start(self):
        environment = {key: value for key, value in os.environ.items() if key != "DEADLINE_HARNESS_CALLER"}
        with open(self._farm.at("logs", self.name + ".log"), "ab") as log:
            self._process = start_role(
                "sandbox",
                self._farm.path,
                self.name,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                bufsize=0,
                start_new_session=True,
                cwd=self._farm.folder("machines", self.name),
                env=environment,
            )
        self._channel = Channel(self._process.stdout.fileno(), self._process.stdin.fileno())
        self._receive("ready", "load")
        return self._process is not None

    def _receive(self, answer, stage):
        """The answer of the sandbox; the record of the callback that it was killed in if there is none."""
        running, until = [], self._limit("silenceMs")
        while True:
            try:
                message = self._channel.receive(until)
            except TimeoutError:
                return self._lost_in(running, "hung" if running else "froze", stage)
            if message is None:
                return self._lost_in(running, "crashed", stage)
            if answer in message:
                return message[answer]
            if "began" in message:
                running.append(dict(message["began"], since=time.monotonic()))
                until = until if running[1:] else self._limit("hangMs")
            elif "ended" in message:
                running.pop()
                until = until if running else self._limit("silenceMs")

    def _limit(self, name):
        return time.monotonic() + self._farm.config()[name] / 1000.0

    def _lost_in(self, running, how, stage):
        if not running:
            return self._lost("%s outside of a plugin's call at %s" % (how, stage), {"event": stage})
        call = running[0]
        return self._lost("%s in %s.%s" % (how, call["plugin"], call["event"]), call, BREAKS)

    def _lost(self, how, call, judgment=UNKNOWN):
        """Records a sandbox that is of no use anymore. The next event starts a fresh one."""
        self._end()
        error = "the event sandbox %s and is replaced" % how
        self._farm.log(self.name, "ERROR: " + error)
        now = time.monotonic()
        record = {
            "kind": "callback",
            "application": self.name,
            "event": call["event"],
            "plugin": call.get("plugin", "?"),
            "jobId": call.get("jobId"),
            "callbackMs": (now - call.get("since", now)) * 1000,
            "deadlinecommandMs": 0,
            "error": error,
            "killed": True,
            "verdict": judgment,
        }
        self._farm.record(record, "events.jsonl")
        return [record]

    def _end(self):
        process, self._process = self._process, None
        if process is None:
            return
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()
        self._channel.close()
        process.stdin.close()
        process.stdout.close()
