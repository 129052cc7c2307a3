from django.views.decorators.csrf import csrf_exempt, csrf_protect
from flask import Flask
from flask_wtf import FlaskForm

app = Flask(__name__)
# ruleid: python-csrf-protection-off
app.config["WTF_CSRF_ENABLED"] = False
# ok: python-csrf-protection-off
app.config["WTF_CSRF_ENABLED"] = True


# ruleid: python-csrf-protection-off
class TransferForm(FlaskForm):
    class Meta:
        csrf = False


# ok: python-csrf-protection-off
class SearchForm(FlaskForm):
    class Meta:
        csrf_time_limit = 3600


# ruleid: python-django-csrf-exempt
@csrf_exempt
def webhook(request):
    return None


# ruleid: python-django-csrf-exempt
@csrf_exempt
def transfer(request, number):
    return number


# ok: python-django-csrf-exempt
@csrf_protect
def protected(request):
    return None


# ok: python-django-csrf-exempt
def plain(request):
    return None
