"""What a process gives up before it reads a file from elsewhere: memory, time, network and the files of others.

Every part that the system knows is put in place; `Confinement` says which.  Linux knows all of them (Landlock from
5.13 on), macOS time limits and Python's own sockets, Windows Python's own sockets only.
"""

import ctypes
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_NEW_USER: Final = 0x10000000
_NEW_NETWORK: Final = 0x40000000
_NO_NEW_PRIVILEGES: Final = 38

# Landlock has the same numbers on every architecture (linux/landlock.h).
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_FILE_RIGHTS: Final = {1: 13, 2: 14, 3: 15, 4: 15}
"""Version of Landlock → number of rights over files it handles; later versions 16."""
_READ_FILE, _READ_DIRECTORY = 1 << 2, 1 << 3
_RIGHTS_OF_A_FILE: Final = 0b1100_0000_0000_0111
_TCP: Final = 0b11
_SCOPES: Final = 0b11

_SYSTEM: Final = (
    "/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/localtime", "/dev/null", "/dev/urandom", "/dev/zero",
    "/sys/devices/system/cpu",
)  # fmt: skip
"""What libraries read as they are loaded; nothing of it is anybody's."""


@dataclass(frozen=True)
class Allowance:
    """What reading one file may cost.

    Parameters
    ----------
    memory_bytes : int
        Address space beyond what the libraries take.
    cpu_seconds, wall_seconds : int
    disk_bytes : int
        Size of any one file in the working folder.

    Examples
    --------
    >>> Allowance.of(2**20).cpu_seconds
    33
    """

    memory_bytes: int
    cpu_seconds: int
    wall_seconds: int
    disk_bytes: int = 8 * 2**30

    @classmethod
    def of(cls, size: int) -> "Allowance":
        """What a file of `size` bytes may cost: a floor for every file, then by the size, at most 3/4 of the memory."""
        megabytes = size / 2**20
        cpu = int(30 + 3 * megabytes)
        return cls(min(2**30 + 32 * size, _physical_memory() * 3 // 4), cpu, 30 + 2 * cpu)


@dataclass(frozen=True)
class Confinement:
    """Which promises hold in this process; that Python opens no socket and starts no program holds everywhere."""

    memory: bool
    time: bool
    network: bool
    files: bool


def confine(allowance: Allowance, folder: Path, readable: Sequence[Path], private: Sequence[Path] = ()) -> Confinement:
    """Give up what reading a file does not need, for good.

    Parameters
    ----------
    allowance : Allowance
    folder : Path
        Working folder, the only place to write to.
    readable : sequence of Path
        Further files and folders that may be read.
    private : sequence of Path
        Folders that stay out of reach even where they lie among the libraries.

    Returns
    -------
    Confinement
        What this system let us give up.
    """
    memory, time = _limit(allowance)
    network = _leave_network()
    files = _leave_files(folder, readable, private)
    _refuse_sockets()
    return Confinement(memory=memory, time=time, network=network, files=files)


def _limit(allowance: Allowance) -> tuple[bool, bool]:
    if sys.platform == "win32":
        return False, False
    import resource
    import signal

    def lower(kind: int, soft: int, hard: int | None = None) -> bool:
        highest = resource.getrlimit(kind)[1]
        bounds = [value if highest == resource.RLIM_INFINITY else min(value, highest) for value in (soft, hard or soft)]
        try:
            resource.setrlimit(kind, (bounds[0], bounds[1]))
        except (OSError, ValueError):
            return False
        return True

    lower(resource.RLIMIT_CORE, 0)
    lower(resource.RLIMIT_NOFILE, 256)
    lower(resource.RLIMIT_FSIZE, allowance.disk_bytes)
    time = lower(resource.RLIMIT_CPU, allowance.cpu_seconds, allowance.cpu_seconds + 2)
    signal.alarm(allowance.wall_seconds + 5)  # should nobody be left to end it
    memory = sys.platform == "linux" and lower(resource.RLIMIT_AS, _address_space() + allowance.memory_bytes)
    return memory, time


def _address_space() -> int:
    return int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")


def _physical_memory() -> int:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return 8 * 2**30


def _leave_network() -> bool:
    """Move to a network of its own that has no way out; without rights of root in a name space of its own."""
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_NEW_NETWORK) == 0:
        return True
    user, group = os.getuid(), os.getgid()
    if libc.unshare(_NEW_USER | _NEW_NETWORK) != 0:
        return False
    with suppress(OSError):  # files that are made belong to the same person as before
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    return True


def _refuse_sockets() -> None:
    """Let Python open no socket and start no program; libraries in C are held by the network and Landlock alone."""

    def refuse(event: str, _arguments: object) -> None:
        if event.startswith(("socket.", "subprocess.", "os.exec", "os.posix_spawn", "os.system")):
            raise PermissionError(f"{event} is not allowed while a file is read")

    sys.addaudithook(refuse)


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scopes", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("rights", ctypes.c_uint64), ("parent", ctypes.c_int32))


def _leave_files(folder: Path, readable: Sequence[Path], private: Sequence[Path]) -> bool:
    """Keep the working folder, the libraries and what is `readable`; all other files are out of reach (Landlock)."""
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    version = libc.syscall(_CREATE_RULESET, None, 0, 1)
    if version < 1:
        return False
    everything = (1 << _FILE_RIGHTS.get(version, 16)) - 1
    rules = _Ruleset(everything, _TCP if version >= 4 else 0, _SCOPES if version >= 6 else 0)
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    ruleset = libc.syscall(_CREATE_RULESET, ctypes.byref(rules), size, 0)
    if ruleset < 0:
        return False
    try:
        packages = [path for path in sys.path if path.endswith(("site-packages", "dist-packages"))]  # a user's own, too
        for library in {Path(path) for path in (*_SYSTEM, sys.prefix, sys.base_prefix, *packages)}:
            for path in _around(library, private):
                _allow(libc, ruleset, path, _READ_FILE | _READ_DIRECTORY)
        for path in readable:
            _allow(libc, ruleset, path, _READ_FILE | _READ_DIRECTORY)
        _allow(libc, ruleset, folder, everything)
        return (
            libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) == 0
            and libc.syscall(_RESTRICT_SELF, ctypes.c_int(ruleset), 0) == 0
        )
    finally:
        os.close(ruleset)


def _around(folder: Path, private: Sequence[Path]) -> Iterator[Path]:
    """The folder, or, where something private lies in it, all that lies beside that."""
    if folder in private:
        return
    if any(folder in path.parents for path in private):
        for entry in folder.iterdir():
            yield from _around(entry, private)
    else:
        yield folder


def _allow(libc: ctypes.CDLL, ruleset: int, path: Path, rights: int) -> None:
    with suppress(OSError):  # what is not there need not be allowed
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            rule = _Beneath(rights if path.is_dir() else rights & _RIGHTS_OF_A_FILE, handle)
            libc.syscall(_ADD_RULE, ctypes.c_int(ruleset), 1, ctypes.byref(rule), 0)
        finally:
            os.close(handle)
