"""Sixty ways to smuggle a script into a page; each would call ``hit`` if it ran.

The shapes are the usual ones of cross-site scripting; no cell, name or document of ours holds any.
"""

import csv
import io
import json
import zlib

import hmcpsi_data as hd

_ELEMENTS = """
<script>hit()</script>
<ScRiPt >hit()</sCrIpT >
<script src=data:text/javascript,hit()></script>
<script>hit()//
"><script>hit()</script>
'><script>hit()</script>
</td></tr></table><script>hit()</script>
</title><script>hit()</script>
</textarea><script>hit()</script>
</style><script>hit()</script>
</script><script>hit()</script>
--><script>hit()</script>
]]><script>hit()</script>
<scr<script>ipt>hit()</scr</script>ipt>
<img src=x onerror=hit()>
<img src=x onerror="hit()">
<img/src="x"/onerror=hit()>
<IMG SRC=x ONERROR=hit()>
<img src=`x` onerror=hit()>
<img src=x onerror=&#104;it()>
"><img src=x onerror=hit()>
' onerror='hit()' src='x
" onmouseover="hit()" autofocus onfocus="hit()
x" onerror="hit()" y="
<svg onload=hit()>
<svg/onload=hit()>
<svg><script>hit()</script></svg>
<svg><animate onbegin=hit() attributeName=x dur=1s>
<svg><set onbegin=hit() attributeName=x to=y>
<svg><use href="data:image/svg+xml,<svg id='x' onload='hit()'/>#x"/></svg>
<math><mtext><img src=x onerror=hit()></mtext></math>
<math><a xlink:href="javascript:hit()">x</a></math>
<body onload=hit()>
<iframe src=javascript:hit()></iframe>
<iframe srcdoc="<script>parent.hit()</script>"></iframe>
<object data=javascript:hit()></object>
<object data="data:text/html,<script>hit()</script>"></object>
<embed src=javascript:hit()>
<form action=javascript:hit()><input type=submit autofocus></form>
<input autofocus onfocus=hit()>
<select autofocus onfocus=hit()></select>
<textarea autofocus onfocus=hit()></textarea>
<details open ontoggle=hit()>
<video><source onerror=hit()></video>
<audio src=x onerror=hit()>
<marquee onstart=hit()>x</marquee>
<link rel=stylesheet href=javascript:hit()>
<base href=javascript:hit()//>
<meta http-equiv=refresh content=0;url=javascript:hit()>
<style>@import 'javascript:hit()';</style>
<div style="background:url(javascript:hit())">x</div>
<a href=javascript:hit()>x</a>
<a href="JaVaScRiPt:hit()">x</a>
<a href="data:text/html,<script>hit()</script>">x</a>
[x](javascript:hit())
javascript:hit()
${hit()}
{{hit()}}
{% print(hit()) %}
$(hit())
"""
PAYLOADS = [line for line in _ELEMENTS.splitlines() if line]
ADDRESSES = ["javascript:hit()//", "data:text/html,<script>hit()</script>"]
# words that tables share: the same payload wherever the same word stands
SHARED = {"rating", "value", "progress", "round"}


def poisoned(folder, spared=()):
    """A copy of the data with a payload in each text that is no key and no word of a closed list.

    Cells that are `spared` stay as they are.
    """
    hd.copy_data(folder)
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        path = folder / resource["path"]
        header, *rows = csv.reader(io.StringIO(path.read_bytes().decode()))
        for place, column in enumerate(header):
            for number, row in enumerate(rows if column in free(resource["schema"]) else []):
                if row[place].startswith("http") and number % 3 == 0:
                    row[place] = ADDRESSES[number % 2]
                elif row[place] and row[place] not in spared:
                    which = zlib.crc32(row[place].encode()) if column in SHARED else number + place
                    row[place] += " " + PAYLOADS[which % len(PAYLOADS)]
        text = io.StringIO()
        csv.writer(text).writerows([header, *rows])
        path.write_bytes(text.getvalue().encode())
    return folder


def free(schema):
    """The columns of free text: strings that are neither keys nor bound to a list or a pattern."""
    keys = schema.get("foreignKeys", [])
    bound = {*schema.get("primaryKey", []), *(name for key in keys for name in key["fields"])}
    texts = {
        one["name"]: one.get("constraints", {})
        for one in schema["fields"]
        if one["type"] == "string"
    }
    return {
        name
        for name, limits in texts.items()
        if name in SHARED
        or "address" in name
        or (name not in bound and not {"enum", "pattern"} & {*limits})
    }
