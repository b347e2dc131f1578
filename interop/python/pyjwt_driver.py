"""Drives PyJWT, which knows JWTs and the compact form only, and makes no keys."""

import jwt
import lines
from jwt import PyJWK


def issue(request):
    key = PyJWK(request["key"], request["alg"]).key
    return {"token": jwt.encode(request["claims"], key, request["alg"])}


def validate(request):
    key = PyJWK(request["key"], request["alg"]).key
    options = {"require": ["exp", "iss", "aud"]}
    claims = jwt.decode(
        request["token"],
        key,
        [request["alg"]],
        issuer=request["issuer"],
        audience=request["audience"],
        options=options,
    )
    return {"claims": claims}


lines.serve({"issue": issue, "validate": validate})
