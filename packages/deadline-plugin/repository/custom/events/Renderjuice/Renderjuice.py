#!/usr/bin/env python3
"""Renderjuice event plugin for Deadline 10: decides which jobs go to the cloud, and enqueues them.

A job that goes to the cloud gets a *helper*: a second Deadline job with the render plugin "Renderjuice", which a Worker
runs like any other job. This file only decides, enqueues and keeps original and helper in step. It opens no connection,
does not know the key, and finishes within a time limit. Errors in it only ever become a line in the log.

A single file that uses only the standard library, since Deadline loads plugins from their text. For Python 3.7 and
later; the first line is for Deadline 10.1 and 10.2.
"""

import codecs
import fnmatch
import json
import os
import re
import shutil
import signal
import socket
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
RUN = "RJ_Run"  # the same for every helper of one hand-over: a run is paid for once
REMOTE = "RJ_JobId"  # written by the render plugin; with several tasks, RJ_JobId_<task>
CANCELER = "RJ_CancelJobId"  # the job that cancels what this helper left running
LET_GO = "RJ_LetGo"  # the number of the last tie that was undone: notes about it on an original are out of date

# Extra info of a job that cancels.
CANCELS = "RJ_CancelsFor"  # the helper

# Extra info of the original: our notes.
HELPER = "RJ_HelperJobId"
GENERATION = "RJ_Generation"  # counts hand-overs
HELD = "RJ_Held"  # suspended by us while the cloud renders
TIE = "RJ_Tie"  # counts how often the original and a helper were tied
NOTES = (HELPER, GENERATION, HELD, TIE)
NOTED_ON = "RJ_NotedOnJobId"  # the job that the notes belong to, since a resubmitted copy carries them too
# Options of a single job, set by whoever submits it.
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
# Metadata: what house cleaning has to finish.
WAITING = "RJ_Cancel_"  # plus a helper's id: its cancel could not be enqueued yet
HANDED_OVER = "RJ_HandedOver_"  # plus a run: its helper, once it is known, and the notes on the original

HOUSE_CLEANING_SECONDS = 15
TASKKILL_SECONDS = 5
UNSURE_MINUTES = 10


def GetDeadlineEventListener():
    return RenderjuiceEvents()


def CleanupDeadlineEventListener(eventListener):
    eventListener.Cleanup()


class SubmitUnsure(Exception):
    """deadlinecommand was cut off, or printed no job id: there may or may not be a new job."""


class RenderjuiceEvents(DeadlineEventListener):
    def __init__(self):
        super().__init__()
        # By helper: when an event is raised within another one, a save between the two removes the note.
        self.cancelers = {}
        self.OnJobSubmittedCallback += self.OnJobSubmitted
        self.OnJobStartedCallback += self.OnJobStarted
        self.OnJobFinishedCallback += self.OnJobFinished
        self.OnJobFailedCallback += self.OnJobFailed
        self.OnJobSuspendedCallback += self.OnJobSuspended
        self.OnJobResumedCallback += self.OnJobResumed
        self.OnJobRequeuedCallback += self.OnJobRequeued
        self.OnJobDeletedCallback += self.OnJobDeleted
        self.OnHouseCleaningCallback += self.OnHouseCleaning

    def Cleanup(self):
        del self.OnJobSubmittedCallback
        del self.OnJobStartedCallback
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

    def OnJobStarted(self, job):
        def act():
            # Another plugin has released the job, and this is the first event since then.
            original = None if is_helper(job) else self.noted(job)
            helper = tied_helper(original) if original is not None and mark(original, HELD) else None
            if helper is not None and status_of(helper) in ("Active", "Pending") and status_of(original) == "Active":
                RepositoryUtils.SuspendJob(original)
                self.LogInfo("Renderjuice: %s is held again: job %s renders it." % (describe(original), helper.JobId))

        self.guarded("job started", act)

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
                self.helper_failed(job)
            else:
                self.consider(job, "failure")

        self.guarded("job failed", act)

    def OnJobSuspended(self, job):
        def act():
            if is_helper(job):
                self.enqueue_cancel(job)
                return
            original = self.noted(job)
            if mark(original, HELPER) and not mark(original, HELD):
                self.suspend_helper(original, "the original was suspended")

        self.guarded("job suspended", act)

    def OnJobResumed(self, job):
        def act():
            if is_helper(job):
                self.go_on(job)
                return
            original = self.noted(job)
            if mark(original, HELD):
                self.take_back(original)
            elif mark(original, HELPER):
                self.resume_helper(original)
            elif not mark(original, GENERATION):
                # It was submitted as suspended. A job that is back from the cloud stays on the farm.
                self.consider(original, "submit")

        self.guarded("job resumed", act)

    def OnJobRequeued(self, job):
        def act():
            if is_helper(job):
                self.go_on(job)
                return
            original = self.noted(job)
            if mark(original, HELPER):
                self.take_back(original)

        self.guarded("job requeued", act)

    def OnJobDeleted(self, job):
        def act():
            if is_helper(job):
                self.enqueue_cancel(job)
                self.helper_deleted(job)
                return
            original = self.noted(job)
            if mark(original, HELPER):
                self.suspend_helper(original, "the original was deleted")

        self.guarded("job deleted", act)

    def OnHouseCleaning(self):
        ends = time.monotonic() + HOUSE_CLEANING_SECONDS
        self.guarded("house cleaning: renders to cancel", lambda: self.drain_cancels(ends))
        self.guarded("house cleaning: hand-overs", lambda: self.check_hand_overs(ends))
        self.guarded("house cleaning: helpers and originals", lambda: self.reconcile(ends))
        self.guarded("house cleaning: overflow", lambda: self.overflow(ends))

    def guarded(self, what, act):
        """An error here must never break what the farm is doing."""
        try:
            act()
        except Exception as error:
            self.LogWarning("Renderjuice, %s: %s: %s" % (what, type(error).__name__, error))

    def each_job(self, jobs, ends, act):
        """Handles each job separately, so that an error with one does not affect the others."""
        for job in jobs:
            if time.monotonic() > ends:
                return
            self.guarded("house cleaning: %s" % describe(job), lambda: act(job))

    # Deciding.

    def consider(self, job, trigger):
        """Gives the job a helper when it should have one."""
        if is_helper(job) or not self.is_triggered(job, trigger) or not self.passes_filters(job):
            return
        if trigger == "submit" and status_of(job) == "Suspended":
            return
        # The event's copy may be out of date if another application has changed the job since.
        current = self.noted(job)
        if mark(current, HELPER) or self.is_unsure(current) or find_job(str(job.JobId)) is None:
            return
        self.hand_over(current, trigger)

    def is_unsure(self, job):
        """Whether a hand-over of the job was started whose outcome is not known."""
        return any(not written.get("notes") for _, written in self.hand_overs_of(job))

    def hand_overs_of(self, job):
        """`[(run, its entry in the metadata)]`"""
        runs = self.written_down(HANDED_OVER)
        return [(run, read_entry(text)) for run, text in runs.items() if original_id_of(run) == str(job.JobId)]

    def noted(self, job):
        """A job as it is now, with the notes that belong on it.

        Another plugin that saved the job after us may have removed them or restored old ones, since it saves the whole
        job in the state that it was given. It cannot change what is kept elsewhere (on the helper, in the metadata).
        """
        current = find_job(str(job.JobId))
        original = current or job
        values = self.missing_notes(original)
        helper = find_job(values.get(HELPER) or mark(original, HELPER))
        if helper is not None and is_let_go(helper, values.get(TIE) or mark(original, TIE)):
            values.update({HELPER: "", HELD: ""})
        if values:
            set_notes(original, values)
            if current is not None:
                RepositoryUtils.SaveJob(original)
        return original

    def missing_notes(self, original):
        """The notes of the original's latest hand-over, if they are gone."""
        latest = generation_of(original)
        notes = {}
        for run, written in self.hand_overs_of(original):
            if written.get("notes") and generation_in(run) > latest:
                latest, notes = generation_in(run), written["notes"]
        return dict(notes)

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
        output, scene = find_output(original), find_scene(original)
        problem = find_problem(original, output, scene)
        if problem:
            self.LogWarning("Renderjuice: %s %s It stays on the farm." % (describe(original), problem))
            return
        original_id = str(original.JobId)
        run = "%s-%d" % (original_id, generation_of(original) + 1)
        job_info = self.helper_job_info(original, trigger, run, output)
        plugin_info, auxiliary = self.helper_plugin_info(original, run, scene, output)
        if self.GetBooleanConfigEntryWithDefault("DryRun", False):
            self.LogInfo("Renderjuice, dry run: %s would go to the cloud (%s)." % (describe(original), trigger))
            return
        # Before the job exists: Deadline may kill this process at any moment.
        if not self.write_down(run):
            return
        try:
            helper_id = self.submit(job_info, plugin_info, auxiliary)
        except SubmitUnsure as error:
            self.LogWarning(
                "Renderjuice: could not tell whether %s was handed over: %s The next house cleaning will find out."
                % (describe(original), error)
            )
            return
        except Exception:
            self.DeleteMetaDataEntry(HANDED_OVER + run)
            raise
        helper = find_job(helper_id)
        if helper is None:
            self.LogWarning(
                "Renderjuice: job %s, the cloud render of %s, was deleted as soon as it was submitted. Another event "
                "plugin may have done that. The job stays on the farm." % (helper_id, describe(original))
            )
            self.DeleteMetaDataEntry(HANDED_OVER + run)
            return
        self.settle(helper)
        if self.config("State", "Disabled") == "Opt-In":
            self.DeleteMetaDataEntry(HANDED_OVER + run)  # House cleaning may never come to do it.

    def write_down(self, run):
        """Starts a hand-over. Returns False if another process, such as another house cleaning, was first."""
        writer = "%s %d %s" % (socket.gethostname(), os.getpid(), time.monotonic())
        mine = json.dumps({"since": int(time.time()), "by": writer})
        self.AddMetaDataEntry(HANDED_OVER + run, mine)
        return self.written_down(HANDED_OVER).get(run) == mine

    def adopt(self, original_id, helper, run, trigger):
        """Ties original and helper together, holds the original and makes its dependents wait, as configured."""
        helper_id = str(helper.JobId)
        original = RepositoryUtils.GetJob(original_id, True)
        if original is None:
            self.suspend(helper_id, "its original is gone")
            return
        excludes = self.excludes_farm(trigger)
        holds = excludes and status_of(original) in ("Active", "Pending", "Suspended")
        notes = {
            HELPER: helper_id,
            GENERATION: str(max(generation_of(original), generation_in(run))),
            HELD: "1" if holds else "",
            TIE: str(last_let_go(helper) + 1),
        }
        note(original, notes)
        # Has no effect if the entry no longer exists.
        self.UpdateMetaDataEntry(HANDED_OVER + run, json.dumps({"notes": notes}))
        self.LogInfo("Renderjuice: %s goes to the cloud as job %s (%s)." % (describe(original), helper_id, trigger))
        if holds and status_of(original) in ("Active", "Pending"):
            RepositoryUtils.SuspendJob(original)
        # A held or failed original is completed when the cloud render is done, so its dependents wait anyway.
        if not excludes and self.GetBooleanConfigEntryWithDefault("DependentsWait", True):
            self.make_dependents_wait(original_id, helper_id)

    def excludes_farm(self, trigger):
        """Whether the farm must not render the original while the cloud does."""
        if trigger in ("submit", "pressure"):
            return self.GetBooleanConfigEntryWithDefault("HoldOriginal", True)
        return trigger == "failure"

    def make_dependents_wait(self, original_id, helper_id):
        for job in list(RepositoryUtils.GetJobsInState("Pending")):
            ids = [str(one) for one in job.JobDependencyIDs]
            if original_id not in ids or helper_id in ids:
                continue
            dependent = RepositoryUtils.GetJob(str(job.JobId), True)
            dependent.SetJobDependencyIDs([str(one) for one in dependent.JobDependencyIDs] + [helper_id])
            RepositoryUtils.SaveJob(dependent)
            self.LogInfo("Renderjuice: %s now waits for job %s too." % (describe(dependent), helper_id))

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
            # A cache or a simulation that the scene needs. Finished jobs hold nothing up.
            "JobDependencies": ",".join(str(one) for one in original.JobDependencyIDs),
            # A waiting task does not need a processor.
            "ConcurrentTasks": max(1, self.GetIntegerConfigEntryWithDefault("HelperConcurrentTasks", 8)),
            "LimitConcurrentTasksToNumberOfCpus": "False",
            "OverrideJobFailureDetection": "True",
            "FailureDetectionJobErrors": max(1, self.GetIntegerConfigEntryWithDefault("HelperMaxErrors", 5)),
            # The helper's own events keep it and its original in step.
            "EventOptIns": PLUGIN_NAME,
        }
        # The render plugin registers the file names once it knows their extensions.
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
        # A Deadline task cannot span a gap. The render plugin skips the frames that the job does not have.
        frames = [int(frame) for frame in original.JobFramesList]
        return "%d-%d" % (min(frames), max(frames)), max(frames) - min(frames) + 1

    def helper_priority(self, original):
        priority = self.GetIntegerConfigEntryWithDefault("HelperPriority", -1)
        return priority if priority >= 0 else original.JobPriority

    # Keeping original and helper in step.

    def helper_finished(self, helper):
        """The frames are there: the original is done, and the jobs that wait for it may start."""
        original = self.original_for(helper)
        if original is None or status_of(original) not in ("Suspended", "Failed"):
            return
        if not mark(original, HELD) and not self.GetBooleanConfigEntryWithDefault("CompleteOriginal", True):
            return
        note(original, {HELD: ""})
        RepositoryUtils.CompleteJob(original)
        self.LogInfo("Renderjuice: %s is complete; its frames came from the cloud." % describe(original))

    def helper_failed(self, helper):
        original = self.original_for(helper)
        # Both have failed. They stay tied, so that the helper completes the original once it is requeued and done.
        if original is not None and status_of(original) != "Failed":
            self.give_back(original, "the cloud render failed")

    def helper_deleted(self, helper):
        original = self.original_for(helper)
        if original is not None:
            self.give_back(original, "the cloud render was deleted")

    def original_for(self, helper):
        """The original that this helper renders for. Ties them again if another plugin has undone that."""
        original = original_of(helper)
        if original is not None and is_undone(helper, original):
            self.tie(helper, original)
            original = original_of(helper)
        return original if original is not None and is_tied(helper, original) else None

    def give_back(self, original, reason):
        """The cloud did not render it, so a held original goes back to the farm."""
        was_held = bool(mark(original, HELD))
        self.untie(original)
        if was_held and status_of(original) == "Suspended":
            if self.GetBooleanConfigEntryWithDefault("ResumeOnFailure", True):
                RepositoryUtils.ResumeJob(original)
                self.LogWarning("Renderjuice: %s is back on the farm: %s." % (describe(original), reason))
            else:
                self.LogWarning("Renderjuice: %s stays suspended: %s." % (describe(original), reason))

    def take_back(self, original):
        """Somebody wants the original to render on the farm after all."""
        self.suspend_helper(original, "its original renders on the farm again")
        self.untie(RepositoryUtils.GetJob(str(original.JobId), True))

    def untie(self, original):
        """Unties both sides, so that a plugin which saves one of them in an old state cannot tie them again."""
        helper = find_job(mark(original, HELPER))
        if helper is not None:
            write_extra(helper, {LET_GO: mark(original, TIE) or "1"})
        note(original, {HELPER: "", HELD: ""})

    def suspend_helper(self, original, reason):
        self.suspend(mark(original, HELPER), reason)

    def suspend(self, helper_id, reason):
        helper = find_job(helper_id)
        if helper is None or status_of(helper) not in ("Active", "Pending"):
            return
        RepositoryUtils.SuspendJob(helper)
        self.enqueue_cancel(RepositoryUtils.GetJob(helper_id, True))
        self.LogInfo("Renderjuice: %s is suspended: %s." % (describe(helper), reason))

    def resume_helper(self, original):
        """A helper that was suspended with its original continues with it; otherwise the farm renders."""
        helper = find_job(mark(original, HELPER))
        is_suspended = helper is not None and status_of(helper) == "Suspended"
        if is_suspended and extra(helper, WANTED_TRIGGERS) != "failure":
            self.drop_cancel(helper)
            RepositoryUtils.ResumeJob(helper)
        else:
            self.take_back(original)

    def go_on(self, helper):
        """Somebody resumed or requeued the helper: it renders for its original, if the original needs it."""
        original = original_of(helper)
        if original is None or is_tied(helper, original) or self.tie(helper, original):
            self.drop_cancel(helper)

    def tie(self, helper, original):
        """Adopts the helper, or suspends it if the original does not need it. Returns whether it may continue."""
        reason = self.why_needless(helper, original)
        if reason:
            self.suspend(str(helper.JobId), reason)
            return False
        self.adopt(str(original.JobId), helper, extra(helper, RUN), extra(helper, WANTED_TRIGGERS))
        return True

    def why_needless(self, helper, original):
        """Why the cloud should not render this original; empty if it should."""
        other = tied_helper(original)
        if other is not None and extra(other, RUN) != extra(helper, RUN):
            return "%s is in the cloud as %s" % (describe(original), describe(other))
        status, trigger = status_of(original), extra(helper, WANTED_TRIGGERS)
        if status_of(helper) == "Completed":
            return ""
        if trigger == "finish" and status != "Completed":
            return "%s is not done; when it is, it goes to the cloud again" % describe(original)
        if not self.excludes_farm(trigger):
            return ""
        if status == "Completed":
            return "the farm has rendered %s" % describe(original)
        if status == "Active" and has_begun(original):
            return (
                "the farm is already rendering %s. To render it in the cloud instead, suspend that job, then resume "
                "this one" % describe(original)
            )
        return ""

    # Renders without an owner.

    def enqueue_cancel(self, helper):
        """Cancels the helper's renders with a small job: this machine may have neither a key nor internet access."""
        if extra(helper, GENERATED) != "render" or status_of(helper) == "Completed":
            return
        helper_id = str(helper.JobId)
        canceler = find_job(extra(helper, CANCELER) or self.cancelers.get(helper_id))
        if canceler is not None and status_of(canceler) not in ("Completed", "Failed"):
            return
        if not self.GetBooleanConfigEntryWithDefault("CancelOrphans", True):
            return
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
            self.cancel(helper_id, order)
        except Exception as error:
            self.AddMetaDataEntry(WAITING + helper_id, json.dumps(order))
            self.LogWarning(
                "Renderjuice: the render of %s could not be canceled yet: %s The next house cleaning will try again."
                % (describe(helper), error)
            )

    def cancel(self, helper_id, order):
        canceler_id = self.submit_cancel(helper_id, order)
        self.cancelers[helper_id] = canceler_id
        helper = RepositoryUtils.GetJob(helper_id, True)
        if helper is not None:
            write_extra(helper, {CANCELER: canceler_id})
        self.LogInfo('Renderjuice: job %s cancels the render of "%s" (%s).' % (canceler_id, order["name"], helper_id))

    def submit_cancel(self, helper_id, order):
        job_info = {
            "Plugin": PLUGIN_NAME,
            "Name": "Cancel: %s" % order["name"],
            "UserName": order["user"],
            "Comment": "Cancels a render that no job owns anymore",
            "Pool": self.config("HelperPool") or order["pool"],
            "Group": self.config("HelperGroup") or order["group"],
            "Priority": 100,
            "Frames": "0",
            "ConcurrentTasks": 1,
            "LimitConcurrentTasksToNumberOfCpus": "False",
            "OnJobComplete": "Delete",
            "ExtraInfoKeyValue0": "%s=cancel" % GENERATED,
            "ExtraInfoKeyValue1": "%s=%s" % (CANCELS, helper_id),
        }
        plugin_info = {
            "Command": "cancel",
            "Run": order["run"],
            "JobIds": ",".join(order["jobs"]),
            "OutputDirectory": order["output"],
        }
        return self.submit(job_info, plugin_info, [])

    def drop_cancel(self, helper):
        """The helper continues, so cancels that have not started yet must not run."""
        helper_id = str(helper.JobId)
        if helper_id in self.written_down(WAITING):
            self.DeleteMetaDataEntry(WAITING + helper_id)
        for canceler in cancelers_of(helper):
            RepositoryUtils.CompleteJob(canceler)
        if extra(helper, CANCELER):
            write_extra(RepositoryUtils.GetJob(helper_id, True), {CANCELER: ""})

    def written_down(self, prefix):
        """Metadata whose keys start with a prefix, by the rest of the key."""
        entries = RepositoryUtils.GetEventPluginConfigMetaDataDictionary(PLUGIN_NAME) or {}
        # Iterating over a .NET dictionary yields pairs, not keys.
        keys = [str(getattr(entry, "Key", entry)) for entry in entries]
        return {key[len(prefix) :]: str(entries[key]) for key in keys if key.startswith(prefix)}

    def drain_cancels(self, ends):
        for helper_id, text in self.written_down(WAITING).items():
            if time.monotonic() > ends:
                return
            self.guarded("house cleaning: cancel of job %s" % helper_id, lambda: self.drain(helper_id, text))

    def drain(self, helper_id, text):
        self.cancel(helper_id, json.loads(text))
        self.DeleteMetaDataEntry(WAITING + helper_id)

    # House cleaning.

    def check_hand_overs(self, ends):
        """Checks the outcome of each hand-over, and then removes its entry from the metadata."""
        runs = {run: read_entry(text) for run, text in self.written_down(HANDED_OVER).items()}
        unsure = [run for run, written in runs.items() if not written.get("notes")]
        helpers = {run: find_job(runs[run]["notes"][HELPER]) for run in runs if run not in unsure}
        found = {}
        for job in jobs_in("Active", "Pending", "Suspended", "Failed", "Completed") if unsure else ():
            if len(found) == len(unsure) or time.monotonic() > ends:
                break
            if extra(job, GENERATED) == "render" and extra(job, RUN) in unsure:
                found[extra(job, RUN)] = job
        else:
            # Whether a job is missing is only known once all jobs have been seen.
            found = dict(dict.fromkeys(unsure), **found)
        helpers.update(found)
        for run, helper in helpers.items():
            if time.monotonic() > ends:
                return
            self.guarded("house cleaning: run %s" % run, lambda: self.find_out(run, runs[run], helper))

    def find_out(self, run, written, helper):
        original = RepositoryUtils.GetJob(original_id_of(run), True)
        if helper is not None:
            self.settle(helper)
            self.let_dependents_wait(helper, original)
        elif original is not None and written.get("notes"):
            self.look_after(self.noted(original))
        elif time.time() - written.get("since", 0) <= UNSURE_MINUTES * 60:
            return
        elif original is not None:
            # The next run has the same name, so if the helper turns up late, both share one render.
            self.LogWarning("Renderjuice: %s was not handed over; it stays on the farm." % describe(original))
        self.DeleteMetaDataEntry(HANDED_OVER + run)

    def reconcile(self, ends):
        """Handles missed events, and repairs what other plugins have undone.

        Looks at helpers, since an original may have lost its notes, and at originals, since a helper may be gone.
        """

        def look_at(job):
            if extra(job, GENERATED) == "render":
                self.settle(job)
            elif not is_helper(job) and mark(job, HELPER):
                self.look_after(self.noted(job))

        self.each_job(jobs_in("Active", "Pending", "Suspended", "Failed"), ends, look_at)

    def settle(self, helper):
        """Brings helper and original back in step."""
        self.guarded("time-outs of %s" % describe(helper), lambda: self.lift_time_outs(helper))
        original, is_going_on = original_of(helper), status_of(helper) in ("Active", "Pending")
        if original is None:
            self.suspend(str(helper.JobId), "its original is gone")
            return
        if last_let_go(helper) and generation_in(extra(helper, RUN)) > generation_of(original):
            note(original, {GENERATION: str(generation_in(extra(helper, RUN)))})
        if is_undone(helper, original) and status_of(helper) not in ("Completed", "Failed"):
            self.tie(helper, original)
        elif is_going_on and not is_tied(helper, original):
            if not has_twin(helper, original):
                self.go_on(helper)
        elif status_of(helper) == "Completed":
            self.helper_finished(helper)
        elif status_of(helper) == "Failed":
            if not extra(helper, CANCELER):
                self.enqueue_cancel(helper)
            self.helper_failed(helper)

    def look_after(self, original):
        """Checks that an original that waits for the cloud has a helper that renders for it."""
        if not mark(original, HELPER):
            return
        helper = find_job(mark(original, HELPER))
        if helper is None:
            self.give_back(original, "its helper is gone")
        elif status_of(helper) == "Completed":
            self.helper_finished(helper)
        elif mark(original, HELD) and status_of(original) == "Active":
            # Somebody resumed it, and the event was missed.
            if status_of(helper) not in ("Active", "Pending") or has_begun(original):
                self.take_back(original)

    def let_dependents_wait(self, helper, original):
        """Covers dependents that were added or saved since the hand-over."""
        if original is None or not is_tied(helper, original) or status_of(helper) == "Completed":
            return
        if self.excludes_farm(extra(helper, WANTED_TRIGGERS)):
            return
        if self.GetBooleanConfigEntryWithDefault("DependentsWait", True):
            self.make_dependents_wait(str(original.JobId), str(helper.JobId))

    def lift_time_outs(self, helper):
        """Removes time-outs, which another plugin may set on every job: how long a cloud render takes is not known."""
        if not int(helper.JobTaskTimeoutSeconds) and not int(helper.JobMinRenderTimeSeconds):
            return
        current = find_job(str(helper.JobId))
        current.JobTaskTimeoutSeconds = 0
        current.JobMinRenderTimeSeconds = 0
        RepositoryUtils.SaveJob(current)
        self.LogInfo("Renderjuice: removed the time-outs of %s, since the cloud renders it." % describe(helper))

    def overflow(self, ends):
        """Hands over jobs that have waited too long without any task being started."""
        limit = self.GetIntegerConfigEntryWithDefault("MaxWaitMinutes", 60)

        def look_at(job):
            # A job that is back from the cloud is back for a reason: it failed there, or somebody wants it on the farm.
            if is_helper(job) or mark(job, GENERATION) or waited_minutes(job) < limit or not is_untouched(job):
                return
            if self.is_opted_in(job):
                self.consider(job, "pressure")

        self.each_job(jobs_in("Active"), ends, look_at)

    def is_opted_in(self, job):
        """House cleaning is not about a job, so Deadline cannot check this for us."""
        if self.config("State", "Disabled") != "Opt-In":
            return True
        return PLUGIN_NAME in [name.strip() for name in str(job.GetJobInfoKeyValue("EventOptIns")).split(",")]

    # Submitting.

    def submit(self, job_info, plugin_info, auxiliary):
        """Runs deadlinecommand and returns the id of the new job.

        Raises SubmitUnsure if it did not finish in time or printed no job id, RuntimeError if it refused the job.
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
        # A file instead of a pipe: we would wait for a grandchild that keeps the pipe open.
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
                raise SubmitUnsure("deadlinecommand did not finish within %d seconds." % limit)
        with open(answer_file, "rb") as answer:
            text = answer.read().decode("utf-8", "replace")
        match = re.search(r"^JobID=(\S+)\s*$", text, re.MULTILINE)
        if process.returncode == 0 and match:
            return match.group(1)
        answer = " ".join(text.split())[-500:]
        if process.returncode == 0 or match:
            raise SubmitUnsure('deadlinecommand ended with code %d and "%s".' % (process.returncode, answer))
        raise RuntimeError("deadlinecommand refused the job: %s" % answer)


# What is known about a job.


def extra(job, key):
    return str(job.GetJobExtraInfoKeyValueWithDefault(key, "") or "")


def note(job, values):
    """Saves notes on an original that was just read."""
    set_notes(job, values)
    RepositoryUtils.SaveJob(job)


def set_notes(job, values):
    """Like `note`, without saving. Removes the notes that a resubmitted copy has brought along."""
    job_id = str(job.JobId)
    others = {} if extra(job, NOTED_ON) == job_id else dict.fromkeys(NOTES, "")
    set_extra(job, dict(others, **dict(values, **{NOTED_ON: job_id})))


def mark(job, key):
    """Our note on this very job, not on the job that it is a copy of."""
    return extra(job, key) if extra(job, NOTED_ON) == str(job.JobId) else ""


def write_extra(job, values):
    """Saves extra info on a job that was just read."""
    set_extra(job, values)
    RepositoryUtils.SaveJob(job)


def set_extra(job, values):
    """An empty value removes the key."""
    for key, value in values.items():
        if value:
            job.SetJobExtraInfoKeyValue(key, value)
        elif extra(job, key):
            job.DeleteJobExtraInfoKey(key)


def is_helper(job):
    return bool(extra(job, GENERATED)) or str(job.JobPlugin) == PLUGIN_NAME


def status_of(job):
    return str(job.JobStatus)


def describe(job):
    return '"%s" (%s)' % (job.JobName, job.JobId)


def find_job(job_id):
    """The job as it is now; None without an id, or if the job is no longer on the farm."""
    return RepositoryUtils.GetJob(job_id, True) if job_id else None


def original_of(helper):
    return find_job(extra(helper, ORIGINAL))


def tied_helper(original):
    """The helper that renders for this original."""
    helper = find_job(mark(original, HELPER))
    return helper if helper is not None and is_tied(helper, original) else None


def is_tied(helper, original):
    return mark(original, HELPER) == str(helper.JobId) and not is_let_go(helper, mark(original, TIE))


def is_let_go(helper, tie):
    return last_let_go(helper) >= int(tie or 1)


def last_let_go(helper):
    return int(extra(helper, LET_GO) or 0)


def is_undone(helper, original):
    """Whether helper and original were tied, and another plugin's save has undone the notes or the hold."""
    if is_tied(helper, original):
        return bool(mark(original, HELD)) and status_of(original) in ("Active", "Pending")
    return not last_let_go(helper) and generation_in(extra(helper, RUN)) > generation_of(original)


def has_twin(helper, original):
    """Whether another helper of the same run renders for the original. Both share one render."""
    other = tied_helper(original)
    return other is not None and extra(other, RUN) == extra(helper, RUN) and status_of(other) != "Failed"


def generation_of(original):
    return int(mark(original, GENERATION) or 0)


def generation_in(run):
    return int(run.rpartition("-")[2])


def original_id_of(run):
    return run.rpartition("-")[0]


def cancelers_of(helper):
    """The jobs that cancel what the helper left running, and are not done yet."""
    helper_id = str(helper.JobId)
    return [job for job in jobs_in("Active", "Pending", "Suspended") if extra(job, CANCELS) == helper_id]


def is_untouched(job):
    """Whether every task is waiting: none was started or suspended."""
    return int(job.JobQueuedTasks) == int(job.JobTaskCount)


def has_begun(job):
    """Looks at the tasks, which stay as they are when another plugin restores an old state of the job."""
    tasks = RepositoryUtils.GetJobTasks(job, True).TaskCollectionAllTasks
    return any(str(task.TaskStatus) in ("Rendering", "Completed", "Failed") for task in tasks)


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


def find_problem(job, output, scene):
    """Why a job cannot go to the cloud, as the rest of a sentence that starts with the job; empty if it can."""
    if output is None:
        return (
            "has no output path, so there is nowhere to put the frames. Set the output of the job "
            "(plugin info OutputFile, or OutputDirectory0 and OutputFilename0), or %s on the job." % WANTED_OUTPUT
        )
    if scene is None:
        return (
            "has no scene: neither SceneFile in the plugin info nor %s is set, and no scene was submitted with the job."
            % WANTED_SCENE
        )
    size = extra(job, WANTED_FRAMES_PER_TASK)
    if not re.match(r"\d*$", size):
        return "has %s=%s, which is not a number of frames. Correct or remove it." % (WANTED_FRAMES_PER_TASK, size)
    return ""


def find_scene(job):
    """The scene's path, and whether it was submitted with the job; None if there is no scene."""
    path = extra(job, WANTED_SCENE) or plugin_info_of(job, "SceneFile")
    if path:
        return path, False
    folder = str(RepositoryUtils.GetJobAuxiliaryPath(job) or "")
    names = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
    scenes = [name for name in names if name.lower().endswith((".blend", ".zip"))]
    return (os.path.join(folder, scenes[0]), True) if scenes else None


def find_output(job):
    """The folder and file name that local rendering writes to; None if the job does not say."""
    path = extra(job, WANTED_OUTPUT) or plugin_info_of(job, "OutputFile")
    outputs = registered_outputs(job)
    if path.startswith("//") and outputs:
        # Next to the scene or on a share: the submitter registered which one.
        outputs = [(outputs[0][0], split_path(path)[1] or outputs[0][1])]
    elif path.startswith("//"):
        # Blender's notation for "next to the scene".
        scene = find_scene(job)
        outputs = [split_path(split_path(scene[0])[0] + path[2:])] if scene and not scene[1] else []
    elif path:
        outputs = [split_path(path)]
    return outputs[0] if outputs and outputs[0][0] else None


def registered_outputs(job):
    folders = [str(folder) for folder in job.JobOutputDirectories]
    names = [str(name) for name in job.JobOutputFileNames]
    pairs = [(folder, names[index] if index < len(names) else "") for index, folder in enumerate(folders)]
    return [pair for pair in pairs if pair[0]]


def split_path(path):
    """Splits by either separator: the path may come from another operating system."""
    index = max(path.rfind("/"), path.rfind("\\"))
    return path[: index + 1], path[index + 1 :]


# Writing and running.


def read_entry(text):
    """An entry of the metadata; empty if it is not valid."""
    try:
        entry = json.loads(text)
    except ValueError:
        return {}
    return entry if isinstance(entry, dict) else {}


def write_info(path, values):
    """UTF-16 with a byte order mark, as Deadline's own submitters write it."""
    lines = ["%s=%s" % (key, one_line(value)) for key, value in values.items() if str(value) != ""]
    with open(path, "wb") as file:
        file.write(codecs.BOM_UTF16_LE + "".join(line + "\r\n" for line in lines).encode("utf-16-le"))
    return path


def one_line(value):
    """Joins several lines with `;`, as Deadline itself does."""
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
            nowhere = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
            subprocess.call(["taskkill", "/F", "/T", "/PID", str(process.pid)], timeout=TASKKILL_SECONDS, **nowhere)
        else:
            os.killpg(process.pid, signal.SIGKILL)
    except (OSError, subprocess.TimeoutExpired):
        process.kill()
