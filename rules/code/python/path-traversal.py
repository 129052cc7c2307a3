import os
import tarfile
from pathlib import Path

from flask import Flask, request, send_file, send_from_directory
from werkzeug.utils import secure_filename

app = Flask(__name__)
BASE = Path("/srv/files")


@app.route("/download")
def download():
    name = request.args["name"]
    # ruleid: python-path-traversal
    return send_file("/srv/files/" + name)


@app.route("/read/<path:name>")
def read(name):
    # ruleid: python-path-traversal
    with open(os.path.join("/srv/files", name)) as file:
        return file.read()


@app.route("/delete")
def delete():
    # ruleid: python-path-traversal
    os.remove(f"/srv/files/{request.form['name']}")
    return "gone"


@app.route("/safe")
def safe():
    name = secure_filename(request.args["name"])
    # ok: python-path-traversal
    return send_file("/srv/files/" + name)


@app.route("/best")
def best():
    # ok: python-path-traversal
    return send_from_directory("/srv/files", request.args["name"])


@app.route("/resolved")
def resolved():
    # ruleid: python-path-part-from-request
    path = (BASE / request.args["name"]).resolve()
    if not path.is_relative_to(BASE):
        return "no"
    # ok: python-path-traversal
    return path.read_text()


@app.route("/exists/<name>")
def exists(name):
    # ruleid: python-path-part-from-request
    if os.path.exists("/srv/files/" + name):
        return "yes"
    bare = secure_filename(name)
    # ok: python-path-part-from-request
    if os.path.exists("/srv/files/" + bare):
        return "yes"
    # ok: python-path-part-from-request
    return str(os.path.exists("/srv/files"))


def unpack(archive, target):
    with tarfile.open(archive) as tar:
        # ruleid: python-tar-extract-unfiltered
        tar.extractall(target)
    other = tarfile.open(archive)
    # ruleid: python-tar-extract-unfiltered
    other.extractall()
    # ok: python-tar-extract-unfiltered
    other.extractall(target, filter="data")
    with tarfile.open(archive) as tar:
        # ok: python-tar-extract-unfiltered
        tar.extractall(path=target, filter="data")
