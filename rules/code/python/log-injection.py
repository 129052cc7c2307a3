import logging

from flask import Flask, request

app = Flask(__name__)
logger = logging.getLogger(__name__)


@app.route("/login")
def login():
    name = request.form["name"]
    # ruleid: python-log-injection
    logger.info("login of %s", name)
    # ruleid: python-log-injection
    logging.warning(f"login of {name}")
    clean = name.replace("\r", "").replace("\n", " ")
    # ok: python-log-injection
    logger.info("login of %s", clean)
    # ok: python-log-injection
    logger.info("login of %s", repr(name))
    return "ok"
