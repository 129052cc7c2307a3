import html

from django.http import HttpResponse
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from markupsafe import escape

api = FastAPI()


def django_view(request):
    # ruleid: python-django-xss
    return HttpResponse("No results for " + request.GET["q"])


def django_fragment(request):
    # ruleid: python-django-xss
    return mark_safe("<b>" + request.POST.get("title") + "</b>")


def django_safe(request):
    # ok: python-django-xss
    return HttpResponse(format_html("No results for {}", request.GET["q"]))


def django_constant(request):
    # ok: python-django-xss
    return HttpResponse("No results")


@api.get("/hello/{name}")
async def api_hello(name: str):
    # ruleid: python-fastapi-xss
    return HTMLResponse(f"<p>Hello {name}</p>")


@api.get("/note")
def api_note(text: str = ""):
    # ruleid: python-fastapi-xss
    return HTMLResponse(content="<p>" + text + "</p>", status_code=200)


@api.get("/safe")
def api_safe(text: str, count: int):
    # ok: python-fastapi-xss
    first = HTMLResponse("<p>" + html.escape(text) + "</p>")
    # ok: python-fastapi-xss
    second = HTMLResponse(f"<p>{count}</p>")
    return first or second


def badge(colour, title):
    # ruleid: python-django-mark-safe-formatted
    first = mark_safe(f"<b>{title}</b>")
    # ruleid: python-django-mark-safe-formatted
    second = mark_safe("<i class='%s'>" % colour)
    # ok: python-django-mark-safe-formatted
    third = mark_safe("<hr>")
    # ok: python-django-mark-safe-formatted
    fourth = mark_safe(f"<b>{escape(title)}</b>")
    return first, second, third, fourth
