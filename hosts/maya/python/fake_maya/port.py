"""The command port.

Written from described behavior, each rule of which a test names by its id (F1 to F21).
"""

import os
import select
import socket
import sys
import threading
import time

from . import events, main_thread, mel

SOCKETS = os.environ.get("FAKE_MAYA_SOCKETS", "/tmp")
#: What a test may change; see fake-port.e2e.test.ts of the Maya bridge.
quirks = {
    "continuationSeconds": 1.5,
    # What happens to a request longer than the buffer: "accumulate", "close" or "error".
    "oversize": "accumulate",
    # Python 3 Mayas write echoes as text to a socket of bytes.
    "echoFault": False,
    # Replies are cut into pieces of so many bytes, the NUL alone at last.
    "replyChunkBytes": 0,
}
TERMINATOR = "\n\0"
DENIED = "Execution denied by Maya."

_ports = {}


def command_port(*names, **flags):
    """The command as Maya's ``commandPort``."""
    name = names[0] if names else flags.get("name", "mayaCommand")
    if flags.get("query"):
        return sorted(_ports) if flags.get("listPorts") else name in _ports
    if flags.get("close"):
        if name not in _ports:
            raise RuntimeError("Could not close port {}".format(name))
        _ports.pop(name).close()
        return None
    if name in _ports:
        raise RuntimeError("The port {} is already active.".format(name))
    _ports[name] = Port(name, flags)
    return None


class Port(object):
    def __init__(self, name, flags):
        self.name = name
        self.language = flags.get("sourceType", "mel")
        self.prefix = flags.get("prefix", "")
        self.buffer_bytes = max(16, flags.get("bufferSize", 4096))
        self.no_return = flags.get("noreturn", False)
        self.count_commands = flags.get("returnNumCommands", False) and not self.no_return
        self.echo = flags.get("echoOutput", False) and not self.no_return
        self.must_ask = flags.get("securityWarning", False)
        self.echoes = []
        self.is_open = True
        self.server = _listen(name)
        if self.echo:
            events.ScriptEditor.listeners.append(self.echoes.append)
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self):
        # A client that is served goes on being served.
        self.is_open = False
        self.server.close()

    def _serve(self):
        """One client after the other; who comes meanwhile waits in the backlog."""
        while self.is_open:
            try:
                readable, _, _ = select.select([self.server], [], [], 0.2)
                if not readable:
                    continue
                client, _ = self.server.accept()
            except (OSError, ValueError):
                return
            try:
                self._serve_client(client)
            except (OSError, TypeError) as error:
                events.emit("portError", text=str(error))
            finally:
                client.close()

    def _serve_client(self, client):
        while True:
            data = self._receive(client)
            if data is None:
                return
            data = data.replace(b"\0", b"")
            # A lone newline is not nothing: it is an empty command.
            if not data:
                return
            try:
                text = data.strip().decode("utf-8")
            except UnicodeDecodeError:
                events.emit("warning", text="Command port: not UTF-8.")
                return
            if self.must_ask and not self._ask(text):
                self._send(client, DENIED)
                return
            for reply in main_thread.execute_with_result(self._run, text):
                self._send(client, reply)
            if self.echo:
                self._send_echoes(client)

    def _receive(self, client):
        """One chunk is one message, unless it fills the buffer: then what follows shortly is a part of it."""
        while self.echo:
            self._send_echoes(client)
            readable, _, _ = select.select([client], [], [], quirks["continuationSeconds"])
            if readable:
                break
        data = chunk = client.recv(self.buffer_bytes)
        if len(chunk) >= self.buffer_bytes and quirks["oversize"] == "close":
            return None
        if len(chunk) >= self.buffer_bytes and quirks["oversize"] == "error":
            self._send(client, "Command is longer than the buffer.")
            return self._receive(client)
        while len(chunk) >= self.buffer_bytes:
            readable, _, _ = select.select([client], [], [], quirks["continuationSeconds"])
            if not readable:
                break
            chunk = client.recv(self.buffer_bytes)
            data += chunk
        return data or None

    def _ask(self, text):
        answer = main_thread.execute_with_result(self._show_warning, text)
        if answer == "Allow All":
            self.must_ask = False
        return answer in ("Allow", "Allow All")

    def _show_warning(self, text):
        events.emit(
            "confirmDialog", title=self.name, message=text[:300], button=["Allow", "Deny", "Allow All"]
        )
        return main_thread.dialog.wait()

    def _run(self, text):
        events.emit("command", port=self.name, text=text[:200], length=len(text))
        if self.language == "python":
            return [self._run_python(text)]
        replies = [self._run_mel(line) for line in text.split("\n")]
        return [str(len(replies))] if self.count_commands else replies

    def _run_mel(self, line):
        if self.prefix:
            line = '{} "{}";'.format(self.prefix, mel.encode_string(line))
        try:
            result = mel.evaluate(line)
        except Exception as error:
            return str(error)
        return "" if self.no_return else _to_text(result)

    def _run_python(self, text):
        if self.prefix:
            text = '{} "{} "'.format(self.prefix, text)
        scope = _scope()
        value = None
        try:
            if "\n" in text:
                exec(text, scope, {})
                return "None"
            try:
                value = eval(text, scope, {})
            except Exception:
                value = None
            if value is None:
                exec(text, scope, {})
        except Exception as error:
            return str(error)
        return "" if self.no_return else str(value).strip()

    def _send(self, client, text):
        data = (text + TERMINATOR).encode("utf-8")
        size = quirks["replyChunkBytes"]
        if not size:
            client.sendall(data)
            return
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for at in range(0, len(data) - 1, size):
            client.sendall(data[:-1][at : at + size])
            time.sleep(0.001)
        client.sendall(data[-1:])

    def _send_echoes(self, client):
        while self.echoes:
            if quirks["echoFault"]:
                # The queue stays as it is: the next client meets it again.
                raise TypeError("a bytes-like object is required, not 'str'")
            self._send(client, self.echoes.pop(0))


def _to_text(result):
    if result is None:
        return ""
    if isinstance(result, (list, tuple)):
        return "\t".join(str(item) for item in result)
    return str(result).strip()


def _scope():
    """What is at hand on a python port. Locals are new each time, so nothing that is defined stays."""
    from maya import cmds, mel as maya_mel, utils

    return {"cmds": cmds, "mel": maya_mel, "utils": utils, "os": os, "sys": sys, "socket": socket}


def _listen(name):
    if ":" not in name:
        path = name if name.startswith("/") else os.path.join(SOCKETS, name)
        if os.path.exists(path):
            os.unlink(path)
        server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        server.bind(path)
    else:
        host, _, port = name.rpartition(":")
        server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            server.bind((host or "127.0.0.1", int(port)))
        except OSError as error:
            server.close()
            raise RuntimeError(str(error))
    server.listen(5)
    return server
