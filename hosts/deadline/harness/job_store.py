"""The farm's database: one JSON document per job, another one for its tasks."""

import os
import time
import uuid

LIVE, DELETED, ARCHIVED = "jobs", "deleted", "archived"


class JobStore:
    """Documents as plain dictionaries. Whoever writes last wins."""

    def __init__(self, farm):
        self._farm = farm

    def create(self, document, frames_of_tasks):
        """Stores a new job with its tasks and returns its id, 24 hex digits."""
        job_id = uuid.uuid4().hex[:24]
        status = {"Suspended": "Suspended", "Pending": "Pending"}.get(document["JobStatus"], "Queued")
        tasks = [new_task(number, frames, status) for number, frames in enumerate(frames_of_tasks)]
        self.write_tasks(job_id, tasks)
        self._farm.write_json(
            dict(document, JobId=job_id, JobSubmitDateTime=time.time()), LIVE, job_id + ".json"
        )
        return job_id

    def read(self, job_id):
        """A job's document, or None once it is deleted or archived."""
        return self._farm.read_json(LIVE, job_id + ".json")

    def find(self, job_id):
        """`(where, document)` of a job that may be deleted or archived; `(None, None)` if it never was."""
        for where in (LIVE, DELETED, ARCHIVED):
            document = self._farm.read_json(where, job_id + ".json")
            if document:
                return where, document
        return None, None

    def write(self, document):
        """The whole document, over whatever is there; nothing if the job is gone."""
        if self.read(document["JobId"]):
            self._farm.write_json(document, LIVE, document["JobId"] + ".json")

    def all(self):
        """The documents of all jobs, oldest first."""
        names = os.listdir(self._farm.folder(LIVE))
        documents = [self.read(name[:-5]) for name in names if name.endswith(".json")]
        return sorted(filter(None, documents), key=lambda document: document["JobSubmitDateTime"])

    def move(self, job_id, where):
        os.replace(self._farm.at(LIVE, job_id + ".json"), self._farm.at(where, job_id + ".json"))

    def tasks(self, job_id):
        return self._farm.read_json("tasks", job_id + ".json") or []

    def write_tasks(self, job_id, tasks):
        self._farm.write_json(tasks, "tasks", job_id + ".json")

    def update_task(self, job_id, task_id, **changes):
        """Changes some fields of one task."""
        with self._farm.lock():
            tasks = self.tasks(job_id)
            tasks[task_id].update(changes)
            self.write_tasks(job_id, tasks)


def new_task(number, frames, status):
    return {
        "TaskId": number,
        "Frames": frames,
        "Status": status,
        "Progress": 0,
        "Message": "",
        "Worker": "",
        "Errors": 0,
    }
