import re

from flask import Flask, request

app = Flask(__name__)


@app.route("/search")
def search():
    pattern = request.args["q"]
    # ruleid: python-regex-from-request
    first = re.search(pattern, TEXT)
    # ruleid: python-regex-from-request
    second = re.compile(f"^{pattern}$")
    # ok: python-regex-from-request
    third = re.search(re.escape(pattern), TEXT)
    # ok: python-regex-from-request
    fourth = re.search(r"^\d+$", pattern)
    return str([first, second, third, fourth])


# ruleid: python-catastrophic-regex
FIRST = re.compile(r"^(a+)+$")
# ruleid: python-catastrophic-regex
SECOND = re.compile(r"^(\w+\s?)*$")
# ok: python-catastrophic-regex
THIRD = re.compile(r"^a+$")
# ok: python-catastrophic-regex
FOURTH = re.compile(r"^[a-z]+-\d+$")
