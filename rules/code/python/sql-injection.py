import sqlite3

import sqlalchemy
from django.contrib.auth.models import User
from django.db.models.expressions import RawSQL
from flask import Flask, request
from fastapi import FastAPI

app = Flask(__name__)
api = FastAPI()


@app.route("/orders")
def orders():
    db = sqlite3.connect("shop.db")
    state = request.args.get("state", "open")
    sql = "SELECT id FROM orders WHERE state = '" + state + "'"
    # ruleid: python-sql-injection
    db.execute(sql)
    # ok: python-sql-injection
    db.execute("SELECT id FROM orders WHERE state = ?", (state,))
    number = int(request.args["number"])
    # ok: python-sql-injection
    # ruleid: python-sql-formatted-query
    db.execute(f"SELECT id FROM orders WHERE id = {number}")
    return "done"


@api.get("/customers/{name}")
async def customers(name: str, limit: int):
    cursor = pool.cursor()
    # ruleid: python-sql-injection, python-sql-formatted-query
    cursor.execute(f"SELECT * FROM customers WHERE name = '{name}'")
    # ok: python-sql-injection
    # ruleid: python-sql-formatted-query
    cursor.execute(f"SELECT * FROM customers LIMIT {limit}")


def search(request):
    wanted = request.GET["q"]
    # ruleid: python-sql-injection, python-django-raw-sql-formatted
    found = User.objects.raw("SELECT * FROM auth_user WHERE username LIKE '%" + wanted + "%'")
    # ok: python-sql-injection
    same = User.objects.raw("SELECT * FROM auth_user WHERE username LIKE %s", [wanted])
    # ok: python-sql-injection
    session.execute(sqlalchemy.select(User).where(User.username == wanted))
    # ruleid: python-sql-injection
    session.execute(sqlalchemy.text("SELECT 1 FROM users WHERE name = '%s'" % wanted))
    return found, same


def report(cursor, table, ids):
    # ruleid: python-sql-formatted-query
    cursor.execute(f"SELECT * FROM {table}")
    # ruleid: python-sql-formatted-query
    cursor.execute("DELETE FROM t WHERE id IN (%s)" % ids)
    # ok: python-sql-formatted-query
    cursor.execute("DELETE FROM t WHERE id = %s", (ids,))
    # ok: python-sql-formatted-query
    cursor.execute("SELECT * FROM t " + "WHERE a = 1")


def ranked(field, name):
    # ruleid: python-django-raw-sql-formatted
    first = User.objects.annotate(rank=RawSQL(f"COALESCE({field}, 0)", []))
    # ruleid: python-django-raw-sql-formatted
    second = User.objects.extra(where=["name = '%s'" % name])
    # ok: python-django-raw-sql-formatted
    third = User.objects.extra(where=["name = %s"], params=[name])
    # ok: python-django-raw-sql-formatted
    fourth = User.objects.annotate(rank=RawSQL("COALESCE(score, %s)", [0]))
    return first, second, third, fourth
