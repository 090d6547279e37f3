"""What differs from run to run: salts, keys, times, durations, addresses."""

import copy
import re

MASKS = [
    (r"data:image/png;base64,[\w+/=]+", "PICTURE"),
    (r"(scrypt|pbkdf2)(:\w+)+\$\w+\$[0-9a-f]+", "HASH"),
    (r"(?<=left\">)\w{16}(?=</td>)", "SALT"),
    (r"(?<=salt  )\w{16}", "SALT"),
    (r"\b[0-9a-f]{12}…", "START OF A HASH"),
    (r"\.?[\w-]{15,}…", "START OF A COOKIE"),
    (r"\b[0-9a-f]{32,}\b", "DIGEST"),
    (r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", "TIME"),
    (r"(?<=timestamp )\d{10}\b", "TIME"),
    (r"\d+ seconds? ago", "AGE"),
    (r"\.?[\w-]{20,}\.[\w-]{6}\.[\w-]{27}", "COOKIE"),
    (r"(?<=\">)\.?[\w-]{27,}(?=<)", "PAYLOAD OR SIGNATURE"),
    (r"(?<=  payload    )\S+", "PAYLOAD"),
    (r"(?<=  timestamp  )\S+", "TIMESTAMP"),
    (r"(?<=  signature  )\S+", "SIGNATURE"),
    (r"(?<=#f0e442;\n color: #000000\">)[\w-]{6}", "TIMESTAMP"),
    (r"\d[\d,.]* (ms|s|ns|minutes|hours|days|years|a second)\b", "DURATION"),
    (r"(?<=left\">)[\d,]+,\d{3}(?=</td>)", "RATE"),
    (r"\b2\d\d characters", "LENGTH"),
    (r"\$[\d,.]+|under 1 cent", "PRICE"),
    (r"[\d,]+ rounds", "ROUNDS"),
    (r"t=2, [\d,]+ MiB", "MEMORY"),
    (r"<code>\d+</code>(?=\.</p>\n<p>About half)", "BITS"),
    (r"<code>\d\.\d</code>(?=\.</p>\n<p>No difference)", "TIMES AS LONG"),
    (r"<code>\d+</code>(?=\.</p>\n<p>\d+ of 100)|\d+ of 100", "SHARE"),
    (r"0x[0-9a-f]{6,}", "ADDRESS"),
    (r"(?<=//localhost:)\d+", "PORT"),
    (r"(?<=eyJ)[\w.-]{40,}", "ID TOKEN"),
    (r"(?<=until\n)\d{4}-\d\d-\d\d [\d:+]+", "TIME"),
    (r"\b1\d{9}\b", "SECONDS"),
    (
        r"(?<=(?:state|nonce|_hash)  )[\w-]{20,}"
        r"|(?<=_challenge  )[\w-]{43}",
        "RANDOM",
    ),
    (r"(?<=<td style=\"text-align: left\">)[\w-]{20,}(?=</td>)", "RANDOM"),
    (r"(?<=state=|nonce=)[\w-]{20,}", "RANDOM"),
    (r"(?<=code_challenge=)[\w-]{43}", "RANDOM"),
    (r"[0-9a-f]{64}\n", "DIGEST\n"),
]


def mask(text):
    for pattern, name in MASKS:
        text = re.sub(pattern, name, text)
    return text


def masked(notebook):
    """A copy whose outputs hold what every run gives."""
    notebook = copy.deepcopy(notebook)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if "text" in output:
                output["text"] = mask(output["text"])
            for kind, text in output.get("data", {}).items():
                output["data"][kind] = mask(text)
    return notebook
