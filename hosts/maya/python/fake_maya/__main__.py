"""Runs a Maya: ``python -m fake_maya scene.json [--batch]``.

Orders come as JSON lines on stdin, events go to stdout.

Orders: {"python": code}, {"answer": button}, {"busy": true|false}, {"quirks": {...}}, {"scene": path},
{"quit": true}. The answer to an order that runs code is {"event": "done", "id": id, "value" or "error": …}.
"""

import json
import os
import sys
import threading
import traceback

from . import commands, events, main_thread, port, scene


def main():
    main_thread.is_batch = "--batch" in sys.argv
    scene.load(sys.argv[1])
    _load_modules(os.path.join(os.environ["MAYA_APP_DIR"], "modules"))
    events.capture_output()
    threading.Thread(target=_obey, daemon=True).start()
    events.emit("ready", pid=os.getpid(), python=sys.version.split()[0])
    main_thread.run()
    commands.fire("quitApplication")


def _load_modules(folder):
    """As Maya does: each .mod names a folder, whose scripts are found by Python and MEL."""
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
        if not name.endswith(".mod"):
            continue
        with open(os.path.join(folder, name)) as stream:
            for line in stream:
                if line.startswith("+"):
                    scripts = os.path.normpath(os.path.join(folder, line.split()[-1], "scripts"))
                    sys.path.insert(0, scripts)
                    known = os.environ.get("MAYA_SCRIPT_PATH", "")
                    os.environ["MAYA_SCRIPT_PATH"] = os.pathsep.join(filter(None, [scripts, known]))


def _obey():
    try:
        for line in sys.stdin:
            _take(json.loads(line))
    except Exception:
        events.emit("error", text=traceback.format_exc())
    finally:
        # Whoever started this Maya is gone, or cannot be understood: nobody else would end it.
        os._exit(0)


def _take(order):
    if "answer" in order:
        main_thread.dialog.open(order["answer"])
    elif order.get("busy") is False:
        main_thread.busy.open()
    elif "busy" in order:
        main_thread.execute_deferred(_be_busy)
    elif "quirks" in order:
        port.quirks.update(order["quirks"])
        events.emit("done", id=order["id"], value=None)
    elif "quit" in order:
        main_thread.stop()
    else:
        main_thread.execute_deferred(_run, order)


def _be_busy():
    events.emit("busy")
    main_thread.busy.wait()


def _run(order):
    """Runs code as the Script Editor does; its last expression is the answer."""
    import ast

    import __main__

    try:
        tree = ast.parse(order["python"])
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, "<script editor>", "exec"), __main__.__dict__)
        value = None
        if last is not None:
            value = eval(compile(ast.Expression(last.value), "<script editor>", "eval"), __main__.__dict__)
        events.emit("done", id=order["id"], value=value)
    except BaseException as error:
        events.emit(
            "done",
            id=order["id"],
            error=str(error),
            type=type(error).__name__,
            traceback=traceback.format_exc(),
        )


if __name__ == "__main__":
    main()
