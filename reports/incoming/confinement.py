"""What a process that reads a stranger's file gives up before it reads: time, memory, network, children, writing.

Limits: it may still read the files that its user may read, so that modules can be loaded. Where the kernel takes no
filter of system calls (another processor, an old container), Python's own audit hook alone keeps it off the network.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import signal
import struct
import sys
from typing import Any

_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _FILTER = 38, 22, 2
_LOAD, _JUMP_EQUAL, _JUMP_AT_LEAST, _JUMP_BITS, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
_EPERM, _ENOSYS = 1, 38
_NUMBER_AT, _ARCHITECTURE_AT, _FIRST_ARGUMENT_AT = 0, 4, 16
_OTHER_NUMBERING = 0x40000000  # x32 calls on x86-64
_CLONE_THREAD = 0x10000

# Architecture, clone, clone3, and what is refused: socket, connect, bind, listen, fork, vfork, execve, execveat, kill,
# ptrace, process_vm_readv, process_vm_writev, io_uring_setup. Pairs of connected sockets stay: event loops need them.
_CALLS: dict[str, tuple[int, int, int, tuple[int, ...]]] = {
    "x86_64": (0xC000003E, 56, 435, (41, 42, 49, 50, 57, 58, 59, 322, 62, 101, 310, 311, 425)),
    "aarch64": (0xC00000B7, 220, 435, (198, 203, 200, 201, 221, 281, 129, 117, 270, 271, 425)),
}
_REFUSED_EVENTS = (
    "socket.connect",
    "socket.bind",
    "socket.getaddrinfo",
    "subprocess.",
    "os.fork",
    "os.exec",
    "os.spawn",
)


def confine(seconds: float, memory: int) -> None:
    """Give up, for good, what reading a file does not need.

    Args:
        seconds: after so much time the kernel ends this process, whatever it is doing.
        memory: bytes of address space that it may have, its program and libraries included.
    """
    os.setsid()
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    for kind, limit in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_DATA, memory),
        (resource.RLIMIT_CPU, int(seconds) + 1),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (limit, limit))
    sys.addaudithook(_refuse)
    _filter_calls()


def _refuse(event: str, _arguments: tuple[Any, ...]) -> None:
    if event.startswith(_REFUSED_EVENTS):
        raise PermissionError(event)


def _filter_calls() -> bool:
    """Ask the kernel to refuse the network and new processes; False where it cannot."""
    calls = _CALLS.get(platform.machine())
    if calls is None or sys.platform != "linux":
        return False
    program = _program(*calls)
    code = ctypes.create_string_buffer(program, len(program))
    described = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(code))
    libc = ctypes.CDLL(None)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        return False
    return bool(libc.prctl(_PR_SET_SECCOMP, _FILTER, ctypes.c_char_p(described), 0, 0) == 0)


def _program(architecture: int, clone: int, clone3: int, refused: tuple[int, ...]) -> bytes:
    """The filter in the kernel's own little language: (code, jump if true, jump if false, number)."""
    steps = [
        (_LOAD, 0, 0, _ARCHITECTURE_AT),
        (_JUMP_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _ERRNO | _EPERM),
        (_LOAD, 0, 0, _NUMBER_AT),
        (_JUMP_AT_LEAST, 0, 1, _OTHER_NUMBERING),
        (_RETURN, 0, 0, _ERRNO | _EPERM),
        (_JUMP_EQUAL, 0, 1, clone3),
        (_RETURN, 0, 0, _ERRNO | _ENOSYS),  # the C library then takes clone, whose flags can be looked at
    ]
    for number in refused:
        steps += [(_JUMP_EQUAL, 0, 1, number), (_RETURN, 0, 0, _ERRNO | _EPERM)]
    steps += [
        (_JUMP_EQUAL, 0, 3, clone),
        (_LOAD, 0, 0, _FIRST_ARGUMENT_AT),
        (_JUMP_BITS, 1, 0, _CLONE_THREAD),
        (_RETURN, 0, 0, _ERRNO | _EPERM),
        (_RETURN, 0, 0, _ALLOW),
    ]
    return b"".join(struct.pack("HBBI", *step) for step in steps)
