#!/bin/sh
# Chromium and a Chinese font from the system's packages, and pdfsig, which checks the signatures of papers, when they
# may be installed; else the tests say what is left out.
have() { command -v "$1" >/dev/null 2>&1; }
have_browser() { have chromium || have chromium-browser; }
have_browser && have pdfsig && exit 0
if [ "$(id -u)" = 0 ] && have apt-get; then
    wanted="poppler-utils"
    have_browser || wanted="chromium fonts-wqy-microhei poppler-utils"
    echo "Installing $wanted for the tests …"
    # shellcheck disable=SC2086 - several packages
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $wanted >/dev/null && exit 0
fi
[ -z "$CI" ] || { echo "Chromium or pdfsig is missing and could not be installed; in CI nothing may be left out."; exit 1; }
have_browser || echo "Chromium is missing: the browser journeys will be left out. Install the package chromium to run them."
have pdfsig || echo "pdfsig is missing: tests of signatures will be left out. Install the package poppler-utils to run them."
