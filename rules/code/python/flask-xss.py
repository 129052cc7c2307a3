import flask
from flask import Flask, jsonify, make_response, render_template, request
from markupsafe import escape

app = Flask(__name__)


@app.route("/hello")
def hello():
    name = request.args.get("name")
    page = "<p>Hello "
    page += name + "</p>"
    # ruleid: python-flask-xss
    return page


@app.route("/hello/<name>")
def hello_path(name):
    # ruleid: python-flask-xss
    return make_response(f"<p>Hello {name}</p>")


@app.route("/greet")
def greet():
    # ok: python-flask-xss
    return f"<p>Hello {escape(request.args['name'])}</p>"


@app.route("/page")
def page():
    # ok: python-flask-xss
    return render_template("page.html", name=request.args["name"])


@app.route("/data")
def data():
    # ok: python-flask-xss
    return jsonify(name=request.args["name"])
