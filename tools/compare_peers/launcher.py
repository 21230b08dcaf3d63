"""Starts one command, waits for it, and prints its wall time in seconds, its peak memory in KB and its exit status.

It imports next to nothing: the peak memory of a process begins at that of the process that starts it.
"""

import os
import sys
import time

if __name__ == "__main__":
    command = sys.argv[1:]
    null = os.open(os.devnull, os.O_WRONLY)
    silent = [(os.POSIX_SPAWN_DUP2, null, 1), (os.POSIX_SPAWN_DUP2, null, 2)]
    start = time.perf_counter()
    process = os.posix_spawnp(command[0], command, os.environ, file_actions=silent)
    _, status, usage = os.wait4(process, 0)
    print(time.perf_counter() - start, usage.ru_maxrss, os.waitstatus_to_exitcode(status))
