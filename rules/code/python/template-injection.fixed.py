import jinja2
from flask import Flask, render_template, render_template_string, request

app = Flask(__name__)


@app.route("/hello")
def hello():
    name = request.args.get("name")
    # ruleid: python-template-injection
    page = render_template_string(f"<p>Hello {name}</p>")
    # ruleid: python-template-injection
    other = jinja2.Environment(autoescape=True).from_string(name).render()
    # ok: python-template-injection
    safe = render_template_string("<p>Hello {{ name }}</p>", name=name)
    # ok: python-template-injection
    best = render_template("hello.html", name=name)
    return page + other + safe + best


# ruleid: python-jinja2-autoescape-off
first = jinja2.Environment(autoescape=jinja2.select_autoescape())
# ruleid: python-jinja2-autoescape-off
second = jinja2.Environment(loader=jinja2.FileSystemLoader("pages"), autoescape=jinja2.select_autoescape())
# ok: python-jinja2-autoescape-off
third = jinja2.Environment(autoescape=True)
# ok: python-jinja2-autoescape-off
fourth = jinja2.Environment(autoescape=jinja2.select_autoescape())
