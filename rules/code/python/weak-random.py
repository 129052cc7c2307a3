import random
import secrets
import string


def reset(user, response):
    # ruleid: python-weak-random-secret, python-weak-random
    token = str(random.randint(0, 10**12))
    # ruleid: python-weak-random-secret
    user.reset_token = token
    # ok: python-weak-random-secret
    user.api_key = secrets.token_urlsafe(32)
    # ruleid: python-weak-random
    code = random.choice(string.digits)
    # ruleid: python-weak-random-secret
    response.set_cookie("visitor", code)


def generate_password(length):
    # ruleid: python-weak-random-secret, python-weak-random
    return "".join(random.choice(string.ascii_letters) for _ in range(length))


def make_token():
    # ok: python-weak-random-secret
    return "".join(random.SystemRandom().choice(string.ascii_letters) for _ in range(20))


def colour():
    # ruleid: python-weak-random
    return random.choice(["red", "green"])


def shuffled(cards):
    # ok: python-weak-random
    random.shuffle(cards)
    # ok: python-weak-random
    return secrets.choice(cards)
