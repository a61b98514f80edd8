"""The worker: runs queued work one by one, and the work of every day."""

from __future__ import annotations

import logging
import signal
import threading
import time
from datetime import timedelta
from types import FrameType

from django.db import close_old_connections, connection
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker

from chuangwen.core.daily import run_due
from chuangwen.core.jobs import INTERRUPTED, fail_interrupted

logger = logging.getLogger(__name__)
LOOK_AGAIN = 1.0  # seconds between looks for queued work
DAILY_LOOK = 60.0  # seconds between looks for what the day wants


def make_worker() -> Worker:
    """A worker for all queues that looks for work every second."""
    return Worker(
        queue_names=["*"],
        interval=LOOK_AGAIN,
        batch=False,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=get_random_string(32),
        excluded_queue_names=[],
    )


def end_what_was_interrupted() -> None:
    """At a start: on SQLite there is one worker, so whatever still runs was cut off; else after a quiet time."""
    fail_interrupted(timedelta(0) if connection.vendor == "sqlite" else INTERRUPTED)


def daily_loop(stop: threading.Event) -> None:
    """Look every minute for work of the day until `stop`; a fault is logged and does not end the loop."""
    while not stop.is_set():
        close_old_connections()
        try:
            run_due()
            fail_interrupted()
        except Exception:
            logger.exception("looking for daily work failed")
        close_old_connections()
        stop.wait(DAILY_LOOK)


def run_worker() -> None:
    """Work until SIGINT or SIGTERM. The work in hand is finished first; a second signal cuts it off."""
    end_what_was_interrupted()
    stop = threading.Event()
    threading.Thread(target=daily_loop, args=(stop,), daemon=True, name="daily").start()
    worker = make_worker()

    def shut_down(number: int, frame: FrameType | None) -> None:
        stop.set()
        worker.shutdown(number, frame)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, shut_down)
    worker.run()


def start_beside_server() -> None:
    """The same in threads of a web process, for the demo and the smallest site. They end with the process."""

    def work() -> None:
        end_what_was_interrupted()
        while True:
            try:
                make_worker().run()
            except Exception:
                logger.exception("the worker failed and begins again")
                time.sleep(5)

    threading.Thread(target=work, daemon=True, name="worker").start()
    threading.Thread(target=daily_loop, args=(threading.Event(),), daemon=True, name="daily").start()
