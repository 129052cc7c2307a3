import os

from Crypto.Cipher import AES, DES
from Crypto.PublicKey import RSA
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM


def ciphers(key, iv):
    # ruleid: python-weak-cipher
    first = DES.new(key, DES.MODE_CBC, iv)
    # ruleid: python-weak-cipher
    second = Cipher(algorithms.TripleDES(key), modes.CBC(iv))
    # ok: python-weak-cipher
    third = AES.new(key, AES.MODE_GCM)
    # ok: python-weak-cipher
    fourth = Cipher(algorithms.AES(key), modes.GCM(iv))
    return first, second, third, fourth


def block_modes(key, iv):
    # ruleid: python-cipher-ecb-mode
    first = AES.new(key, AES.MODE_ECB)
    # ruleid: python-cipher-ecb-mode
    second = Cipher(algorithms.AES(key), modes.ECB())
    # ok: python-cipher-ecb-mode
    third = AES.new(key, AES.MODE_EAX)
    # ok: python-cipher-ecb-mode
    fourth = Cipher(algorithms.AES(key), modes.CTR(iv))
    return first, second, third, fourth


def vectors(key, text):
    # ruleid: python-cipher-constant-iv
    first = Cipher(algorithms.AES(key), modes.CBC(b"0123456789abcdef"))
    # ruleid: python-cipher-constant-iv
    second = AESGCM(key).encrypt(b"abcdefghijkl", text, None)
    # ok: python-cipher-constant-iv
    third = Cipher(algorithms.AES(key), modes.CBC(os.urandom(16)))
    fresh = os.urandom(12)
    # ok: python-cipher-constant-iv
    fourth = AESGCM(key).encrypt(fresh, text, None)
    return first, second, third, fourth


def keys():
    # ruleid: python-short-rsa-key
    first = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    # ruleid: python-short-rsa-key
    second = RSA.generate(1024)
    # ok: python-short-rsa-key
    third = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    # ok: python-short-rsa-key
    fourth = RSA.generate(2048)
    return first, second, third, fourth
