"""More than sixty ways to smuggle a script into a page; each would call ``hit`` if it ran."""

import zlib

import pandas as pd

import hmcpsi_data as hd
from hmcpsi_data.tables.description import table, table_names

SCRIPT = "<script>hit()</script>"
BEFORE = "\"> '> </td></tr></table> </title> </textarea> </style> </script> --> ]]>"
EVENTS = """
img src=x onerror; IMG SRC=x ONERROR; img/src="x"/onerror; img src=`x` onerror; svg onload;
svg/onload; svg><animate attributeName=x dur=1s onbegin; svg><set attributeName=x to=y onbegin;
body onload; input autofocus onfocus; select autofocus onfocus; textarea autofocus onfocus;
details open ontoggle; video><source onerror; audio src=x onerror; marquee onstart;
math><mtext><img src=x onerror
"""
LEADS = """
a href; a target=_self HREF; iframe src; object data; embed src; base href; form action;
link rel=stylesheet href; math><a xlink:href; svg><a xlink:href; area href
"""
OTHERS = """
<ScRiPt >hit()</sCrIpT >
<script src=data:text/javascript,hit()></script>
<script>hit()//
<scr<script>ipt>hit()</scr</script>ipt>
<img src=x onerror=&#104;it()>
' onerror='hit()' src='x
" onmouseover="hit()" autofocus onfocus="hit()
x" onerror="hit()" y="
<svg><use href="data:image/svg+xml,<svg id='x' onload='hit()'/>#x"/></svg>
<iframe srcdoc="<script>parent.hit()</script>"></iframe>
<object data="data:text/html,<script>hit()</script>"></object>
<meta http-equiv=refresh content=0;url=javascript:hit()>
<style>@import 'javascript:hit()';</style>
<div style="background:url(javascript:hit())">x</div>
<a href="data:text/html,<script>hit()</script>">x</a>
[x](javascript:hit())
javascript:hit()
${hit()}
{{hit()}}
{% print(hit()) %}
$(hit())
"""
PAYLOADS = [
    *(f"<{one.strip()}=hit()>" for one in EVENTS.split(";")),
    *(f"<{one.strip()}=javascript:hit()>x" for one in LEADS.split(";")),
    *(before + SCRIPT for before in ("", "<svg>", *BEFORE.split())),
    *OTHERS.strip().splitlines(),
]
ADDRESSES = ["javascript:hit()//", "data:text/html,<script>hit()</script>"]
# words that tables share: the same payload wherever the same word stands
SHARED = {"rating", "value", "progress", "round"}


def poisoned(folder, spared=()):
    """A record with a payload in each text that is no key, of no closed list and not spared."""
    hd.copy_data(folder)
    for described in map(table, table_names()):
        path = folder / described.file
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
        keys = {name for key in described.foreign_keys for name in key.columns}
        keys.update(described.primary_key)
        for place, field in enumerate(described.fields):
            bound = field.name in keys or field.enum or field.pattern
            is_open = field.name in SHARED or "address" in field.name or not bound
            if not is_open or field.type != "string":
                continue
            for number, word in enumerate(frame[field.name]):
                if word.startswith("http") and number % 3 == 0:
                    frame.iloc[number, place] = ADDRESSES[number % 2]
                elif word and word not in spared:
                    which = zlib.crc32(word.encode()) if field.name in SHARED else number + place
                    frame.iloc[number, place] = f"{word} {PAYLOADS[which % len(PAYLOADS)]}"
        frame.to_csv(path, index=False)
    return hd.Record(folder)
