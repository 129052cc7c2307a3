import flask
from flask import Flask, request

app = Flask(__name__)


def answer(response, value):
    # ruleid: python-cookie-insecure
    response.set_cookie("theme", value, secure=False)
    # ruleid: python-cookie-insecure
    response.set_cookie("theme", value, secure=False, httponly=True)
    # ok: python-cookie-insecure
    response.set_cookie("theme", value, secure=True)
    # ok: python-cookie-insecure
    response.set_cookie("theme", value)
    # ruleid: python-session-cookie-readable-by-script
    response.set_cookie("session_id", value, secure=True, httponly=False)
    # ok: python-session-cookie-readable-by-script
    response.set_cookie("session_id", value, secure=True, httponly=True)
    # ok: python-session-cookie-readable-by-script
    response.set_cookie("theme", value, secure=True, httponly=False)


# ruleid: python-session-cookie-readable-by-script
SESSION_COOKIE_HTTPONLY = False
# ruleid: python-session-cookie-settings
SESSION_COOKIE_SECURE = False
# ruleid: python-session-cookie-settings
app.config["SESSION_COOKIE_SECURE"] = False
# ok: python-session-cookie-settings
CSRF_COOKIE_SECURE = True
# ok: python-session-cookie-settings
app.config["SESSION_COOKIE_SECURE"] = not app.debug


@app.route("/as")
def become():
    # ruleid: python-trust-boundary
    flask.session["user"] = request.args["user"]
    name = request.form.get("language")
    # ruleid: python-trust-boundary
    flask.session["language"] = name
    # ok: python-trust-boundary
    flask.session["page"] = int(request.args["page"])
    # ok: python-trust-boundary
    flask.session["seen"] = True
    return "ok"
