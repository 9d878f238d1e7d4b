"""The supervisor's side of a Worker: starts it, passes on what it says, books how the task ended."""

import subprocess
import sys
import threading
import time
import traceback

from .actions import Refused
from .application import start_role
from .channel import Channel
from .process_tree import kill_tree

POLL_SECONDS = 0.2


class TaskRunner:
    """One task on one Worker, in separate threads. `notify` gets every message."""

    def __init__(self, supervisor, job_id, task_id, worker, environment, deaf, notify):
        self._supervisor, self._notify = supervisor, notify
        self._job_id, self._task_id, self._worker = job_id, task_id, worker
        self._killed = False
        self._began = time.monotonic()
        self._ended = threading.Event()
        self._process = start_role(
            "worker",
            supervisor.farm.path,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            cwd=supervisor.farm.folder("machines", worker),
            env=environment,
        )
        self._channel = Channel(self._process.stdout.fileno(), self._process.stdin.fileno())
        self._send({"jobId": job_id, "taskId": task_id, "worker": worker})
        threading.Thread(target=self._converse, daemon=True).start()
        if not deaf:
            threading.Thread(target=self._watch, daemon=True).start()

    def kill(self):
        """Ends the Worker as a power cut would: it says nothing more, and its task stays as it is."""
        self._killed = True
        self._kill_process()

    def wait(self):
        self._ended.wait()

    def pass_time(self, seconds):
        """Acts as if the task had been rendering for that much longer, and ends it if it exceeds the job's time-out."""
        self._began -= seconds
        limit = self._job_setting("JobTaskTimeoutSeconds")
        if limit and self._seconds() > limit:
            self._send({"timeout": limit})

    def _kill_process(self):
        if self._process.poll() is None:
            kill_tree(self._process.pid)

    def _converse(self):
        """Whatever goes wrong here, the Worker is gone at the end and the run is over."""
        outcome = {"status": "killed", "message": "the harness failed"}
        try:
            outcome = self._listen()
            self._book_end(outcome)
        except Exception:
            outcome = {"status": "killed", "message": "the harness failed: " + traceback.format_exc()}
            sys.stderr.write(outcome["message"])
        finally:
            self._end(outcome)

    def _listen(self):
        """Passes on what the Worker says until it has ended, and returns how the task ended."""
        outcome = None
        while True:
            message = self._channel.receive()
            if message is None:
                break
            if "fire" in message:
                self._supervisor.fire(self._worker, message["fire"], message["arguments"])
                self._send({"fired": True})
            elif "outcome" in message:
                outcome = message["outcome"]
            else:
                self._book(message)
                self._notify(message)
        self._process.wait()
        return outcome or {"status": "killed", "message": "" if self._killed else "the Worker crashed"}

    def _book_end(self, outcome):
        shortest = self._job_setting("JobMinRenderTimeSeconds")
        if outcome["status"] == "completed" and self._seconds() < shortest:
            outcome.update(status="errored", message="the task took less than %d seconds" % shortest)
        try:
            if self._is_ours() and not self._killed:
                self._supervisor.end_task(self._job_id, self._task_id, self._worker, outcome)
        except Refused:
            return  # The job was taken away at the last moment.

    def _seconds(self):
        return time.monotonic() - self._began

    def _job_setting(self, name):
        return (self._supervisor.store.read(self._job_id) or {name: 0})[name]

    def _end(self, outcome):
        try:
            self._kill_process()
            self._process.wait()
            self._channel.close()
            self._process.stdin.close()
            self._process.stdout.close()
        finally:
            self._ended.set()
            self._notify({"outcome": outcome})

    def _book(self, message):
        if "progress" in message:
            self._update(Progress=message["progress"])
        if "status" in message:
            self._update(Message=message["status"])

    def _update(self, **changes):
        if self._is_ours():
            self._supervisor.store.update_task(self._job_id, self._task_id, **changes)

    def _is_ours(self):
        """Whether the farm still sees this Worker rendering the task."""
        if self._supervisor.store.read(self._job_id) is None:
            return False
        task = self._supervisor.store.tasks(self._job_id)[self._task_id]
        return task["Status"] == "Rendering" and task["Worker"] == self._worker

    def _watch(self):
        """A Worker checks its task from time to time, and gives up when it was taken away."""
        while not self._ended.wait(POLL_SECONDS):
            if not self._is_ours():
                self._send({"cancel": True})
                return

    def _send(self, message):
        try:
            self._channel.send(message)
        except OSError:
            return  # The Worker has just ended.
