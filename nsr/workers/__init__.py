"""Worker processes: every solve runs in one, under limits that hold whatever the solver does.

One fork server for each family imports its solver once (`server`); it keeps forked children waiting, each of which
works off one request and ends. Callers talk to the children directly (`client`).
"""

from nsr.workers.client import Family, request, request_sync, shut_down, start

__all__ = ["Family", "request", "request_sync", "shut_down", "start"]
