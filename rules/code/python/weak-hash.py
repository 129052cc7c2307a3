import hashlib

import bcrypt


def digests(data):
    # ruleid: python-weak-hash
    first = hashlib.md5(data)
    # ruleid: python-weak-hash
    second = hashlib.new("SHA1", data)
    # ok: python-weak-hash
    third = hashlib.sha256(data)
    # ok: python-weak-hash
    fourth = hashlib.md5(data, usedforsecurity=False)
    return first, second, third, fourth


def store(user, form):
    password = form["password"]
    # ruleid: python-weak-password-hash
    user.hash = hashlib.sha256(password.encode()).hexdigest()
    # ruleid: python-weak-password-hash
    user.old = hashlib.sha512(b"salt" + user.password).hexdigest()
    # ok: python-weak-password-hash
    user.better = bcrypt.hashpw(password.encode(), bcrypt.gensalt())
    # ok: python-weak-password-hash
    user.etag = hashlib.sha256(user.name.encode()).hexdigest()


# ruleid: python-django-weak-password-hasher
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# ruleid: python-django-weak-password-hasher
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.UnsaltedSHA1PasswordHasher",
    "django.contrib.auth.hashers.Argon2PasswordHasher",
]
# ok: python-django-weak-password-hasher
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
# ok: python-django-weak-password-hasher
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.MD5PasswordHasher",
]
