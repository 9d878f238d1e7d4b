#!/usr/bin/env python3
"""Renderjuice event plugin for Deadline 10: decides which jobs go to the cloud, and enqueues them.

A job that goes to the cloud gets a *helper*: a second Deadline job with the render plugin "Renderjuice", which a Worker
runs as it runs any other. This file only decides, enqueues and keeps original and helper in step. It opens no
connection, knows no key, and is done within a time limit. Whatever goes wrong in it ends as a line in the log.

One file and the standard library only, since Deadline loads it from its text. Written for Python 3.7 and later; the
first line is for Deadline 10.1 and 10.2.
"""

import codecs
import fnmatch
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time

from Deadline.Events import DeadlineEventListener
from Deadline.Scripting import ClientUtils, RepositoryUtils
from System import DateTime

PLUGIN_NAME = "Renderjuice"

# Extra info of the helper.
GENERATED = "RJ_Generated"  # "render" or "cancel"; no helper gets a helper
ORIGINAL = "RJ_OriginalJobId"
RUN = "RJ_Run"  # the same for every helper of one hand-over: one run is paid for once
REMOTE = "RJ_JobId"  # written by the render plugin; with several tasks, RJ_JobId_<task>
CANCELER = "RJ_CancelJobId"  # the job that cancels what this helper has left

# Extra info of the original.
HELPER = "RJ_HelperJobId"
GENERATION = "RJ_Generation"  # counts hand-overs
HELD = "RJ_Held"  # suspended by us while the cloud renders
UNSURE = "RJ_SubmitUnsure"  # the submission was cut off; the time of it
# Wishes for one job, set by whoever submits it.
WANTED_TRIGGERS = "RJ_Trigger"
WANTED_SETTINGS = "RJ_Settings"
WANTED_FRAMES_PER_TASK = "RJ_FramesPerTask"
WANTED_SCENE = "RJ_SceneFile"
WANTED_OUTPUT = "RJ_OutputFile"

TRIGGERS = {
    "submit": "HandOverOnSubmit",
    "failure": "FallBackOnFailure",
    "finish": "ChainOnFinish",
    "pressure": "OverflowOnPressure",
}
WAITING_FOR = "RJ_Cancel_"  # metadata: cancels that could not be enqueued yet

HOUSE_CLEANING_SECONDS = 15
UNSURE_MINUTES = 10


def GetDeadlineEventListener():
    return RenderjuiceEvents()


def CleanupDeadlineEventListener(eventListener):
    eventListener.Cleanup()


class SubmitUnsure(Exception):
    """deadlinecommand was cut off: the job may exist or not."""


class RenderjuiceEvents(DeadlineEventListener):
    def __init__(self):
        super().__init__()
        self.OnJobSubmittedCallback += self.OnJobSubmitted
        self.OnJobFinishedCallback += self.OnJobFinished
        self.OnJobFailedCallback += self.OnJobFailed
        self.OnJobSuspendedCallback += self.OnJobSuspended
        self.OnJobResumedCallback += self.OnJobResumed
        self.OnJobRequeuedCallback += self.OnJobRequeued
        self.OnJobDeletedCallback += self.OnJobDeleted
        self.OnHouseCleaningCallback += self.OnHouseCleaning

    def Cleanup(self):
        del self.OnJobSubmittedCallback
        del self.OnJobFinishedCallback
        del self.OnJobFailedCallback
        del self.OnJobSuspendedCallback
        del self.OnJobResumedCallback
        del self.OnJobRequeuedCallback
        del self.OnJobDeletedCallback
        del self.OnHouseCleaningCallback

    # Events. Each is about a helper, about an original that has one, or about a job that may get one.

    def OnJobSubmitted(self, job):
        self.guarded("job submitted", lambda: self.consider(job, "submit"))

    def OnJobFinished(self, job):
        def act():
            if is_helper(job):
                self.helper_finished(job)
            else:
                self.consider(job, "finish")

        self.guarded("job finished", act)

    def OnJobFailed(self, job):
        def act():
            if is_helper(job):
                self.enqueue_cancel(job)
                self.give_back(job, "the cloud render failed")
            else:
                self.consider(job, "failure")

        self.guarded("job failed", act)

    def OnJobSuspended(self, job):
        def act():
            if is_helper(job):
                self.enqueue_cancel(job)
            elif extra(job, HELPER) and not extra(job, HELD):
                self.suspend_helper(job, "the original was suspended")

        self.guarded("job suspended", act)

    def OnJobResumed(self, job):
        def act():
            if is_helper(job):
                self.drop_cancel(job)
            elif extra(job, HELD):
                self.take_back(job)
            elif extra(job, HELPER):
                self.resume_helper(job)
            elif not extra(job, GENERATION):
                # Submitted as suspended. What was in the cloud before and is back stays.
                self.consider(job, "submit")

        self.guarded("job resumed", act)

    def OnJobRequeued(self, job):
        def act():
            if not is_helper(job) and extra(job, HELPER):
                self.take_back(job)

        self.guarded("job requeued", act)

    def OnJobDeleted(self, job):
        def act():
            if is_helper(job):
                self.enqueue_cancel(job)
                self.give_back(job, "the cloud render was deleted")
            elif extra(job, HELPER):
                self.suspend_helper(job, "the original was deleted")

        self.guarded("job deleted", act)

    def OnHouseCleaning(self):
        ends = time.monotonic() + HOUSE_CLEANING_SECONDS
        self.guarded("house cleaning: renders to cancel", lambda: self.drain_cancels(ends))
        self.guarded("house cleaning: originals", lambda: self.reconcile(ends))
        self.guarded("house cleaning: overflow", lambda: self.overflow(ends))

    def guarded(self, what, act):
        """An error here must never break what the farm is doing."""
        try:
            act()
        except Exception as error:
            self.LogWarning("Renderjuice, %s: %s: %s" % (what, type(error).__name__, error))

    # Deciding.

    def consider(self, job, trigger):
        """Gives the job a helper when it should have one."""
        if is_helper(job) or extra(job, HELPER) or extra(job, UNSURE):
            return
        if not self.is_triggered(job, trigger) or not self.passes_filters(job):
            return
        if trigger == "submit" and status_of(job) == "Suspended":
            return
        # The event's copy may be older than what another application has done since.
        current = RepositoryUtils.GetJob(str(job.JobId), True)
        if current is None or extra(current, HELPER) or extra(current, UNSURE):
            return
        self.hand_over(current, trigger)

    def is_triggered(self, job, trigger):
        wanted = extra(job, WANTED_TRIGGERS)
        if wanted:
            return trigger in [word.strip().lower() for word in re.split("[,;]", wanted)]
        return self.GetBooleanConfigEntryWithDefault(TRIGGERS[trigger], False)

    def passes_filters(self, job):
        return (
            self.is_listed("JobPlugins", job.JobPlugin)
            and self.is_listed("JobPools", job.JobPool)
            and self.is_listed("JobGroups", job.JobGroup)
            and self.matches("JobNamePattern", job.JobName)
            and self.matches("JobBatchPattern", job.JobBatchName)
        )

    def is_listed(self, option, value):
        wanted = [name.strip().lower() for name in re.split("[,;]", self.config(option)) if name.strip()]
        return not wanted or str(value).lower() in wanted

    def matches(self, option, value):
        pattern = self.config(option).strip()
        return not pattern or fnmatch.fnmatchcase(str(value).lower(), pattern.lower())

    def config(self, option, default=""):
        return str(self.GetConfigEntryWithDefault(option, default))

    # Handing over.

    def hand_over(self, original, trigger):
        original_id = str(original.JobId)
        output = find_output(original)
        if output is None:
            self.LogWarning(
                "Renderjuice: %s has no output path, so frames would have no place to go. Set the output of the job "
                "(plugin info OutputFile, or OutputDirectory0 and OutputFilename0), or %s on the job. It stays here."
                % (describe(original), WANTED_OUTPUT)
            )
            return
        scene = find_scene(original)
        if scene is None:
            self.LogWarning(
                "Renderjuice: %s names no scene (plugin info SceneFile or %s), and none was submitted with it. "
                "It stays here." % (describe(original), WANTED_SCENE)
            )
            return
        generation = int(extra(original, GENERATION) or 0) + 1
        run = "%s-%d" % (original_id, generation)
        job_info = self.helper_job_info(original, trigger, run, output)
        plugin_info, auxiliary = self.helper_plugin_info(original, run, scene, output)
        if self.GetBooleanConfigEntryWithDefault("DryRun", False):
            self.LogInfo("Renderjuice, dry run: %s would go to the cloud (%s)." % (describe(original), trigger))
            return
        try:
            helper_id = self.submit(job_info, plugin_info, auxiliary)
        except SubmitUnsure as error:
            self.change(original_id, {UNSURE: str(int(time.time())), GENERATION: str(generation)})
            self.LogWarning("Renderjuice: %s %s House cleaning will find out." % (describe(original), error))
            return
        self.adopt(original_id, helper_id, generation, trigger)

    def adopt(self, original_id, helper_id, generation, trigger):
        """Ties original and helper together, holds the original and lets its dependents wait, as configured."""
        holds = trigger in ("submit", "pressure") and self.GetBooleanConfigEntryWithDefault("HoldOriginal", True)
        changes = {HELPER: helper_id, GENERATION: str(generation), UNSURE: "", HELD: "1" if holds else ""}
        original = self.change(original_id, changes)
        self.LogInfo("Renderjuice: %s goes to the cloud as job %s (%s)." % (describe(original), helper_id, trigger))
        if holds and status_of(original) in ("Active", "Pending"):
            RepositoryUtils.SuspendJob(original)
        # A held or failed original is completed when the cloud is done: its dependents wait for that anyway.
        waits_anyway = holds or trigger == "failure"
        if not waits_anyway and self.GetBooleanConfigEntryWithDefault("DependentsWait", True):
            self.make_dependents_wait(original_id, helper_id)

    def make_dependents_wait(self, original_id, helper_id):
        for job in list(RepositoryUtils.GetJobsInState("Pending")):
            ids = [str(one) for one in job.JobDependencyIDs]
            if original_id not in ids or helper_id in ids:
                continue
            dependent = RepositoryUtils.GetJob(str(job.JobId), True)
            dependent.SetJobDependencyIDs([str(one) for one in dependent.JobDependencyIDs] + [helper_id])
            RepositoryUtils.SaveJob(dependent)
            self.LogInfo("Renderjuice: %s waits for job %s too." % (describe(dependent), helper_id))

    def helper_job_info(self, original, trigger, run, output):
        frames, chunk_size = self.task_frames(original)
        info = {
            "Plugin": PLUGIN_NAME,
            "Name": "%s [%s]" % (original.JobName, PLUGIN_NAME),
            "BatchName": original.JobBatchName,
            "UserName": original.JobUserName,
            "Department": original.JobDepartment,
            "Comment": "Cloud render of %s (%s)" % (original.JobId, trigger),
            "Frames": frames,
            "ChunkSize": chunk_size,
            "Pool": self.config("HelperPool") or original.JobPool,
            "Group": self.config("HelperGroup") or original.JobGroup,
            "Priority": self.helper_priority(original),
            "LimitGroups": self.config("HelperLimits"),
            # A cache or a simulation that the scene needs; what is done already holds nothing up.
            "JobDependencies": ",".join(str(one) for one in original.JobDependencyIDs),
            # A waiting task needs no processor.
            "ConcurrentTasks": max(1, self.GetIntegerConfigEntryWithDefault("HelperConcurrentTasks", 8)),
            "LimitConcurrentTasksToNumberOfCpus": "False",
            "OverrideJobFailureDetection": "True",
            "FailureDetectionJobErrors": max(1, self.GetIntegerConfigEntryWithDefault("HelperMaxErrors", 5)),
            # The helper's own events are what keeps it and its original in step.
            "EventOptIns": PLUGIN_NAME,
        }
        # The render plugin registers the files' names when it knows their endings.
        info["OutputDirectory0"] = output[0]
        extra_info = [(GENERATED, "render"), (ORIGINAL, original.JobId), (RUN, run), (WANTED_TRIGGERS, trigger)]
        for index, (key, value) in enumerate(extra_info):
            info["ExtraInfoKeyValue%d" % index] = "%s=%s" % (key, value)
        return info

    def helper_plugin_info(self, original, run, scene, output):
        path, is_auxiliary = scene
        info = {
            "Run": run,
            "Frames": str(original.JobFrames),
            "OutputDirectory": output[0],
            "OutputPattern": output[1],
            "Settings": extra(original, WANTED_SETTINGS) or self.config("Settings"),
            "MapPaths": self.GetBooleanConfigEntryWithDefault("MapPaths", True),
        }
        if is_auxiliary:
            return info, [path]
        info["SceneFile"] = path
        return info, []

    def task_frames(self, original):
        """Frames and chunk size of the helper. 0 frames per task means all in one, which is one render."""
        wanted = extra(original, WANTED_FRAMES_PER_TASK)
        size = int(wanted) if wanted else self.GetIntegerConfigEntryWithDefault("FramesPerTask", 0)
        if size > 0:
            return str(original.JobFrames), size
        # Deadline makes no task across a gap. The render plugin leaves out what the job does not have.
        frames = [int(frame) for frame in original.JobFramesList]
        return "%d-%d" % (min(frames), max(frames)), max(frames) - min(frames) + 1

    def helper_priority(self, original):
        priority = self.GetIntegerConfigEntryWithDefault("HelperPriority", -1)
        return priority if priority >= 0 else original.JobPriority

    # Keeping original and helper in step.

    def helper_finished(self, helper):
        """The frames are there: the original is done, and who waits for it may start."""
        original = original_of(helper)
        if original is None or extra(original, HELPER) != str(helper.JobId):
            return
        if status_of(original) not in ("Suspended", "Failed"):
            return
        if not extra(original, HELD) and not self.GetBooleanConfigEntryWithDefault("CompleteOriginal", True):
            return
        original = self.change(str(original.JobId), {HELD: ""})
        RepositoryUtils.CompleteJob(original)
        self.LogInfo("Renderjuice: %s is complete; its frames came from the cloud." % describe(original))

    def give_back(self, helper, reason):
        """The cloud has not rendered it: a held original goes back to the farm."""
        original = original_of(helper)
        if original is None or extra(original, HELPER) != str(helper.JobId):
            return
        was_held = bool(extra(original, HELD))
        original = self.change(str(original.JobId), {HELPER: "", HELD: ""})
        if was_held and status_of(original) == "Suspended":
            if self.GetBooleanConfigEntryWithDefault("ResumeOnFailure", True):
                RepositoryUtils.ResumeJob(original)
                self.LogWarning("Renderjuice: %s is back on the farm: %s." % (describe(original), reason))
            else:
                self.LogWarning("Renderjuice: %s stays suspended: %s." % (describe(original), reason))

    def take_back(self, original):
        """Somebody wants the original rendered here after all."""
        self.suspend_helper(original, "its original renders on the farm again")
        self.change(str(original.JobId), {HELPER: "", HELD: ""})

    def suspend_helper(self, original, reason):
        helper = RepositoryUtils.GetJob(extra(original, HELPER), True)
        if helper is None or status_of(helper) not in ("Active", "Pending"):
            return
        RepositoryUtils.SuspendJob(helper)
        self.enqueue_cancel(RepositoryUtils.GetJob(str(helper.JobId), True))
        self.LogInfo("Renderjuice: %s is suspended: %s." % (describe(helper), reason))

    def resume_helper(self, original):
        helper = RepositoryUtils.GetJob(extra(original, HELPER), True)
        if helper is not None and status_of(helper) == "Suspended":
            self.drop_cancel(helper)
            RepositoryUtils.ResumeJob(helper)

    def change(self, job_id, values):
        """Writes extra info into the newest copy of a job; an empty value removes the key. Returns that copy."""
        job = RepositoryUtils.GetJob(job_id, True)
        for key, value in values.items():
            if value:
                job.SetJobExtraInfoKeyValue(key, value)
            elif extra(job, key):
                job.DeleteJobExtraInfoKey(key)
        RepositoryUtils.SaveJob(job)
        return job

    # Renders without an owner.

    def enqueue_cancel(self, helper):
        """Cancels what the helper has running, by a small job: this machine may have no key and no way out."""
        if extra(helper, GENERATED) != "render" or extra(helper, CANCELER) or status_of(helper) == "Completed":
            return
        if not self.GetBooleanConfigEntryWithDefault("CancelOrphans", True):
            return
        helper_id = str(helper.JobId)
        order = {
            "run": extra(helper, RUN) or helper_id,
            "jobs": remote_ids(helper),
            "output": plugin_info_of(helper, "OutputDirectory"),
            "name": str(helper.JobName),
            "user": str(helper.JobUserName),
            "pool": str(helper.JobPool),
            "group": str(helper.JobGroup),
        }
        try:
            canceler_id = self.submit_cancel(order)
        except Exception as error:
            self.AddMetaDataEntry(WAITING_FOR + helper_id, json.dumps(order))
            self.LogWarning(
                "Renderjuice: the render of %s goes on for now: %s House cleaning will try again."
                % (describe(helper), error)
            )
            return
        if RepositoryUtils.GetJob(helper_id, True) is not None:
            self.change(helper_id, {CANCELER: canceler_id})
        self.LogInfo("Renderjuice: job %s cancels the render of %s." % (canceler_id, describe(helper)))

    def submit_cancel(self, order):
        job_info = {
            "Plugin": PLUGIN_NAME,
            "Name": "Cancel: %s" % order["name"],
            "UserName": order["user"],
            "Comment": "Cancels a render that nobody owns any more",
            "Pool": self.config("HelperPool") or order["pool"],
            "Group": self.config("HelperGroup") or order["group"],
            "Priority": 100,
            "Frames": "0",
            "ConcurrentTasks": 1,
            "LimitConcurrentTasksToNumberOfCpus": "False",
            "OnJobComplete": "Delete",
            "ExtraInfoKeyValue0": "%s=cancel" % GENERATED,
        }
        plugin_info = {
            "Command": "cancel",
            "Run": order["run"],
            "JobIds": ",".join(order["jobs"]),
            "OutputDirectory": order["output"],
        }
        return self.submit(job_info, plugin_info, [])

    def drop_cancel(self, helper):
        """The helper goes on: a cancel that has not begun must not meet it."""
        helper_id = str(helper.JobId)
        if self.waiting_cancels().get(helper_id):
            self.DeleteMetaDataEntry(WAITING_FOR + helper_id)
        canceler_id = extra(helper, CANCELER)
        if not canceler_id:
            return
        canceler = RepositoryUtils.GetJob(canceler_id, True)
        if canceler is not None and status_of(canceler) == "Active":
            RepositoryUtils.CompleteJob(canceler)
        self.change(helper_id, {CANCELER: ""})

    def waiting_cancels(self):
        entries = RepositoryUtils.GetEventPluginConfigMetaDataDictionary(PLUGIN_NAME) or {}
        # A .NET dictionary gives pairs where one of Python's gives keys.
        keys = [str(getattr(entry, "Key", entry)) for entry in entries]
        return {key[len(WAITING_FOR) :]: str(entries[key]) for key in keys if key.startswith(WAITING_FOR)}

    def drain_cancels(self, ends):
        for helper_id, text in self.waiting_cancels().items():
            if time.monotonic() > ends:
                return
            canceler_id = self.submit_cancel(json.loads(text))
            self.DeleteMetaDataEntry(WAITING_FOR + helper_id)
            self.LogInfo("Renderjuice: job %s cancels what job %s had left." % (canceler_id, helper_id))

    # House cleaning.

    def reconcile(self, ends):
        """Makes up for events that nobody handled: a sandbox that was killed, an application that was closed."""
        for job in jobs_in("Active", "Suspended", "Failed"):
            if time.monotonic() > ends:
                return
            if is_helper(job):
                continue
            if extra(job, UNSURE):
                self.find_out(job)
            elif extra(job, HELPER):
                self.catch_up(job)

    def find_out(self, original):
        """Was the helper submitted when deadlinecommand was cut off?"""
        generation = int(extra(original, GENERATION) or 1)
        run = "%s-%d" % (original.JobId, generation)
        for job in jobs_in("Active", "Suspended", "Failed", "Completed", "Pending"):
            if extra(job, RUN) == run and extra(job, GENERATED) == "render":
                self.adopt(str(original.JobId), str(job.JobId), generation, extra(job, WANTED_TRIGGERS))
                return
        if time.time() - float(extra(original, UNSURE)) > UNSURE_MINUTES * 60:
            # The number stays what it was: should the helper turn up late, both have one render.
            self.change(str(original.JobId), {UNSURE: "", GENERATION: str(generation - 1) if generation > 1 else ""})
            self.LogWarning("Renderjuice: %s was not handed over; it stays here." % describe(original))

    def catch_up(self, original):
        helper = RepositoryUtils.GetJob(extra(original, HELPER), True)
        if helper is None:
            self.change(str(original.JobId), {HELPER: ""})
            if extra(original, HELD):
                self.change(str(original.JobId), {HELD: ""})
                RepositoryUtils.ResumeJob(RepositoryUtils.GetJob(str(original.JobId), True))
                self.LogWarning("Renderjuice: %s is back on the farm: its helper is gone." % describe(original))
        elif status_of(helper) == "Completed":
            self.helper_finished(helper)
        elif status_of(helper) == "Failed":
            self.enqueue_cancel(helper)
            self.give_back(helper, "the cloud render failed")

    def overflow(self, ends):
        """Hands over what has waited for too long without a single task begun."""
        limit = self.GetIntegerConfigEntryWithDefault("MaxWaitMinutes", 60)
        for job in jobs_in("Active"):
            if time.monotonic() > ends:
                return
            if is_helper(job) or int(job.JobQueuedTasks) < int(job.JobTaskCount) or waited_minutes(job) < limit:
                continue
            if self.is_opted_in(job):
                self.consider(job, "pressure")

    def is_opted_in(self, job):
        """House cleaning knows no job, so Deadline cannot ask this for us."""
        if self.config("State", "Disabled") != "Opt-In":
            return True
        return PLUGIN_NAME in [name.strip() for name in str(job.GetJobInfoKeyValue("EventOptIns")).split(",")]

    # Submitting.

    def submit(self, job_info, plugin_info, auxiliary):
        """Runs deadlinecommand and returns the id of the new job.

        Raises SubmitUnsure when it did not end in time, RuntimeError when it refused.
        """
        folder = tempfile.mkdtemp(prefix="renderjuice_")
        try:
            files = [
                write_info(os.path.join(folder, "job_info.job"), job_info),
                write_info(os.path.join(folder, "plugin_info.job"), plugin_info),
            ]
            return self.run_deadlinecommand(files + auxiliary, os.path.join(folder, "answer.txt"))
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def run_deadlinecommand(self, arguments, answer_file):
        limit = max(5, self.GetIntegerConfigEntryWithDefault("SubmitTimeoutSeconds", 20))
        program = find_deadlinecommand()
        # A file and not a pipe: a grandchild that keeps a pipe open would hold us too.
        with open(answer_file, "wb") as answer:
            process = subprocess.Popen(
                [program] + arguments,
                stdin=subprocess.DEVNULL,
                stdout=answer,
                stderr=subprocess.STDOUT,
                **own_process_group()
            )
            try:
                process.wait(timeout=limit)
            except subprocess.TimeoutExpired:
                kill_tree(process)
                raise SubmitUnsure("deadlinecommand did not end within %d seconds." % limit)
        with open(answer_file, "rb") as answer:
            text = answer.read().decode("utf-8", "replace")
        match = re.search(r"^JobID=(\S+)\s*$", text, re.MULTILINE)
        if process.returncode == 0 and match:
            return match.group(1)
        raise RuntimeError("deadlinecommand refused the job: %s" % " ".join(text.split())[-500:])


# What is known about a job.


def extra(job, key):
    return str(job.GetJobExtraInfoKeyValueWithDefault(key, "") or "")


def is_helper(job):
    return bool(extra(job, GENERATED)) or str(job.JobPlugin) == PLUGIN_NAME


def status_of(job):
    return str(job.JobStatus)


def describe(job):
    return '"%s" (%s)' % (job.JobName, job.JobId)


def original_of(helper):
    original_id = extra(helper, ORIGINAL)
    return RepositoryUtils.GetJob(original_id, True) if original_id else None


def remote_ids(helper):
    keys = [str(key) for key in helper.GetJobExtraInfoKeys()]
    return sorted({extra(helper, key) for key in keys if key == REMOTE or key.startswith(REMOTE + "_")})


def jobs_in(*states):
    for state in states:
        for job in list(RepositoryUtils.GetJobsInState(state)):
            yield job


def waited_minutes(job):
    return (DateTime.Now - job.JobSubmitDateTime).TotalMinutes


def plugin_info_of(job, key):
    keys = [str(one) for one in job.GetJobPluginInfoKeys()]
    return str(job.GetJobPluginInfoKeyValue(key) or "") if key in keys else ""


def find_scene(job):
    """The scene's path and whether it is a file that was submitted with the job; None when there is none."""
    path = extra(job, WANTED_SCENE) or plugin_info_of(job, "SceneFile")
    if path:
        return path, False
    folder = str(RepositoryUtils.GetJobAuxiliaryPath(job) or "")
    names = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
    scenes = [name for name in names if name.lower().endswith((".blend", ".zip"))]
    return (os.path.join(folder, scenes[0]), True) if scenes else None


def find_output(job):
    """Folder and file name that local rendering writes to; None when the job does not say."""
    path = extra(job, WANTED_OUTPUT) or plugin_info_of(job, "OutputFile")
    if path.startswith("//"):
        # Blender's way to say: beside the scene. A share is written with backslashes.
        scene = find_scene(job)
        path = split_path(scene[0])[0] + path[2:] if scene and not scene[1] else ""
    outputs = [split_path(path)] if path else registered_outputs(job)
    return outputs[0] if outputs and outputs[0][0] else None


def registered_outputs(job):
    folders = [str(folder) for folder in job.JobOutputDirectories]
    names = [str(name) for name in job.JobOutputFileNames]
    return [(folder, names[index] if index < len(names) else "") for index, folder in enumerate(folders)]


def split_path(path):
    """As the operating system does that wrote the path, which may not be this one."""
    index = max(path.rfind("/"), path.rfind("\\"))
    return path[: index + 1], path[index + 1 :]


# Writing and running.


def write_info(path, values):
    """UTF-16 with a byte order mark, as Deadline's own submitters write it."""
    lines = ["%s=%s" % (key, one_line(value)) for key, value in values.items() if str(value) != ""]
    with open(path, "wb") as file:
        file.write(codecs.BOM_UTF16_LE + "".join(line + "\r\n" for line in lines).encode("utf-16-le"))
    return path


def one_line(value):
    """Several lines become one with `;` between them, as Deadline itself joins them."""
    text = re.sub(r"\s*[\r\n]+\s*", ";", str(value).strip())
    return text.replace("\t", " ").replace("\0", "")


def find_deadlinecommand():
    name = "deadlinecommand.exe" if os.name == "nt" else "deadlinecommand"
    return os.path.join(str(ClientUtils.GetBinDirectory()), name)


def own_process_group():
    if os.name == "nt":
        return {"creationflags": subprocess.CREATE_NO_WINDOW}
    return {"start_new_session": True}


def kill_tree(process):
    try:
        if os.name == "nt":
            command = ["taskkill", "/F", "/T", "/PID", str(process.pid)]
            subprocess.call(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        else:
            os.killpg(process.pid, signal.SIGKILL)
    except OSError:
        process.kill()
