"""No picture of this process's memory reaches the disk when it crashes."""

import ctypes
import sys

PR_SET_DUMPABLE = 4
"""prctl(2)."""


def refuse_core_dumps() -> None:
    """For this process and those it starts. Whatever a person said, and every open key, stays in memory.

    The limit alone does not hold where the system pipes dumps to a program (core(5)), so the process is
    marked as not dumpable too, which also keeps other programs of the same user from reading its memory.
    """
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
