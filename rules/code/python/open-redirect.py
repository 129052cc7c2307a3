from urllib.parse import urlparse

from django.http import HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from flask import Flask, redirect, request, url_for

app = Flask(__name__)


@app.route("/go")
def go():
    # ruleid: python-open-redirect
    return redirect(request.args.get("next", "/"))


def after_login(request):
    target = request.GET["next"]
    # ruleid: python-open-redirect
    return HttpResponseRedirect(target)


def after_login_checked(request):
    target = request.GET["next"]
    if url_has_allowed_host_and_scheme(target, allowed_hosts={"example.org"}):
        # ok: python-open-redirect
        return HttpResponseRedirect(target)
    # ok: python-open-redirect
    return HttpResponseRedirect("/")


def language(request):
    target = request.POST.get("next")
    if not url_has_allowed_host_and_scheme(url=target, allowed_hosts={request.get_host()}):
        target = "/"
    # ok: python-open-redirect
    return HttpResponseRedirect(target)


@app.route("/item")
def item():
    # ok: python-open-redirect
    return redirect(url_for("show", number=request.args["number"]))


@app.route("/done")
def done():
    # ok: python-open-redirect
    return redirect(f"{settings.BASE_URL}?number={request.args['number']}")


@app.route("/partner")
def partner():
    target = request.args["to"]
    url = urlparse(target)
    if url.netloc not in ["partner.example.org"] or url.scheme != "https":
        return "unknown partner"
    # ok: python-open-redirect
    return redirect(target)
