"""wrk with load.lua: the load of every benchmark over HTTP."""
import json
import pathlib
import subprocess

SCRIPT = pathlib.Path(__file__).parent / "load.lua"


def _wrk(server, path, lines, credential, kind, connections, seconds):
    done = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", "-s", str(SCRIPT), server.address + path,
         "--", str(lines), credential, kind], text=True, capture_output=True)
    told = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode != 0 or not told:
        raise RuntimeError(f"wrk: {done.stdout[-1000:]}{done.stderr[-1000:]}")
    return json.loads(told[-1])


def post(server, path, bodies, credential, connections, seconds):
    """Posts the lines of a file, each once; counts of answers and of those that were not 200."""
    return _wrk(server, path, bodies, credential, "post", connections, seconds)


def get(server, paths, credential, connections, seconds):
    """Gets the paths in a file in turn, over and over; latencies in milliseconds."""
    return _wrk(server, "/", paths, credential, "get", connections, seconds)
