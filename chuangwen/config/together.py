"""Web and worker in one process: what `chuangwen demo` serves."""

from chuangwen.config.wsgi import application

# Only now that Django is set up can the worker's models be loaded.
from chuangwen.config.working import start_beside_server  # isort: skip

__all__ = ["application"]

start_beside_server()
