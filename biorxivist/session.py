"""A crawl in a child process that answers questions, so that Python code has the crawl's archive, delays and ladder."""

import atexit
import itertools
import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any

from biorxivist.errors import UserError


class SessionEnded(UserError):
    """The crawl behind a session ended before it answered."""


class Session:
    """One `scrapy crawl session`, started by the first question and shared by all that ask it. Safe for threads and event loops."""

    def __init__(self, settings: Mapping[str, Any] | None = None):
        self.settings = dict(settings or {})
        self.numbers = itertools.count(1)
        self.lock = threading.Lock()
        self.process: subprocess.Popen[bytes] | None = None
        self.owner = 0
        self.open: dict[int, Future[dict[str, Any]]] = {}

    def ask(self, **question: Any) -> "Future[dict[str, Any]]":
        """Put a question; the answer comes in the future, `SessionEnded` if none can come."""
        answer: Future[dict[str, Any]] = Future()
        with self.lock:
            # a forked child must not talk into its parent's crawl
            if self.process is None or self.process.poll() is not None or self.owner != os.getpid():
                self._start()
            id = next(self.numbers)
            self.open[id] = answer
            try:
                self.process.stdin.write(json.dumps({"id": id, **question}).encode() + b"\n")
                self.process.stdin.flush()
            except OSError:
                self.open.pop(id)
                answer.set_exception(self._ended())
        return answer

    def close(self) -> None:
        """End the crawl; the next question starts another."""
        with self.lock:
            process, self.process = self.process, None
        if process and self.owner == os.getpid():
            process.stdin.close()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()

    def _start(self) -> None:
        options = [part for name, value in self.settings.items() for part in ("-s", f"{name}={_written(value)}")]
        command = [sys.executable, "-m", "biorxivist", "crawl", "session", "-L", "WARNING", *options]
        # a session of its own, so that Ctrl-C ends the user's wait and not the crawl
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)
        self.owner, self.open = os.getpid(), {}
        threading.Thread(target=self._listen, args=(self.process, self.open), daemon=True).start()
        atexit.register(self.close)

    def _listen(self, process: "subprocess.Popen[bytes]", waiting: dict[int, "Future[dict[str, Any]]"]) -> None:
        for line in process.stdout:
            answer = json.loads(line)
            future = waiting.pop(answer["id"], None)
            # whoever awaited it may have given up
            if future and future.set_running_or_notify_cancel():
                future.set_result(answer)
        process.wait()
        with self.lock:
            for future in waiting.values():
                if future.set_running_or_notify_cancel():
                    future.set_exception(self._ended())
            waiting.clear()

    def _ended(self) -> SessionEnded:
        status = self.process.poll() if self.process else None
        return SessionEnded(
            f"the crawl behind this session ended (status {status}): its log above says why; ask again to start a new one"
        )


def _written(value: Any) -> str:
    return json.dumps(value) if isinstance(value, (dict, list)) else str(value)
