#!/usr/bin/env python3
"""Makes crates/selvedge-secrets/src/token_efficiency/table.bin.

    fit-token-efficiency.py VOCABULARY WORDS OUT

VOCABULARY is cl100k_base.tiktoken (base64 of a token and its rank per line), WORDS an English
word list, one lower-case word per line; both are public, and lie gzipped in the Betterleaks
repository as detect/assets/cl100k_base.tiktoken.gz and internal/words/words.txt.gz.

Three sets are written one after the other, each as the sorted hashes of its members: words of
five letters and more that contain no shorter one, words of four letters, and short tokens.
A set is the count of its members (u32), bits of a hash, bits of a Rice remainder (u8 each), the
length of the code in bytes (u32), and the gaps between hashes in Rice code, high bit first.
"""
import base64
import math
import re
import struct
import sys

WORD_BITS, SHORT_WORD_BITS, TOKEN_BITS = 31, 23, 24
TOKEN = re.compile(r"[^A-Za-z0-9\s]?[A-Za-z]{1,4}|[^A-Za-z0-9\s]{2,3}")
MASK = (1 << 64) - 1


def hashed(text, bits):
    state = 0xCBF29CE484222325
    for byte in text.encode():
        state = (state ^ byte) * 0x100000001B3 & MASK
    state = (state ^ state >> 32) * 0x9E3779B97F4A7C15 & MASK
    return state >> (64 - bits)


def coded(members, bits):
    hashes = sorted({hashed(member, bits) for member in members})
    remainder = max(0, math.floor(math.log2((1 << bits) / len(hashes))))
    out = []
    last = -1
    for value in hashes:
        gap, last = value - last - 1, value
        out.append("1" * (gap >> remainder) + "0" + format(gap & ((1 << remainder) - 1), f"0{remainder}b"))
    text = "".join(out)
    text += "0" * (-len(text) % 8)
    code = int(text, 2).to_bytes(len(text) // 8, "big")
    return struct.pack("<IBBI", len(hashes), bits, remainder, len(code)) + code


def main(vocabulary, words, out):
    words = set(open(words).read().split())
    long = {word for word in words if len(word) >= 5}
    least = [
        word for word in long
        if not any(word[at:at + n] in long for n in range(5, len(word)) for at in range(len(word) - n + 1))
    ]
    tokens = (base64.b64decode(line.split()[0]) for line in open(vocabulary) if line.strip())
    tokens = [token.decode() for token in tokens if token.isascii() and len(token) > 1]
    tokens = [token for token in tokens if TOKEN.fullmatch(token)]
    sets = [(least, WORD_BITS), ([word for word in words if len(word) == 4], SHORT_WORD_BITS), (tokens, TOKEN_BITS)]
    table = b"".join(coded(members, bits) for members, bits in sets)
    open(out, "wb").write(table)
    print(*(f"{len(members)} members" for members, _ in sets), f"{len(table)} bytes")


if __name__ == "__main__":
    main(*sys.argv[1:])
