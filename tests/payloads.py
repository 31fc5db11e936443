"""Sixty ways to smuggle a script into a page; each would call ``hit`` if it ran.

The shapes are the usual ones of cross-site scripting; no cell, name or document of ours holds any.
"""

import csv
import io
import json

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
# every column of free text that is neither a key nor a word of a list
_COLUMNS = """
title label publisher licence file_name note short_title unit_inspected may_be_compared_with
usage_warning meaning covers label_as_printed name force_as_printed force team rating_as_printed
direction_as_printed topic key_words progress_as_printed summary monitored_by date_as_printed
what subject comparator voice explanation describes casework value_as_printed unit period statement
abbreviation closes justification curated_by reviewed_by reason old new
"""
FREE = _COLUMNS.split()


def poisoned(folder):
    """A copy of the data with a payload at the end of each cell of free text, and as addresses."""
    hd.copy_data(folder)
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        path = folder / resource["path"]
        header, *rows = csv.reader(io.StringIO(path.read_bytes().decode()))
        for field in resource["schema"]["fields"]:
            place = header.index(field["name"])
            for number, row in enumerate(rows):
                payload = PAYLOADS[(number + place) % len(PAYLOADS)]
                if row[place] and field["name"] in FREE:
                    row[place] += " " + payload
                elif row[place].startswith("http") and number % 3 == 0:
                    row[place] = ("javascript:hit()//", "data:text/html,<script>hit()</script>")[
                        number % 2
                    ]
        text = io.StringIO()
        csv.writer(text).writerows([header, *rows])
        path.write_bytes(text.getvalue().encode())
    return folder
