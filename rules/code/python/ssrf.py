import urllib.request

import requests
from flask import Flask, request

app = Flask(__name__)
FEEDS = {"news": "https://news.example.org/feed"}


@app.route("/preview")
def preview():
    url = request.args["url"]
    # ruleid: python-ssrf
    first = requests.get(url, timeout=5)
    # ruleid: python-ssrf
    second = urllib.request.urlopen("https://" + url)
    # ok: python-ssrf
    third = requests.get(FEEDS["news"])
    # ok: python-ssrf
    sixth = requests.get(FEEDS[request.args["feed"]])
    # ok: python-ssrf
    fourth = requests.get(f"https://api.example.org/items/{url}")
    # ok: python-ssrf
    fifth = requests.post("https://api.example.org/items", json={"url": url})
    return str([first, second, third, fourth, fifth, sixth])


@app.route("/checked")
def checked():
    url = request.args["url"]
    if url not in FEEDS.values():
        return "unknown feed"
    # ok: python-ssrf
    return requests.get(url).text
