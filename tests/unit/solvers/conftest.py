"""Programs from source, and jobs worked off in this process."""

import pytest

from nsr.grammars.parser import parse
from nsr.language.check import check
from nsr.solvers.jobs import decode_reply, encode_job
from nsr.solvers.work import work


@pytest.fixture(scope="session")
def typed():
    """A checked program from source."""

    def make(source):
        parsed = parse(source)
        assert parsed.program is not None, source
        checked = check(parsed.program, source)
        assert checked.program is not None, (source, checked.diagnostics)
        return checked.program

    return make


@pytest.fixture(scope="session")
def done():
    """The outcome of a job; a gap stays one."""

    def run(job, backend, seconds=30.0):
        reply = work(encode_job(job, backend, seconds, 0))
        assert not reply.get("gap"), reply["gap"]
        return decode_reply(job, backend, reply)

    return run
