"""One JSON request a line on standard input, one JSON answer a line on standard output."""

import base64
import json
import sys


def serve(operations):
    """Answers requests until standard input closes."""
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = {"ok": operations[request["do"]](request)}
        except Exception as error:  # a refusal of any kind is an answer
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


def encode(data):
    """Base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text):
    """The octets of base64url without padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def without_payload(token):
    """A compact token with its payload part taken out."""
    header, _, signature = token.split(".")
    return f"{header}..{signature}"


def is_unencoded(form):
    """Whether the form has `b64` false."""
    return form.startswith("unencoded")


def protected(request):
    """The protected header a request asks for."""
    header = {"alg": request["alg"]}
    if is_unencoded(request["form"]):
        header |= {"b64": False, "crit": ["b64"]}
    return header


def encryption_header(request):
    """The header parameters that a request to encrypt asks for, wherever they are put."""
    header = {"alg": request["alg"], "enc": request["enc"]}
    header |= {name: request[name] for name in ("zip", "cty", "p2c") if name in request}
    # As on our command line, these are text.
    header |= {name: encode(request[name].encode()) for name in ("apu", "apv") if name in request}
    return header


def octets(request, name):
    """A member of a request that is base64url, or none."""
    return decode(request[name]) if name in request else None


# The unprotected header of the form `flattened-unprotected`.
UNPROTECTED = {"kid": "2026-01", "https://example.com/note": [1, None]}


def unprotected(request):
    """The unprotected header a request asks for, or none."""
    return UNPROTECTED if request["form"] == "flattened-unprotected" else None
