"""What users, plugins or the farm itself can do to a job: a change in the database, and the event of it."""

import time

from .job_info import flag
from .job_store import ARCHIVED, DELETED

UNFINISHED = ("Queued", "Rendering", "Suspended", "Pending", "Failed")


class Refused(Exception):
    """The job's state does not allow the action; the message says which state it is."""


class Actions:
    """Changes of a job's state. Every method returns the names of the events that are then to be raised."""

    def __init__(self, farm, store):
        self._farm, self._store = farm, store

    def suspend(self, job_id):
        return self._change(
            job_id,
            "suspend",
            ("Active", "Pending"),
            "Suspended",
            "OnJobSuspended",
            {"Queued": "Suspended", "Rendering": "Suspended", "Pending": "Suspended"},
        )

    def resume(self, job_id):
        """A suspended job goes on, a failed one too; one with open dependencies becomes pending again."""
        document = self._read(job_id)
        if document["JobStatus"] == "Failed":
            return self.resume_failed(job_id)
        if document["JobStatus"] == "Suspended" and not self._is_free(document):
            return self._change(
                job_id, "resume", ("Suspended",), "Pending", "OnJobResumed", {"Suspended": "Pending"}
            )
        return self._change(
            job_id, "resume", ("Suspended",), "Active", "OnJobResumed", {"Suspended": "Queued"}
        )

    def resume_failed(self, job_id):
        return self._change(
            job_id, "resume", ("Failed",), "Active", "OnJobResumed", {"Failed": "Queued"}, JobErrors=0
        )

    def requeue(self, job_id):
        """All tasks are to be rendered again."""
        moves = dict.fromkeys(("Completed", "Failed", "Suspended", "Rendering"), "Queued")
        return self._change(
            job_id,
            "requeue",
            ("Active", "Completed", "Failed", "Suspended"),
            "Active",
            "OnJobRequeued",
            moves,
            JobErrors=0,
            JobCompletedDateTime=None,
        )

    def pend(self, job_id):
        return self._change(
            job_id,
            "pend",
            ("Active", "Suspended"),
            "Pending",
            "OnJobPended",
            {"Queued": "Pending", "Suspended": "Pending", "Rendering": "Pending"},
        )

    def release(self, job_id):
        return self._change(job_id, "release", ("Pending",), "Active", "OnJobReleased", {"Pending": "Queued"})

    def complete(self, job_id):
        return self._change(
            job_id,
            "complete",
            ("Active", "Suspended", "Pending", "Failed"),
            "Completed",
            "OnJobFinished",
            dict.fromkeys(UNFINISHED, "Completed"),
            JobCompletedDateTime=time.time(),
        )

    def fail(self, job_id):
        return self._change(
            job_id,
            "fail",
            ("Active", "Suspended", "Pending"),
            "Failed",
            "OnJobFailed",
            dict.fromkeys(UNFINISHED, "Failed"),
        )

    def delete(self, job_id):
        self._read(job_id)
        self._store.move(job_id, DELETED)
        return ["OnJobDeleted"]

    def archive(self, job_id):
        """No event: OnJobArchived is only in samples that never worked."""
        if self._read(job_id)["JobStatus"] not in ("Completed", "Failed", "Suspended"):
            raise Refused("job %s is not done, so it cannot be archived" % job_id)
        self._store.move(job_id, ARCHIVED)
        return []

    def requeue_tasks(self, job_id, task_ids, statuses=("Completed", "Failed", "Rendering", "Suspended")):
        """Those of the tasks that are in one of the states are to be rendered (again)."""
        with self._farm.lock():
            document, tasks = self._read(job_id), self._store.tasks(job_id)
            for task_id in task_ids:
                if tasks[task_id]["Status"] in statuses:
                    tasks[task_id].update(Status="Queued", Worker="", Progress=0, Message="")
            self._store.write_tasks(job_id, tasks)
            if document["JobStatus"] in ("Completed", "Failed"):
                self._store.write(dict(document, JobStatus="Active", JobCompletedDateTime=None))
        return []

    def complete_task(self, job_id, task_id):
        """A task is done; with the last one the job is."""
        self._store.update_task(job_id, task_id, Status="Completed", Progress=100)
        if all(task["Status"] == "Completed" for task in self._store.tasks(job_id)):
            return self.complete(job_id)
        return []

    def count_error(self, job_id, task_id, message):
        """An error report: the task is queued again, or the job fails if it has had too many errors."""
        with self._farm.lock():
            document, tasks = self._read(job_id), self._store.tasks(job_id)
            errors = document["JobErrors"] + 1
            self._store.write(dict(document, JobErrors=errors))
            task = tasks[task_id]
            task.update(Status="Queued", Worker="", Progress=0, Errors=task["Errors"] + 1)
            self._store.write_tasks(job_id, tasks)
        self._farm.record({"taskId": task_id, "message": message}, "reports", job_id + ".jsonl")
        info = document["JobInfo"]
        limit = (
            int(info.get("FailureDetectionJobErrors", 100))
            if flag(document, "OverrideJobFailureDetection")
            else 100
        )
        return ["OnJobError"] + (self.fail(job_id) if limit and errors >= limit else [])

    def scan_pending(self):
        """The Pending Job Scan. Returns `[(job id, event)]` of the jobs that it released."""
        released = []
        for document in self._store.all():
            if document["JobStatus"] == "Pending" and self._is_free(document):
                released += [(document["JobId"], event) for event in self.release(document["JobId"])]
            elif document["JobStatus"] in ("Pending", "Active") and flag(document, "IsFrameDependent"):
                released += [(document["JobId"], event) for event in self._release_frames(document)]
        return released

    def _release_frames(self, document):
        """Starts the tasks whose frames every dependency has done; with the first one the job is released."""
        job_id = document["JobId"]
        done = [self._done_frames(dependency) for dependency in document["JobDependencyIDs"]]
        with self._farm.lock():
            tasks = self._store.tasks(job_id)
            ready = [
                task
                for task in tasks
                if task["Status"] == "Pending" and all(set(task["Frames"]) <= frames for frames in done)
            ]
            for task in ready:
                task["Status"] = "Queued"
            self._store.write_tasks(job_id, tasks)
            document = self._read(job_id)
            if not ready or document["JobStatus"] != "Pending":
                return []
            self._store.write(dict(document, JobStatus="Active"))
        return ["OnJobReleased"]

    def _done_frames(self, job_id):
        return {
            frame
            for task in self._store.tasks(job_id)
            if task["Status"] == "Completed"
            for frame in task["Frames"]
        }

    def _is_free(self, document):
        return all(self._frees(document, job_id) for job_id in document["JobDependencyIDs"])

    def _frees(self, document, dependency_id):
        """Whether a dependency is over in a way that the job accepts: success, unless told otherwise."""
        where, dependency = self._store.find(dependency_id)
        if dependency is None or where == DELETED:
            return flag(document, "ResumeOnDeletedDependencies")
        if dependency["JobStatus"] == "Failed":
            return flag(document, "ResumeOnFailedDependencies")
        return dependency["JobStatus"] == "Completed" and flag(document, "ResumeOnCompleteDependencies", True)

    def _change(self, job_id, verb, allowed, status, event, moves, **changes):
        with self._farm.lock():
            document = self._read(job_id)
            if document["JobStatus"] not in allowed:
                raise Refused("job %s is %s, so nobody can %s it" % (job_id, document["JobStatus"], verb))
            tasks = self._store.tasks(job_id)
            for task in tasks:
                new = moves.get(task["Status"])
                if new:
                    task.update(Status=new, Worker="", Progress=100 if new == "Completed" else 0)
            self._store.write_tasks(job_id, tasks)
            self._store.write(dict(document, JobStatus=status, **changes))
        return [event]

    def _read(self, job_id):
        document = self._store.read(job_id)
        if document is None:
            raise Refused("there is no job %s on the farm" % job_id)
        return document
