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

out="$root/tests/vendor/axe-core-$(version axe-core)"; fresh "$out"
cp "$modules/axe-core/axe.min.js" "$modules/axe-core/LICENSE" "$modules/axe-core/LICENSE-3RD-PARTY.txt" "$out/"

if [ "${1:-}" = "--fonts" ]; then
  python3 "$root/reports/documents/fonts/build_fonts.py" "$modules/@expo-google-fonts/noto-sans-sc"
fi
