"""The fake `deadlinecommand`: submits jobs, reads and sets a few things, and records how it was called."""

import os
import shutil
import sys
import time
import uuid

from .application import Application
from .farm_folder import FarmFolder
from .job_info import BadJobInfo, decode_info_file, job_from_info, parse_info
from .job_store import JobStore
from .process_tree import FARM_VARIABLE

MODES = ("ok", "slow", "hang", "hang-after-submit", "fail", "no-id")


class BadCall(Exception):
    """The command line is not valid; the message says why."""


def create_job(farm, arguments):
    """A job from an info file, a plugin-info file and auxiliary files. Raises BadJobInfo and OSError."""
    if len(arguments) < 2:
        raise BadJobInfo("a submission takes a job-info file and a plugin-info file")
    infos = []
    for path in arguments[:2]:
        with open(path, "rb") as file:
            text, _ = decode_info_file(file.read(), path)
        infos.append(parse_info(text, path))
    missing = [path for path in arguments[2:] if not os.path.isfile(path)]
    if missing:
        raise BadJobInfo("auxiliary file %s does not exist" % missing[0])
    document, frames = job_from_info(infos[0], infos[1], [os.path.basename(path) for path in arguments[2:]])
    store = JobStore(farm)
    job_id = store.create(document, frames)
    for path in arguments[2:]:
        shutil.copy2(path, farm.at("auxiliary", job_id, os.path.basename(path)))
    return store.read(job_id)


class Command:
    """One run of deadlinecommand, which is a separate application."""

    def __init__(self, farm, arguments):
        self._farm, self._arguments = farm, arguments
        self.name = "deadlinecommand-" + uuid.uuid4().hex[:8]
        self._is_submission = bool(arguments) and (arguments[0] == "-SubmitJob" or arguments[0][:1] != "-")
        artist = os.environ.pop("DEADLINE_HARNESS_CALLER", "") == "artist"
        self._caller = "artist" if artist else "plugin"
        self._fault = {"mode": "ok"} if artist else farm.config()["deadlineCommand"]

    def run(self):
        """The exit code; the answer goes to stdout, as do errors."""
        self._record(
            argv=self._arguments,
            caller=self._caller,
            application=self.name,
            pid=os.getpid(),
            files=self._files(),
        )
        started = time.monotonic()
        code = 1
        try:
            code = self._carry_out()
        except (BadCall, BadJobInfo, OSError) as error:
            self._say("Error: %s" % error)
        self._record(exitCode=code, durationMs=(time.monotonic() - started) * 1000)
        return code

    def _carry_out(self):
        mode = self._fault["mode"]
        if mode == "fail":
            self._say("Error: Could not connect to the repository")
            return 1
        if mode == "slow":
            time.sleep(self._fault.get("delayMs", 3000) / 1000.0)
        if mode == "hang":
            time.sleep(86400)
        if self._is_submission:
            return self._submit(mode)
        return self._settings()

    def _submit(self, mode):
        document = create_job(self._farm, self._submitted())
        self._record(jobId=document["JobId"])
        application = Application(self._farm, self.name)
        application.fire("OnJobSubmitted", {"jobId": document["JobId"]})
        application.close()
        if mode == "hang-after-submit":
            time.sleep(86400)
        self._say("Submitting to Repository: %s" % self._farm.config()["repository"], "", "Result=Success")
        if mode != "no-id":
            self._say("JobID=%s" % document["JobId"])
        self._say("", "The job was submitted successfully.")
        return 0

    def _settings(self):
        verb, values = self._arguments[0] if self._arguments else "", self._arguments[1:]
        if verb == "-GetJobSetting" and len(values) == 2:
            return self._answer(self._job(values[0])[self._known(values[0], values[1])])
        if verb == "-SetJobExtraInfoKeyValue" and len(values) == 3:
            document = self._job(values[0])
            document["ExtraInfoKeyValues"][values[1]] = values[2]
            JobStore(self._farm).write(document)
            return 0
        raise BadCall('"%s" is not a command that this stand-in for Deadline knows' % " ".join(self._arguments))

    def _answer(self, value):
        self._say(",".join(map(str, value)) if isinstance(value, list) else str(value))
        return 0

    def _known(self, job_id, setting):
        document = self._job(job_id)
        for name in (setting, "Job" + setting):
            if name in document:
                return name
        raise BadCall('"%s" is not a job setting' % setting)

    def _job(self, job_id):
        document = JobStore(self._farm).read(job_id)
        if document is None:
            raise BadCall("there is no job %s" % job_id)
        return document

    def _submitted(self):
        return self._arguments[1:] if self._arguments[0] == "-SubmitJob" else self._arguments

    def _files(self):
        """The info files of a submission, decoded, for the tests to look at."""
        files = []
        for path in self._submitted()[:2] if self._is_submission else []:
            try:
                with open(path, "rb") as file:
                    text, encoding = decode_info_file(file.read(), path)
            except (OSError, BadJobInfo) as error:
                text, encoding = str(error), None
            files.append({"path": path, "encoding": encoding, "text": text})
        return files

    def _record(self, **entry):
        self._farm.record(dict(entry, id=self.name), "commands.jsonl")

    def _say(self, *lines):
        sys.stdout.write("".join(line + "\n" for line in lines))
        sys.stdout.flush()


def run_command(farm_path, arguments):
    return Command(FarmFolder(farm_path), arguments).run()


def install_command(farm):
    """Puts the executable into the farm's bin directory."""
    from .application import HARNESS

    path = farm.at("bin", "deadlinecommand")
    with open(path, "w") as file:
        file.write(
            "#!/bin/sh\nexport %s='%s'\nexec '%s' -I -S '%s' deadlinecommand '%s' \"$@\"\n"
            % (FARM_VARIABLE, farm.path, sys.executable, HARNESS, farm.path)
        )
    os.chmod(path, 0o755)
