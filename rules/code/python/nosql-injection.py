from flask import Flask, request
from pymongo import MongoClient

app = Flask(__name__)
db = MongoClient().shop


@app.post("/login")
def login():
    data = request.get_json()
    # ruleid: python-nosql-injection
    user = db.users.find_one({"name": data["name"], "password": data["password"]})
    # ruleid: python-nosql-injection
    everyone = db["users"].find(request.json)
    # ok: python-nosql-injection
    safe = db.users.find_one({"name": str(data["name"])})
    # ok: python-nosql-injection
    fixed = db.users.find_one({"name": "admin"})
    return {"user": user, "all": everyone, "safe": safe, "fixed": fixed}


def older(age):
    # ruleid: python-mongodb-where
    first = db.users.find({"$where": f"this.age > {age}"})
    # ruleid: python-mongodb-where
    second = db.users.find({"$where": "this.age > " + age})
    # ok: python-mongodb-where
    third = db.users.find({"age": {"$gt": age}})
    # ok: python-mongodb-where
    fourth = db.users.find({"$where": "this.a == this.b"})
    return first, second, third, fourth
