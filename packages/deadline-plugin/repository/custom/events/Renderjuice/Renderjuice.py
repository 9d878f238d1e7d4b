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
RUN = "RJ_Run"  # the same for every helper of one hand-over: one run is paid for once
REMOTE = "RJ_JobId"  # written by the render plugin; with several tasks, RJ_JobId_<task>
CANCELER = "RJ_CancelJobId"  # the job that cancels what this helper has left
LET_GO = "RJ_LetGo"  # the number of the last tie that was untied: what an original says of it is out of date

# Extra info of a job that cancels.
CANCELS = "RJ_CancelsFor"  # the helper

# Extra info of the original: what we have noted on it.
HELPER = "RJ_HelperJobId"
GENERATION = "RJ_Generation"  # counts hand-overs
HELD = "RJ_Held"  # suspended by us while the cloud renders
TIE = "RJ_Tie"  # counts how often original and helper were tied
NOTES = (HELPER, GENERATION, HELD, TIE)
NOTED_ON = "RJ_NotedOnJobId"  # the job that the notes are about: a resubmitted copy carries them too
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
# Metadata: what house cleaning has to make up for.
WAITING = "RJ_Cancel_"  # and a helper's id: its cancel could not be enqueued yet
HANDED_OVER = "RJ_HandedOver_"  # and a run: its helper, once that is known, and what was noted on the original

HOUSE_CLEANING_SECONDS = 15
TASKKILL_SECONDS = 5
UNSURE_MINUTES = 10


def GetDeadlineEventListener():
    return RenderjuiceEvents()


def CleanupDeadlineEventListener(eventListener):
    eventListener.Cleanup()


class SubmitUnsure(Exception):
    """deadlinecommand was cut off, or did not say which job it has made: there may be one or not."""


class RenderjuiceEvents(DeadlineEventListener):
    def __init__(self):
        super().__init__()
        # By helper: where an event is raised within another one, a save between the two takes the note off.
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
            # Another plugin has undone the hold, and this is the first time since that anybody asks us.
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
                # Submitted as suspended. What was in the cloud before and is back stays.
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
        """Each on its own: one that cannot be dealt with keeps none of the others waiting."""
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
        # The event's copy may be older than what another application has done since.
        current = self.noted(job)
        if mark(current, HELPER) or self.is_unsure(current) or find_job(str(job.JobId)) is None:
            return
        self.hand_over(current, trigger)

    def is_unsure(self, job):
        """Whether somebody has begun to hand the job over, and what came of that is not known."""
        return any(not written.get("notes") for _, written in self.hand_overs_of(job))

    def hand_overs_of(self, job):
        """`[(run, what is written down of it)]`"""
        runs = self.written_down(HANDED_OVER)
        return [(run, read_entry(text)) for run, text in runs.items() if original_id_of(run) == str(job.JobId)]

    def noted(self, job):
        """A job as it is now, with the notes that belong on it.

        Another plugin that saved it after us may have taken them off, or put old ones back: it saves the whole job, in
        the state that it was given. What is written down elsewhere (on the helper, in the metadata) it does not reach.
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
        """What was noted on the original at its latest hand-over, if that is gone."""
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
            self.LogWarning("Renderjuice: %s %s It stays here." % (describe(original), problem))
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
                "Renderjuice: whether %s goes to the cloud is not known: %s House cleaning will find out."
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
                "plugin may have done that; the job stays here." % (helper_id, describe(original))
            )
            self.DeleteMetaDataEntry(HANDED_OVER + run)
            return
        self.settle(helper)
        if self.config("State", "Disabled") == "Opt-In":
            self.DeleteMetaDataEntry(HANDED_OVER + run)  # There may be no house cleaning to do it.

    def write_down(self, run):
        """Begins a hand-over; False where somebody else is at the same one, such as another house cleaning."""
        writer = "%s %d %s" % (socket.gethostname(), os.getpid(), time.monotonic())
        mine = json.dumps({"since": int(time.time()), "by": writer})
        self.AddMetaDataEntry(HANDED_OVER + run, mine)
        return self.written_down(HANDED_OVER).get(run) == mine

    def adopt(self, original_id, helper, run, trigger):
        """Ties original and helper together, holds the original and lets its dependents wait, as configured."""
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
        # Without effect where that is not written down any more.
        self.UpdateMetaDataEntry(HANDED_OVER + run, json.dumps({"notes": notes}))
        self.LogInfo("Renderjuice: %s goes to the cloud as job %s (%s)." % (describe(original), helper_id, trigger))
        if holds and status_of(original) in ("Active", "Pending"):
            RepositoryUtils.SuspendJob(original)
        # A held or failed original is completed when the cloud is done: its dependents wait for that anyway.
        if not excludes and self.GetBooleanConfigEntryWithDefault("DependentsWait", True):
            self.make_dependents_wait(original_id, helper_id)

    def excludes_farm(self, trigger):
        """Whether the farm must not render what the cloud renders."""
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
        # Both have failed: they stay together, and the helper completes it once it is requeued and done.
        if original is not None and status_of(original) != "Failed":
            self.give_back(original, "the cloud render failed")

    def helper_deleted(self, helper):
        original = self.original_for(helper)
        if original is not None:
            self.give_back(original, "the cloud render was deleted")

    def original_for(self, helper):
        """The original that this helper renders for, and no other; tied again where another plugin has undone that."""
        original = original_of(helper)
        if original is not None and is_undone(helper, original):
            self.tie(helper, original)
            original = original_of(helper)
        return original if original is not None and is_tied(helper, original) else None

    def give_back(self, original, reason):
        """The cloud has not rendered it: a held original goes back to the farm."""
        was_held = bool(mark(original, HELD))
        self.untie(original)
        if was_held and status_of(original) == "Suspended":
            if self.GetBooleanConfigEntryWithDefault("ResumeOnFailure", True):
                RepositoryUtils.ResumeJob(original)
                self.LogWarning("Renderjuice: %s is back on the farm: %s." % (describe(original), reason))
            else:
                self.LogWarning("Renderjuice: %s stays suspended: %s." % (describe(original), reason))

    def take_back(self, original):
        """Somebody wants the original rendered here after all."""
        self.suspend_helper(original, "its original renders on the farm again")
        self.untie(RepositoryUtils.GetJob(str(original.JobId), True))

    def untie(self, original):
        """On both of them: whoever saves one in an old state does not tie it again."""
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
        """A helper that was suspended with its original goes on with it; else the farm renders, not the cloud."""
        helper = find_job(mark(original, HELPER))
        is_suspended = helper is not None and status_of(helper) == "Suspended"
        if is_suspended and extra(helper, WANTED_TRIGGERS) != "failure":
            self.drop_cancel(helper)
            RepositoryUtils.ResumeJob(helper)
        else:
            self.take_back(original)

    def go_on(self, helper):
        """Somebody has resumed or requeued the helper: it renders for its original, if that needs it."""
        original = original_of(helper)
        if original is None or is_tied(helper, original) or self.tie(helper, original):
            self.drop_cancel(helper)

    def tie(self, helper, original):
        """Adopts the helper, or suspends it where the original does not need it; returns whether it may go on."""
        reason = self.why_needless(helper, original)
        if reason:
            self.suspend(str(helper.JobId), reason)
            return False
        self.adopt(str(original.JobId), helper, extra(helper, RUN), extra(helper, WANTED_TRIGGERS))
        return True

    def why_needless(self, helper, original):
        """Why the cloud should not render for this original; empty when it should."""
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
            return "the farm renders %s already. To render it in the cloud instead, suspend that, then resume this" % (
                describe(original)
            )
        return ""

    # Renders without an owner.

    def enqueue_cancel(self, helper):
        """Cancels what the helper has running, by a small job: this machine may have no key and no way out."""
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
                "Renderjuice: the render of %s goes on for now: %s House cleaning will try again."
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
            "Comment": "Cancels a render that nobody owns any more",
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
        """The helper goes on: a cancel that has not begun must not meet it."""
        helper_id = str(helper.JobId)
        if helper_id in self.written_down(WAITING):
            self.DeleteMetaDataEntry(WAITING + helper_id)
        for canceler in cancelers_of(helper):
            RepositoryUtils.CompleteJob(canceler)
        if extra(helper, CANCELER):
            write_extra(RepositoryUtils.GetJob(helper_id, True), {CANCELER: ""})

    def written_down(self, prefix):
        """Metadata whose keys begin with a prefix, by the rest of the key."""
        entries = RepositoryUtils.GetEventPluginConfigMetaDataDictionary(PLUGIN_NAME) or {}
        # A .NET dictionary gives pairs where one of Python's gives keys.
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
        """Did each hand-over come to what it should? Only after this is it no longer written down."""
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
            # Only who has seen all jobs knows that one is not there.
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
            # The next run has the same name: should the helper turn up late, both have one render.
            self.LogWarning("Renderjuice: %s was not handed over; it stays here." % describe(original))
        self.DeleteMetaDataEntry(HANDED_OVER + run)

    def reconcile(self, ends):
        """Makes up for events that nobody handled, and for what other plugins have undone.

        From the helpers, since an original may have lost its notes; from the originals, since a helper may be gone.
        """

        def look_at(job):
            if extra(job, GENERATED) == "render":
                self.settle(job)
            elif not is_helper(job) and mark(job, HELPER):
                self.look_after(self.noted(job))

        self.each_job(jobs_in("Active", "Pending", "Suspended", "Failed"), ends, look_at)

    def settle(self, helper):
        """Makes helper and original what they should be to each other."""
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
        """An original that waits for the cloud: is there a helper that renders for it?"""
        if not mark(original, HELPER):
            return
        helper = find_job(mark(original, HELPER))
        if helper is None:
            self.give_back(original, "its helper is gone")
        elif status_of(helper) == "Completed":
            self.helper_finished(helper)
        elif mark(original, HELD) and status_of(original) == "Active":
            # Somebody has resumed it, and nobody has heard of that.
            if status_of(helper) not in ("Active", "Pending") or has_begun(original):
                self.take_back(original)

    def let_dependents_wait(self, helper, original):
        """For those that came, or that somebody has saved, since the hand-over."""
        if original is None or not is_tied(helper, original) or status_of(helper) == "Completed":
            return
        if self.excludes_farm(extra(helper, WANTED_TRIGGERS)):
            return
        if self.GetBooleanConfigEntryWithDefault("DependentsWait", True):
            self.make_dependents_wait(str(original.JobId), str(helper.JobId))

    def lift_time_outs(self, helper):
        """A cloud render takes as long as it takes. A time-out is one that another plugin puts on all jobs alike."""
        if not int(helper.JobTaskTimeoutSeconds) and not int(helper.JobMinRenderTimeSeconds):
            return
        current = find_job(str(helper.JobId))
        current.JobTaskTimeoutSeconds = 0
        current.JobMinRenderTimeSeconds = 0
        RepositoryUtils.SaveJob(current)
        self.LogInfo("Renderjuice: %s has no time-outs any more: the cloud renders it." % describe(helper))

    def overflow(self, ends):
        """Hands over what has waited for too long without a single task begun."""
        limit = self.GetIntegerConfigEntryWithDefault("MaxWaitMinutes", 60)

        def look_at(job):
            # What was in the cloud before is back for a reason: it failed there, or somebody wants it here.
            if is_helper(job) or mark(job, GENERATION) or waited_minutes(job) < limit or not is_untouched(job):
                return
            if self.is_opted_in(job):
                self.consider(job, "pressure")

        self.each_job(jobs_in("Active"), ends, look_at)

    def is_opted_in(self, job):
        """House cleaning knows no job, so Deadline cannot ask this for us."""
        if self.config("State", "Disabled") != "Opt-In":
            return True
        return PLUGIN_NAME in [name.strip() for name in str(job.GetJobInfoKeyValue("EventOptIns")).split(",")]

    # Submitting.

    def submit(self, job_info, plugin_info, auxiliary):
        """Runs deadlinecommand and returns the id of the new job.

        Raises SubmitUnsure when it did not end in time or named no job, RuntimeError when it refused.
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
        answer = " ".join(text.split())[-500:]
        if process.returncode == 0 or match:
            raise SubmitUnsure('deadlinecommand ended with code %d and "%s".' % (process.returncode, answer))
        raise RuntimeError("deadlinecommand refused the job: %s" % answer)


# What is known about a job.


def extra(job, key):
    return str(job.GetJobExtraInfoKeyValueWithDefault(key, "") or "")


def note(job, values):
    """Notes something on an original that was just read."""
    set_notes(job, values)
    RepositoryUtils.SaveJob(job)


def set_notes(job, values):
    """As `note`, without saving. What a resubmitted copy has brought along goes."""
    job_id = str(job.JobId)
    others = {} if extra(job, NOTED_ON) == job_id else dict.fromkeys(NOTES, "")
    set_extra(job, dict(others, **dict(values, **{NOTED_ON: job_id})))


def mark(job, key):
    """What we have noted on this very job."""
    return extra(job, key) if extra(job, NOTED_ON) == str(job.JobId) else ""


def write_extra(job, values):
    """Saves a job that was just read with other extra info."""
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
    """The job as it is now; None for no id, and when it is not on the farm any more."""
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
    """Whether helper and original were tied, and another plugin's save has undone it: the notes, or the hold."""
    if is_tied(helper, original):
        return bool(mark(original, HELD)) and status_of(original) in ("Active", "Pending")
    return not last_let_go(helper) and generation_in(extra(helper, RUN)) > generation_of(original)


def has_twin(helper, original):
    """Whether another helper of the same run renders for the original: both have the same render."""
    other = tied_helper(original)
    return other is not None and extra(other, RUN) == extra(helper, RUN) and status_of(other) != "Failed"


def generation_of(original):
    return int(mark(original, GENERATION) or 0)


def generation_in(run):
    return int(run.rpartition("-")[2])


def original_id_of(run):
    return run.rpartition("-")[0]


def cancelers_of(helper):
    """The jobs that are still to cancel what the helper has left, or are at it."""
    helper_id = str(helper.JobId)
    return [job for job in jobs_in("Active", "Pending", "Suspended") if extra(job, CANCELS) == helper_id]


def is_untouched(job):
    """Every task waits: none was begun, and nobody has suspended one."""
    return int(job.JobQueuedTasks) == int(job.JobTaskCount)


def has_begun(job):
    """By its tasks: where another plugin has put an old state of the job back, they are as they were."""
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
    """Why a job cannot go to the cloud, as the rest of a sentence that begins with the job; empty when it can."""
    if output is None:
        return (
            "has no output path, so frames would have no place to go. Set the output of the job "
            "(plugin info OutputFile, or OutputDirectory0 and OutputFilename0), or %s on the job." % WANTED_OUTPUT
        )
    if scene is None:
        return "names no scene (plugin info SceneFile or %s), and none was submitted with it." % WANTED_SCENE
    size = extra(job, WANTED_FRAMES_PER_TASK)
    if not re.match(r"\d*$", size):
        return "has %s=%s, which is no number of frames. Correct it, or remove it." % (WANTED_FRAMES_PER_TASK, size)
    return ""


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
    outputs = registered_outputs(job)
    if path.startswith("//") and outputs:
        # Beside the scene, or on a share: the submitter has registered which of the two.
        outputs = [(outputs[0][0], split_path(path)[1] or outputs[0][1])]
    elif path.startswith("//"):
        # Blender's way to say: beside the scene.
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
    """As the operating system does that wrote the path, which may not be this one."""
    index = max(path.rfind("/"), path.rfind("\\"))
    return path[: index + 1], path[index + 1 :]


# Writing and running.


def read_entry(text):
    """What is written down in the metadata; nothing where that makes no sense."""
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
            nowhere = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
            subprocess.call(["taskkill", "/F", "/T", "/PID", str(process.pid)], timeout=TASKKILL_SECONDS, **nowhere)
        else:
            os.killpg(process.pid, signal.SIGKILL)
    except (OSError, subprocess.TimeoutExpired):
        process.kill()
