import os

# ruleid: python-django-debug-in-settings
DEBUG = True
# ok: python-django-debug-in-settings
DEBUG = False
# ok: python-django-debug-in-settings
DEBUG = env.bool("DEBUG", default=False)

# ruleid: python-django-any-host
ALLOWED_HOSTS = ["*"]
# ok: python-django-any-host
ALLOWED_HOSTS = ["www.example.org"]
# ok: python-django-any-host
ALLOWED_HOSTS = []

if os.environ.get("CI"):
    # ruleid: python-django-debug-in-settings
    DEBUG = True
    # ruleid: python-django-any-host
    ALLOWED_HOSTS = ["*"]
