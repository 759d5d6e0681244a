"""`python -m nsr.workers MODULE NAME CONTROL LIFELINE`: the fork server of one family, started by the client."""

import sys

from nsr.workers.server import serve

if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit("nsr.workers is started by nsr itself")
    serve(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
