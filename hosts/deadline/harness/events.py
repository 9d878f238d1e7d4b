"""The events of Deadline: which callbacks there are and what their handlers are given."""

_JOB = (
    "OnJobSubmitted OnJobImported OnJobStarted OnJobFinished OnJobRequeued OnJobFailed OnJobSuspended "
    "OnJobResumed OnJobDeleted OnJobPended OnJobReleased OnJobPurged"
).split()
_WORKER = "OnSlaveStarted OnSlaveStopped OnSlaveIdle OnSlaveStalled".split()
_POWER = "OnIdleShutdown OnMachineStartup OnThermalShutdown OnMachineRestart".split()

ARGUMENTS = {
    "OnJobError": ("job", "task", "report"),
    "OnHouseCleaning": (),
    "OnRepositoryRepair": (),
    "OnSlaveRendering": ("slaveName", "job"),
    "OnSlaveStartingJob": ("slaveName", "job"),
    "OnSlaveInfoUpdated": ("slaveName", "slaveInfo"),
}
ARGUMENTS.update(dict.fromkeys(_JOB, ("job",)))
ARGUMENTS.update(dict.fromkeys(_WORKER, ("slaveName",)))
ARGUMENTS.update(dict.fromkeys(_POWER, ("groupName", "workerNames", "options")))

# What their handlers are given is a guess.
GUESSED = ("OnJobImported", "OnRepositoryRepair", "OnThermalShutdown", "OnMachineRestart")

CALLBACKS = tuple(event + "Callback" for event in ARGUMENTS)
