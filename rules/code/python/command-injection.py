import os
import shlex
import subprocess

from flask import Flask, request

app = Flask(__name__)


@app.route("/ping")
def ping():
    host = request.args.get("host")
    # ruleid: python-command-injection, python-shell-formatted-command
    os.system("ping -c 1 " + host)
    # ruleid: python-command-injection, python-shell-formatted-command
    subprocess.run(f"ping -c 1 {host}", shell=True)
    # ruleid: python-command-injection
    subprocess.Popen(["sh", "-c", f"ping {host}"])
    # ok: python-command-injection
    subprocess.run(["ping", "-c", "1", "--", host])
    # ok: python-command-injection
    # ruleid: python-shell-formatted-command
    os.system("ping -c 1 " + shlex.quote(host))
    return "sent"


def view(request):
    command = request.POST["command"]
    arguments = []
    arguments.append("sh")
    arguments.append(command)
    # ruleid: python-command-injection
    return subprocess.check_output(arguments)


def convert(source, target):
    # ruleid: python-shell-formatted-command
    subprocess.run(f"convert {source} {target}", shell=True)
    # ruleid: python-shell-formatted-command
    os.system("rm -f " + target)
    # ok: python-shell-formatted-command
    subprocess.run("make " + "clean", shell=True)
    # ok: python-shell-formatted-command
    subprocess.run(["convert", source, target])
