import os

import jwt
from jose import jwt as jose_jwt


def read(token, key):
    # ruleid: python-jwt-unverified
    first = jwt.decode(token, options={"verify_signature": False})
    # ruleid: python-jwt-unverified
    second = jose_jwt.get_unverified_claims(token)
    # ok: python-jwt-unverified
    third = jwt.decode(token, key, algorithms=["RS256"])
    # ok: python-jwt-unverified
    fourth = jwt.decode(token, key, algorithms=["RS256"], options={"verify_aud": False})
    return first, second, third, fourth


def algorithms(token, claims, key):
    # ruleid: python-jwt-none-algorithm
    first = jwt.encode(claims, None, algorithm="none")
    # ruleid: python-jwt-none-algorithm
    second = jwt.decode(token, key, algorithms=["HS256", "none"])
    # ok: python-jwt-none-algorithm
    third = jwt.encode(claims, key, algorithm="HS256")
    # ok: python-jwt-none-algorithm
    fourth = jwt.decode(token, key, algorithms=["HS256"])
    return first, second, third, fourth


def keys(token, claims):
    # ruleid: python-jwt-hardcoded-key
    first = jwt.encode(claims, "correct horse battery", algorithm="HS256")
    # ruleid: python-jwt-hardcoded-key
    second = jwt.decode(token, key="correct horse battery", algorithms=["HS256"])
    # ok: python-jwt-hardcoded-key
    third = jwt.encode(claims, os.environ["JWT_KEY"], algorithm="HS256")
    key = os.getenv("JWT_KEY")
    # ok: python-jwt-hardcoded-key
    fourth = jwt.decode(token, key, algorithms=["HS256"])
    return first, second, third, fourth
