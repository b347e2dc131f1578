"""What a vault refuses with."""


class Refusal(Exception):
    """A status and the body that Microsoft's services answer errors with."""

    def __init__(self, status, code, message, inner=None, headers=()):
        super().__init__(message)
        self.status = status
        self.headers = dict(headers)
        error = {"code": code, "message": message}
        if inner:
            error["innererror"] = {"code": inner}
        self.body = {"error": error}


def bad_parameter(message):
    return Refusal(400, "BadParameter", message)


def forbidden(message, inner=None):
    return Refusal(403, "Forbidden", message, inner)


def not_found(name):
    return Refusal(404, "KeyNotFound", f"A key with (name/id) {name} was not found in this key vault.")


def throttled(after):
    headers = {} if after is None else {"Retry-After": str(after)}
    message = (
        "Request was not processed because too many requests were received. "
        "Reason: VaultRequestTypeLimitReached"
    )
    return Refusal(429, "Throttled", message, headers=headers)
