"""A process that blanks memory as it lets go of it.

Python and Qt leave in freed memory what stood there, a name or a code, until something else happens to be
written over it. The C library can overwrite memory when it is freed, if Python takes all of its memory from
there and nothing is put aside for reuse unwiped. All three are settled before a process begins, so the kiosk
starts itself anew with these settings. They cost about a seventh more processor time over a whole visit.

The packaged program's loader starts Python deaf to its environment, ``PYTHONMALLOC`` included. There the
allocator is exchanged in the running process, before anything of anybody is in it.
"""

import ctypes
import os
import platform
import sys
from collections.abc import Mapping

_TUNABLES = "GLIBC_TUNABLES"
_WIPED = "glibc.malloc.perturb=171:glibc.malloc.tcache_count=0"
"""mallopt(3), M_PERTURB: freed bytes become the complement of 171. The per-thread cache hands memory back
without that (glibc 2.36, _int_free), so there is none."""
_GIVEN_BACK = "glibc.malloc.arena_max=1:glibc.malloc.mmap_threshold=131072"
"""Left to itself, the C library soon keeps blocks of megabytes (pictures, sounds, what a PIN is tried with)
for reuse, in a heap for each thread that grows in tatters over a day. Blocks from 128 KB, where its threshold
begins, always go back to the system, and all threads share one heap."""


def available() -> bool:
    """Only glibc has these settings."""
    return sys.platform == "linux" and platform.libc_ver()[0] == "glibc"


def forgetful(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment with what a process needs to be started like that; unchanged where it has it."""
    tunables = environment.get(_TUNABLES, "")
    for wanted in (_WIPED, _GIVEN_BACK):
        if wanted not in tunables:
            tunables = f"{tunables}:{wanted}".lstrip(":")
    return {**environment, "PYTHONMALLOC": "malloc", _TUNABLES: tunables}


def start_forgetful() -> None:
    """Starts this very command anew where it was started otherwise; then it does not return."""
    if not available():
        return
    wanted = forgetful(os.environ)
    if dict(os.environ) != wanted:
        os.execve(sys.executable, sys.orig_argv, wanted)  # noqa: S606 - the same program, no shell
    if getattr(sys, "frozen", False):
        take_memory_from_the_c_library()


class _Allocator(ctypes.Structure):
    """``PyMemAllocatorEx`` (Python/C API, "Customize Memory Allocators")."""

    _fields_ = tuple((name, ctypes.c_void_p) for name in ("context", "malloc", "calloc", "realloc", "free"))


_RAW, _MEM, _OBJ = range(3)
"""``PyMemAllocatorDomain``; what RAW hands out has always been the C library's."""


def take_memory_from_the_c_library() -> None:
    """From now on every new object lies in the C library's memory, as under ``PYTHONMALLOC=malloc``.

    Python allows this after its start only to an allocator that wraps the present one: what is there already
    is grown and freed by pymalloc, which knows its own blocks and hands all others to the C library.
    """
    api = ctypes.pythonapi
    of_c = _Allocator()
    api.PyMem_GetAllocator(_RAW, ctypes.byref(of_c))
    for domain in (_MEM, _OBJ):
        present = _Allocator()
        api.PyMem_GetAllocator(domain, ctypes.byref(present))
        present.malloc, present.calloc = of_c.malloc, of_c.calloc
        api.PyMem_SetAllocator(domain, ctypes.byref(present))
