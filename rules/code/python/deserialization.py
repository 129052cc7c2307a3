import json
import pickle

import numpy
import torch
import yaml
from flask import Flask, request

app = Flask(__name__)


@app.route("/cart")
def cart():
    # ruleid: python-unsafe-deserialization, python-pickle-load
    first = pickle.loads(request.cookies["cart"])
    body = request.get_data()
    # ruleid: python-unsafe-deserialization, python-yaml-unsafe-load
    second = yaml.load(body, Loader=yaml.Loader)
    # ok: python-unsafe-deserialization, python-yaml-unsafe-load
    third = yaml.safe_load(body)
    # ok: python-unsafe-deserialization, python-yaml-unsafe-load
    fourth = yaml.load(body, Loader=yaml.SafeLoader)
    # ok: python-unsafe-deserialization
    fifth = json.loads(body)
    return str([first, second, third, fourth, fifth])


def configuration(file):
    # ruleid: python-yaml-unsafe-load
    return yaml.unsafe_load(file)


def cached(path):
    with open(path, "rb") as file:
        # ruleid: python-pickle-load
        return pickle.load(file)


def stored(path, value):
    with open(path, "wb") as file:
        # ok: python-pickle-load
        pickle.dump(value, file)
    with open(path) as file:
        # ok: python-pickle-load
        return json.load(file)


def model(path):
    # ruleid: python-torch-load-any-object
    weights = torch.load(path, weights_only=False)
    # ruleid: python-torch-load-any-object
    table = numpy.load("table.npy", allow_pickle=True)
    # ok: python-torch-load-any-object
    safe = torch.load(path, weights_only=True)
    # ok: python-torch-load-any-object
    plain = numpy.load("table.npy")
    return weights, table, safe, plain
