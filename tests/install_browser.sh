#!/bin/sh
# Chromium and a Chinese font from the system's packages, when they may be installed; else the tests say what is left out.
command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing Chromium and a Chinese font for the browser journeys …"
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-wqy-microhei poppler-utils >/dev/null && exit 0
fi
[ -z "$CI" ] || { echo "Chromium is missing and could not be installed; in CI nothing may be left out."; exit 1; }
echo "Chromium is missing: the browser journeys will be left out. Install the package chromium to run them."
