"""`python -m nsr.batch HANDLE`: one engine process of a batch, started by the batch itself."""

import sys

from nsr.batch.child import main

if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("nsr.batch is started by nsr itself: see `nsr batch --help`")
    main(int(sys.argv[1]))
