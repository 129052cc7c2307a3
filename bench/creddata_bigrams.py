#!/usr/bin/env python3
"""Fits the character-bigram table of crates/selvedge-secrets/src/score/words.rs.

    bench/creddata_bigrams.py TREE... > table.txt

Reads the text files below each TREE (source trees and their documentation; none of the repositories that
bench/creddata.py scores), takes every run of letters, digits and joining characters that occurs at least
twice as one word, and counts each pair of adjacent characters, a word weighing log2(1 + times it occurs).
One row per previous character, one column per character, the cell is -log2 P(character | previous) in
fifths of a bit, written as one character from `0` (0) to `o` (63, no less likely). Row and column order: start or end of word,
a-z, A-Z, 0-9, joining character. The result depends on nothing but the files.
"""

import collections
import math
import os
import re
import sys

ORDER = "\0abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"
EXTENSIONS = (".rb", ".py", ".md", ".rdoc", ".txt", ".js", ".ts", ".yml", ".rst", ".c", ".h", ".go", ".rs", ".html")
WORD = re.compile(rb"[A-Za-z0-9][A-Za-z0-9_.\-]{2,60}")


def words(trees):
    counts = collections.Counter()
    for tree in trees:
        for folder, _, names in os.walk(tree):
            for name in names:
                path = os.path.join(folder, name)
                if name.endswith(EXTENSIONS) and os.path.getsize(path) < 2_000_000 and not os.path.islink(path):
                    with open(path, "rb") as file:
                        counts.update(WORD.findall(file.read()))
    return {word.decode(): count for word, count in counts.items() if count >= 2}


def main():
    index = {character: at for at, character in enumerate(ORDER)}
    for joining in ".-":
        index[joining] = index["_"]
    # Half an occurrence of everything, so that no pair is impossible.
    pairs = [[0.5] * len(ORDER) for _ in ORDER]
    for word, count in words(sys.argv[1:]).items():
        weight = math.log2(1 + count)
        symbols = [0, *(index[character] for character in word), 0]
        for previous, character in zip(symbols, symbols[1:]):
            pairs[previous][character] += weight
    for row in pairs:
        total = sum(row)
        cells = (min(63, round(-5 * math.log2(cell / total))) for cell in row)
        print("".join(chr(48 + cell) for cell in cells))


if __name__ == "__main__":
    main()
