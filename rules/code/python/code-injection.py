import ast
import importlib

from flask import Flask, request

app = Flask(__name__)
ACTIONS = {"sum": sum, "max": max}


@app.route("/calculate")
def calculate():
    formula = request.args.get("formula", "0")
    # ruleid: python-code-injection
    result = eval(formula, {"__builtins__": {}})
    # ok: python-code-injection
    literal = ast.literal_eval(formula)
    # ok: python-code-injection
    action = ACTIONS[request.args["action"]]
    # ok: python-code-injection
    constant = eval("1 + 1")
    return str(action([result, literal, constant]))


@app.route("/plugin/<name>")
def plugin(name):
    # ruleid: python-code-injection
    module = importlib.import_module("plugins." + name)
    return module.run()


@app.route("/checked/<name>")
def checked(name):
    if name not in ACTIONS:
        return "unknown"
    # ok: python-code-injection
    return str(eval(name))
