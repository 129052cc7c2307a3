#!/bin/sh
# Holds Selvedge against Gitleaks: with the same rules, on each tree given, both must report the same
# (rule, file, line, secret). Prints the counts, every difference with its secret redacted, and the CPU
# seconds of both. Exits 1 if there is a difference, 2 if something is missing.
#
#     bench/gitleaks-equality.sh RULES.toml TREE...
#
# Gitleaks is taken from $GITLEAKS or the PATH; its version is printed, because its behaviour is the peer.
# What can differ for a reason: Gitleaks reads a file in parts of about 100 kB, so a keyword in one part
# does not open a rule for another, and it leaves out files that begin like an archive or an executable.
set -eu

if [ "$#" -lt 2 ]; then
    sed -n '2,10p' "$0" | sed 's/^# \{0,1\}//' >&2
    exit 2
fi
rules=$1
shift
gitleaks=${GITLEAKS:-$(command -v gitleaks || true)}
if [ -z "$gitleaks" ]; then
    echo "error: gitleaks is neither on the PATH nor named by \$GITLEAKS" >&2
    exit 2
fi
here=$(cd "$(dirname "$0")/.." && pwd)
target=${CARGO_TARGET_DIR:-$here/target}
cargo build --quiet --release --manifest-path "$here/Cargo.toml" -p selvedge-secrets --example gitleaks_equality
ours=$target/release/examples/gitleaks_equality

report=$(mktemp)
clock=$(mktemp)
trap 'rm -f "$report" "$clock"' EXIT
echo "gitleaks: $("$gitleaks" version 2>/dev/null || echo unknown)"
status=0
for tree in "$@"; do
    echo "== $tree"
    # The second line of `times` is the children's CPU time so far; differences are one run's. It must
    # run in this very shell: a pipe would ask a child, which has no children.
    times >"$clock"
    "$gitleaks" dir --no-banner --log-level error --exit-code 0 -c "$rules" -f json -r "$report" "$tree"
    times >>"$clock"
    "$ours" "$rules" "$tree" "$report" || status=1
    times >>"$clock"
    awk '
        function seconds(text,  part) { split(text, part, /[ms]/); return part[1] * 60 + part[2] }
        NR % 2 == 0 { total[NR / 2] = seconds($1) + seconds($2) }
        END {
            theirs = total[2] - total[1]; ours = total[3] - total[2]
            printf "CPU seconds: gitleaks %.2f, selvedge %.2f", theirs, ours
            if (ours > 0) printf ", ratio %.0f", theirs / ours
            print ""
        }' "$clock"
done
exit $status
