"""The roles of the harness's processes. Each imports only what it needs: deadlinecommand starts often."""

import sys

USAGE = """usage: python -m harness serve <farm>              a farm, driven by JSON lines on stdin and stdout
       python -m harness kill <farm>              ends all that a farm has started and not ended itself
       python -m harness judge <folder> [--json]  what is wrong with each event plugin of a folder"""


def main(arguments):
    """Runs one role and returns the exit code."""
    role = arguments[0] if arguments else ""
    if role == "serve":
        from .supervisor import serve

        return serve(*arguments[1:])
    if role == "kill":
        from .process_tree import kill_farm

        kill_farm(arguments[1])
        return 0
    if role == "sandbox":
        from .sandbox import run_sandbox

        return run_sandbox(*arguments[1:])
    if role == "worker":
        from .worker import run_worker

        return run_worker(*arguments[1:])
    if role == "deadlinecommand":
        from .deadlinecommand import run_command

        return run_command(arguments[1], arguments[2:])
    if role == "judge":
        from .judge import judge

        return judge(arguments[1:])
    sys.stderr.write(USAGE + "\n")
    return 2
