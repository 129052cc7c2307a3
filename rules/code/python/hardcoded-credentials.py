import os

import psycopg2
import redis
from flask import Flask

app = Flask(__name__)

# ruleid: python-hardcoded-database-password
first = psycopg2.connect(host="db", user="shop", password="sunny-Tuesday-81")
# ruleid: python-hardcoded-database-password
second = redis.Redis(host="cache", password="sunny-Tuesday-81")
# ok: python-hardcoded-database-password
third = psycopg2.connect(host="db", user="shop", password=os.environ["DB_PASSWORD"])
# ok: python-hardcoded-database-password
fourth = redis.Redis(host="cache", password="")

# ruleid: python-hardcoded-secret-key
app.secret_key = "sunny-Tuesday-81"
# ruleid: python-hardcoded-secret-key
app.config["SECRET_KEY"] = "sunny-Tuesday-81"
# ok: python-hardcoded-secret-key
app.secret_key = os.environ["SECRET_KEY"]
# ok: python-hardcoded-secret-key
app.config["SECRET_KEY"] = "dev"
