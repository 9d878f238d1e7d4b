"""The farm as tests drive it: JSON lines in, JSON lines out.

A request is `{"id": 1, "method": "act", "params": {…}}`; it is answered by `{"id": 1, "result": …}` or
`{"id": 1, "error": "…"}`. A running task tells `{"run": 2, "line": "…"}`, `progress`, `status`, and at last
`outcome`.
"""

import os
import sys
import threading
import time
import traceback

from .actions import Actions, Refused
from .application import Application
from .channel import Channel
from .deadlinecommand import MODES, install_command
from .events import ARGUMENTS
from .farm_folder import FarmFolder
from .job_store import JobStore
from .param_file import read_param, refusal
from .process_tree import FARM_VARIABLE, command_lines, kill_farm
from .task_runner import TaskRunner

ACTIONS = ("suspend", "resume", "requeue", "pend", "release", "complete", "fail", "delete", "archive")


class Supervisor:
    """The state of a running farm. `METHODS` names what a test can ask for."""

    def __init__(self, farm, channel):
        self.farm, self._channel = farm, channel
        self.store = JobStore(farm)
        self._actions = Actions(farm, self.store)
        self._applications, self._runs = {}, {}
        self._lock = threading.Lock()
        install_command(farm)

    def fire(self, application, event, arguments):
        """Raises an event in an application's sandbox, and returns its callbacks' records."""
        with self._lock:
            if application not in self._applications:
                self._applications[application] = Application(self.farm, application)
        return self._applications[application].fire(event, arguments)

    def end_task(self, job_id, task_id, worker, outcome):
        """Books what a Worker says about a task that is its own."""
        if outcome["status"] == "completed":
            self._fire_all(worker, job_id, self._actions.complete_task(job_id, task_id))
        elif outcome["status"] == "errored":
            self._error(worker, job_id, task_id, outcome["message"])

    def configure(self, change):
        """Merges settings of event plugins, render plugins, path mappings, deadlinecommand."""
        if change.get("deadlineCommand", {"mode": "ok"})["mode"] not in MODES:
            raise Refused("deadlinecommand can be %s" % ", ".join(MODES))

        def merge(config):
            for kind in ("events", "plugins"):
                for name, values in change.pop(kind, {}).items():
                    check_settings(self.farm.repository("custom", kind, name), name, values)
                    config[kind][name] = dict(config[kind].get(name, {}), **values)
            config.update(change)

        self.farm.configure(merge)

    def raise_event(self, event, jobId, application, arguments):
        """Raises an event without anything having happened."""
        if event not in ARGUMENTS:
            raise Refused("Deadline has no event %s" % event)
        if "job" in ARGUMENTS[event]:
            self.job(jobId)
        return self.fire(application, event, dict(arguments, jobId=jobId) if jobId else arguments)

    def act(self, action, jobId, application):
        """What a user does to a job, in the Monitor or elsewhere."""
        if action not in ACTIONS:
            raise Refused("a user can %s a job, not %s it" % (", ".join(ACTIONS), action))
        return self._fire_all(application, jobId, getattr(self._actions, action)(jobId))

    def requeue_task(self, jobId, taskId):
        self._actions.requeue_tasks(jobId, [taskId])

    def report_error(self, jobId, taskId, message, worker):
        """An error report, as from a Worker."""
        return self._error(worker, jobId, taskId, message)

    def scan_pending(self, application):
        """The Pending Job Scan. Returns the ids of the released jobs."""
        released = self._actions.scan_pending()
        for job_id, event in released:
            self.fire(application, event, {"jobId": job_id})
        return [job_id for job_id, _ in released]

    def clean_house(self, application):
        return self.fire(application, "OnHouseCleaning", {})

    def finish_locally(self, jobId, worker):
        """All tasks are rendered, without a renderer."""
        self._start_job(jobId, worker)
        fired = []
        for task in self.store.tasks(jobId):
            if task["Status"] != "Completed":
                fired += self._fire_all(worker, jobId, self._actions.complete_task(jobId, task["TaskId"]))
        return fired

    def fail_locally(self, jobId, message, worker):
        """A Worker reports an error, and the job fails of it."""
        self._start_job(jobId, worker)
        fired = self._error(worker, jobId, 0, message)
        if self.store.read(jobId)["JobStatus"] != "Failed":
            fired += self._fire_all(worker, jobId, self._actions.fail(jobId))
        return fired

    def start_task(self, jobId, taskId, worker, env, deaf):
        """Starts a task on a Worker, and returns the number of the run. A deaf one does not notice that it is taken away."""
        with self._lock:
            task_id = self._take(jobId, taskId, worker)
        self._start_job(jobId, worker)
        self.fire(worker, "OnSlaveRendering", {"jobId": jobId, "worker": worker})
        environment = dict(os.environ, **env)
        with self._lock:
            number = len(self._runs) + 1
            self._runs[number] = TaskRunner(
                self,
                jobId,
                task_id,
                worker,
                environment,
                deaf,
                lambda message: self._channel.send(dict(message, run=number)),
            )
        return {"run": number, "taskId": task_id}

    def kill_run(self, run):
        self._runs[run].kill()
        self._runs[run].wait()

    def pass_time(self, seconds):
        """Lets time pass for the tasks that are rendering."""
        for run in list(self._runs.values()):
            run.pass_time(seconds)

    def job(self, jobId):
        """The document of a job, wherever it is: `"where"` is jobs, deleted or archived."""
        where, document = self.store.find(jobId)
        if document is None:
            raise Refused("there has never been a job %s" % jobId)
        return dict(document, where=where)

    def jobs(self):
        return self.store.all()

    def tasks(self, jobId):
        return self.store.tasks(jobId)

    def reports(self, jobId):
        return self.farm.records("reports", jobId + ".jsonl")

    def log(self, application):
        """The log of an application, or of all of them."""
        names = [application + ".log"] if application else sorted(os.listdir(self.farm.folder("logs")))
        text = ""
        for name in names:
            try:
                with open(self.farm.at("logs", name), encoding="utf-8", errors="replace") as file:
                    text += file.read()
            except FileNotFoundError:
                continue
        return text

    def event_log(self):
        """One record per callback, and per plugin that failed to load, to hook well or to clean up."""
        return self.farm.records("events.jsonl")

    def commands(self):
        """The calls of deadlinecommand, oldest first. One without an exit code still runs, or was killed."""
        calls = {}
        for entry in self.farm.records("commands.jsonl"):
            calls.setdefault(entry["id"], {}).update(entry)
        return list(calls.values())

    def meta_data(self, plugin):
        return self.farm.read_json("metadata", plugin + ".json") or {}

    def stop_application(self, application):
        """Ends an application: its listeners clean up. The next event starts it again."""
        if application in self._applications:
            self._applications[application].close()

    def close(self):
        """Kills the Workers and ends the applications gracefully."""
        for run in list(self._runs.values()):
            run.kill()
        for application in list(self._applications.values()):
            application.close()

    def _take(self, job_id, task_id, worker):
        document = self.job(job_id)
        if document["where"] != "jobs" or document["JobStatus"] != "Active":
            raise Refused("job %s is %s: no Worker takes it" % (job_id, document["JobStatus"]))
        queued = [task["TaskId"] for task in self.store.tasks(job_id) if task["Status"] == "Queued"]
        if not queued or task_id not in [None] + queued:
            raise Refused("job %s has no such task waiting: queued are %s" % (job_id, queued or "none"))
        busy = {task["Worker"] for task in self.store.tasks(job_id) if task["Status"] == "Rendering"} - {
            worker
        }
        limit = int(document["JobInfo"].get("MachineLimit", 0))
        if limit and len(busy) >= limit:
            raise Refused("job %s has a machine limit of %d, and is on %s" % (job_id, limit, ", ".join(busy)))
        chosen = queued[0] if task_id is None else task_id
        self.store.update_task(job_id, chosen, Status="Rendering", Worker=worker, Progress=0, Message="")
        return chosen

    def _start_job(self, job_id, worker):
        self.fire(worker, "OnSlaveStartingJob", {"jobId": job_id, "worker": worker})
        with self.farm.lock():
            document = self.store.read(job_id)
            if document is None:
                raise Refused("there is no job %s on the farm" % job_id)
            first = document["JobStartedDateTime"] is None
            if first:
                self.store.write(dict(document, JobStartedDateTime=time.time()))
        if first:
            self.fire(worker, "OnJobStarted", {"jobId": job_id})

    def _error(self, worker, job_id, task_id, message):
        events = self._actions.count_error(job_id, task_id, message)
        return self._fire_all(worker, job_id, events, taskId=task_id, message=message)

    def _fire_all(self, application, job_id, events, **arguments):
        fired = []
        for event in events:
            fired += self.fire(application, event, dict(arguments, jobId=job_id))
        return fired


METHODS = (
    "configure raise_event act requeue_task report_error scan_pending clean_house finish_locally "
    "fail_locally start_task kill_run pass_time job jobs tasks reports log event_log commands meta_data "
    "stop_application"
).split()


def check_settings(folder, name, values):
    """Lets only that be configured which the plugin's .param file offers."""
    if not os.path.isdir(folder):
        raise Refused("the repository has no plugin %s" % name)
    param = read_param(os.path.join(folder, name + ".param"))
    for key, value in values.items():
        reason = refusal(param, key, value)
        if reason:
            raise Refused("%s: %s" % (name, reason))


def serve(farm_path):
    """Answers requests until stdin ends. Then the farm is ended: whatever hangs, nothing of it is left."""
    channel = Channel(os.dup(0), os.dup(1))
    os.dup2(2, 1)
    sys.stderr.reconfigure(line_buffering=True)  # What was said is to be read even after a SIGKILL.
    farm = FarmFolder(farm_path)
    os.environ[FARM_VARIABLE] = farm.path
    code, late = 1, threading.Event()
    try:
        supervisor = Supervisor(farm, channel)
        answer_requests(supervisor, channel)
        threading.Thread(target=end_by_force, args=(farm, late), daemon=True).start()
        supervisor.close()
        code = 1 if late.is_set() else 0
    except Exception:
        sys.stderr.write(traceback.format_exc())
    finally:
        kill_farm(farm.path)
        os._exit(code)


def end_by_force(farm, late):
    """Ends the farm and this process once closing it has taken too long, and says what was in the way."""
    seconds = farm.config()["closeMs"] / 1000.0
    time.sleep(seconds)
    late.set()
    left = "\n".join(command_lines(farm.path))
    sys.stderr.write("The farm did not end within %g s. Killed are:\n%s\n" % (seconds, left))
    kill_farm(farm.path)
    os._exit(1)


def answer_requests(supervisor, channel):
    """Answers each request in a separate thread, until stdin ends."""

    def answer(request):
        try:
            if request["method"] not in METHODS:
                raise Refused("the harness has no method %s" % request["method"])
            result = getattr(supervisor, request["method"])(**request["params"])
            channel.send({"id": request["id"], "result": result})
        except Refused as error:
            channel.send({"id": request["id"], "error": str(error)})
        except Exception:
            sys.stderr.write(traceback.format_exc())
            channel.send({"id": request["id"], "error": traceback.format_exc()})

    while True:
        request = channel.receive()
        if request is None:
            return
        threading.Thread(target=answer, args=(request,), daemon=True).start()
