"""A worker process of a training on one machine, started by the first: `Workers` in learning.

python -P -m glassformer.training.worker    with the request as a line of JSON on stdin
"""

import os
import sys

from glassformer.errors import GlassformerError
from glassformer.training.learning.interrupts import Terminated
from glassformer.training.learning.processes import task_of_worker
from glassformer.training.request import TrainingRequest
from glassformer.training.run import Silent, carry_out


def work() -> int:
    """Take part in the training; the exit code. Errors go to stderr, for the first process."""
    try:
        carry_out(TrainingRequest.from_json(task_of_worker()), Silent())
    except GlassformerError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    except (KeyboardInterrupt, Terminated):  # the first process gets it as well
        return 1
    return 0


if __name__ == "__main__":
    code = work()
    sys.stderr.flush()
    # Threads of torch.distributed, torn down in an unlucky order, abort a process that is done.
    os._exit(code)
