import elementpath
import lxml.etree
from flask import Flask, request

app = Flask(__name__)
root = lxml.etree.parse("users.xml")


@app.route("/user")
def user():
    name = request.args["name"]
    # ruleid: python-xpath-injection
    first = root.xpath(f"//user[@name='{name}']")
    query = "//user[@name='" + name + "']"
    # ruleid: python-xpath-injection
    second = elementpath.select(root, query)
    # ok: python-xpath-injection
    third = root.xpath("//user[@name=$name]", name=name)
    return str([first, second, third])


@app.route("/checked")
def checked():
    name = request.args["name"]
    if "'" in name:
        return "no quotes, please"
    # ok: python-xpath-injection
    return str(root.xpath(f"//user[@name='{name}']"))
