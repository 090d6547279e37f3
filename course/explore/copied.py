"""What people copy: cookies, with all that a browser puts around them."""

import re
import shlex
from itertools import pairwise
from urllib.parse import unquote

from werkzeug.sansio.http import parse_cookie

AROUND = " \t\r\n\"'`“”‘’«»,;\ufeff\u200b"
HEADER = re.compile(r"(?i)\s*(?:set-)?cookies?:\s*(.*)", re.S)
BEARER = re.compile(r"(?i)\s*(?:authorization:\s*)?bearer\s+(\S+)")
NAMED = re.compile(r"[\"']?([\w.-]{1,60})[\"']?\s*:\s*[\"“](.+)", re.S)
COLON = re.compile(r"([A-Za-z][\w.-]{0,59}):\s+(\S+)")
PAIR = re.compile(r"(?!eyJ)[\w.-]{1,60}=(?!=)", re.ASCII)
POWERSHELL = re.compile(r"Net\.Cookie\(\"([^\"]+)\", \"([^\"]*)\"")
FETCH = re.compile(r"(?i)\"cookie\":\s*\"([^\"]*)\"")
CURL = re.compile(r"(?i)\s*curl(\.exe)?\s")
CURL_COOKIE = ("-b", "--cookie")
CURL_HEADER = ("-H", "--header")


def found_in(text):
    """(name, value) of each cookie in a text; a name may be empty.

    A header, a row of the developer tools, a file of cookies, a request as
    cURL, PowerShell or fetch, or a value alone; what a terminal broke into
    lines is one again.
    """
    if pairs := POWERSHELL.findall(text):
        return [(name, cleaned(value)) for name, value in pairs]
    if headers := FETCH.findall(text):
        return [pair for header in headers for pair in in_header(header)]
    if CURL.match(text):
        return [pair for part in from_curl(text) for pair in in_block(part)]
    return [pair for block in blocks(text) for pair in in_block(block)]


def from_curl(text):
    """What a cURL line sends as cookies, or as a token."""
    line = re.sub(r"[\\^]\r?\n", " ", text).replace('^"', '"')
    try:
        words = shlex.split(line.replace("$'", "'").replace("^%^", "%"))
    except ValueError:  # a quote that was not copied
        words = line.split()
    for option, value in pairwise(words):
        if option in CURL_COOKIE:
            yield f"Cookie: {value}"
        elif option in CURL_HEADER and re.match("(?i)cookie|auth", value):
            yield value


def blocks(text):
    """The lines of a text, those that a terminal broke in two as one."""
    found = []
    for line in text.splitlines():
        if not line.strip() or line.startswith("# "):
            continue
        starts = "\t" in line.strip() or any(
            pattern.match(line) for pattern in (HEADER, BEARER, NAMED, COLON)
        )
        if starts or not found or "\t" in found[-1]:
            found.append(line.strip("\r\n"))
        else:
            found[-1] += line.strip()
    return found or [""]


def in_block(block):
    """(name, value) of each cookie in one header, row or value."""
    if "\t" in block.strip():
        return [from_row(block.strip().split("\t"))]
    if header := HEADER.match(block):
        return in_header(header[1])
    if named := NAMED.match(block) or COLON.fullmatch(block.strip()):
        return [(named[1], cleaned(named[2]))]
    if bearer := BEARER.match(block):
        return [("", cleaned(bearer[1]))]
    return in_header(block)


def from_row(fields):
    """A row of the developer tools, or of a file of cookies (Netscape's)."""
    fields = [field.strip(" ") for field in fields]
    if len(fields) == 7 and fields[1].upper() in ("TRUE", "FALSE"):
        fields = fields[5:]
    return fields[0], cleaned(fields[1])


def in_header(text):
    text = text.strip(AROUND)
    if not PAIR.match(text):
        return [("", cleaned("".join(text.split(";")[0].split())))]
    pairs = parse_cookie(text).items(multi=True)
    return [(name, cleaned(value)) for name, value in pairs]


def cleaned(value):
    """A cookie's value, without quotes and percent signs."""
    return unquote(value.strip(AROUND)).strip(AROUND)
