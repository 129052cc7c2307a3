import os
import tempfile
from pathlib import Path


def scratch(text):
    # ruleid: python-tempfile-mktemp
    name = tempfile.mktemp(suffix=".txt")
    # ruleid: python-tempfile-mktemp
    other = tempfile.mktemp()
    # ok: python-tempfile-mktemp
    handle, safe = tempfile.mkstemp()
    # ok: python-tempfile-mktemp
    with tempfile.NamedTemporaryFile("w") as file:
        file.write(text)
    # ruleid: python-fixed-temp-path
    with open("/tmp/report.txt", "w") as file:
        file.write(text)
    # ruleid: python-fixed-temp-path
    lock = open("/var/tmp/app.lock", "a")
    # ok: python-fixed-temp-path
    old = open("/tmp/report.txt", "r")
    # ok: python-fixed-temp-path
    log = open("/var/log/app.log", "a")
    return name, other, handle, safe, lock, old, log


def permissions(path):
    # ruleid: python-world-writable-file
    os.chmod(path, 0o777)
    # ruleid: python-world-writable-file
    Path(path).chmod(0o666)
    # ok: python-world-writable-file
    os.chmod(path, 0o750)
    # ok: python-world-writable-file
    os.chmod(path, 0o644)
