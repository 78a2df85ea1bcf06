"""The first code of a worker process; run as a plain script, never imported.

    PYTHON -S -s bootstrap.py ric HANDLER
    PYTHON -S -s bootstrap.py script PATH/serve.py HANDLER

It does what the environment of AWS Lambda has done before the function's code
runs: stdin is empty, ``exit`` exists, ``sys.path`` holds nothing but the
function, its layers, what the runtime provides and the standard library.

It also ties the worker's life to that of its parent: descriptor 0 is a pipe
that the parent holds open and never writes to, so its end means that the
parent is gone, however it went.
"""

import _thread
import os
import runpy
import site
import sys


def _end_with_parent() -> None:
    lifeline = os.dup(0)  # not inheritable, so the children of a handler do not hold it
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)

    def watch() -> None:
        while os.read(lifeline, 1):
            continue
        if sys.platform != "win32" and os.getpgrp() == os.getpid():
            os.killpg(0, 9)  # this process and what the function has started
        os._exit(1)

    _thread.start_new_thread(watch, ())


def main(argv: list[str]) -> None:
    """Run the runtime loop that ``argv`` names."""
    del sys.path[0]  # the folder of this file
    _end_with_parent()
    # ``-S`` keeps site-packages out, and these two with it; handlers use them.
    site.setquit()
    site.sethelper()
    if argv[1] == "ric":
        sys.argv = ["awslambdaric", argv[2]]
        runpy.run_module("awslambdaric", run_name="__main__", alter_sys=True)
    else:
        sys.argv = argv[2:]
        runpy.run_path(argv[2], run_name="__main__")


if __name__ == "__main__":
    main(sys.argv)
