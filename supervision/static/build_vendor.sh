#!/bin/sh
# Rebuild supervision/static/vendor and tests/vendor from package.vendor.json (needs Node 20 and npm).
# The results are committed, so neither running nor testing the platform needs Node.
# With --fonts also rebuild the PDF fonts, by the python3 that has fontTools.
set -eu

static=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$static/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp "$root/package.vendor.json" "$work/package.json"
cd "$work"
npm install --no-audit --no-fund --no-package-lock --silent

version() { node -p "require('./node_modules/$1/package.json').version"; }
fresh() { rm -rf "${1%-*}"-[0-9]*; mkdir -p "$1"; }
# Source maps are not shipped, so the pointer to them goes too.
plain() { sed -e '/^\/[\/*]# sourceMappingURL=/d' "$1"; }

modules="$work/node_modules"
vendor="$static/vendor"

out="$vendor/bootstrap-$(version bootstrap)"; fresh "$out"
plain "$modules/bootstrap/dist/css/bootstrap.min.css" > "$out/bootstrap.min.css"
plain "$modules/bootstrap/dist/js/bootstrap.bundle.min.js" > "$out/bootstrap.bundle.min.js"
cp "$modules/bootstrap/LICENSE" "$out/LICENSE"
cp "$modules/@popperjs/core/LICENSE.md" "$out/LICENSE-popper"

out="$vendor/htmx-$(version htmx.org)"; fresh "$out"
cp "$modules/htmx.org/dist/htmx.min.js" "$out/htmx.min.js"
cp "$modules/htmx.org/LICENSE" "$out/LICENSE"

out="$vendor/icons-$(version bootstrap-icons)"; fresh "$out"
{
  printf '<svg xmlns="http://www.w3.org/2000/svg">\n'
  while read -r name; do
    printf '<symbol id="%s" viewBox="0 0 16 16">' "$name"
    sed -e '/^<svg /d' -e '/^<\/svg>/d' -e 's/^ *//' "$modules/bootstrap-icons/icons/$name.svg" | tr -d '\n'
    printf '</symbol>\n'
  done < "$static/icons.txt"
  printf '</svg>\n'
} > "$out/icons.svg"
cp "$modules/bootstrap-icons/LICENSE" "$out/LICENSE"

out="$vendor/echarts-$(version echarts)"; fresh "$out"
cat > echarts-entry.js <<'JS'
export { use, init, getInstanceByDom } from "echarts/core";
import { use } from "echarts/core";
import { BarChart, LineChart, PieChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { SVGRenderer } from "echarts/renderers";
use([BarChart, LineChart, PieChart, AriaComponent, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);
JS
"$modules/.bin/esbuild" echarts-entry.js --bundle --minify --format=iife --global-name=echarts \
  --legal-comments=none --define:process.env.NODE_ENV='"production"' --log-level=warning --outfile="$out/echarts.js"
cp "$modules/echarts/LICENSE" "$modules/echarts/NOTICE" "$out/"
cp "$modules/zrender/LICENSE" "$out/LICENSE-zrender"
cp "$modules/tslib/LICENSE.txt" "$out/LICENSE-tslib"

# What the page that verifies a draw needs: hashes, signatures, zip files. One ES module each, of plain JavaScript.
# module NAME VERSION FILE LICENSE ENTRY
module() {
  out="$vendor/$1-$2"; fresh "$out"
  printf '%s\n' "$5" > entry.js
  "$modules/.bin/esbuild" entry.js --bundle --minify --format=esm --target=es2020 \
    --legal-comments=none --log-level=warning --outfile="$out/$3"
  cp "$4" "$out/LICENSE"
}
module noble-hashes "$(version @noble/hashes)" sha256.js "$modules/@noble/hashes/LICENSE" \
  'export { sha256 } from "@noble/hashes/sha2.js";'
module noble-curves "$(version @noble/curves)" ed25519.js "$modules/@noble/curves/LICENSE" \
  'export { ed25519 } from "@noble/curves/ed25519.js";'
module sm-crypto "$(version sm-crypto)" sm3.js "$modules/sm-crypto/LICENCE_MIT" \
  'export { sm3 } from "sm-crypto/src/sm2/sm3.js";'
module fflate "$(version fflate)" fflate.js "$modules/fflate/LICENSE" \
  'export { unzipSync, zipSync } from "fflate";'

# What the app for phones needs: its database, the pad for signatures, and the service worker's cache.
module dexie "$(version dexie)" dexie.js "$modules/dexie/LICENSE" \
  'export { default } from "dexie/dist/dexie.mjs";'
cp "$modules/dexie/NOTICE" "$vendor/dexie-$(version dexie)/NOTICE"
module signature_pad "$(version signature_pad)" signature_pad.js "$modules/signature_pad/LICENSE" \
  'export { default } from "signature_pad";'
out="$vendor/workbox-$(version workbox-precaching)"; fresh "$out"
cat > workbox-entry.js <<'JS'
export { cleanupOutdatedCaches, createHandlerBoundToURL, precache, addRoute } from "workbox-precaching";
export { NavigationRoute, registerRoute } from "workbox-routing";
export { NetworkOnly } from "workbox-strategies";
JS
# a service worker reads it by importScripts, so it is no module
"$modules/.bin/esbuild" workbox-entry.js --bundle --minify --format=iife --global-name=workbox --target=es2020 \
  --legal-comments=none --define:process.env.NODE_ENV='"production"' --log-level=warning --outfile="$out/workbox.js"
cp "$modules/workbox-precaching/LICENSE" "$out/LICENSE"

out="$root/tests/vendor/axe-core-$(version axe-core)"; fresh "$out"
cp "$modules/axe-core/axe.min.js" "$modules/axe-core/LICENSE" "$modules/axe-core/LICENSE-3RD-PARTY.txt" "$out/"

if [ "${1:-}" = "--fonts" ]; then
  python3 "$root/reports/documents/fonts/build_fonts.py" "$modules/@expo-google-fonts/noto-sans-sc"
fi
