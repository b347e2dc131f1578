"""What a vault does with requests that are allowed in: keys, versions, operations."""

import re
import threading
import time

from .errors import Refusal, bad_parameter, forbidden, not_found
from .keys import Version, decode, encode, imported

NAME = re.compile("[0-9a-zA-Z-]{1,127}")
VERSIONS = [f"7.{minor}" for minor in range(7)] + ["2025-07-01"]

# Operation of the path: what the key must permit, and whether it makes what is new.
USES = {
    "sign": ("sign", True),
    "verify": ("verify", False),
    "encrypt": ("encrypt", True),
    "decrypt": ("decrypt", False),
    "wrapkey": ("wrapKey", True),
    "unwrapkey": ("unwrapKey", False),
}


class Vault:
    """The keys of one vault, or of one Managed HSM."""

    def __init__(self, resource, is_hsm):
        self.resource = resource
        self.is_hsm = is_hsm
        self.base = None
        self._lock = threading.Lock()
        self._keys = {}

    def answer(self, method, path, query, body, actions):
        """The body of the answer; a refusal is raised."""
        if query.get("api-version") not in VERSIONS:
            raise bad_parameter("The API version is missing or unknown.")
        parts = path.removeprefix("/keys").removeprefix("/").split("/")
        reads = method == "GET"
        if "*" not in actions and not reads:
            raise forbidden("Caller is not authorized to perform action on resource.", "ForbiddenByRbac")
        match (method, parts):
            case ("GET", [""]):
                return {"value": [self._item(name, self._latest(name)) for name in sorted(self._keys)]}
            case ("POST", [name, "create"]):
                return self._add(name, self._create(body))
            case ("PUT", [name]):
                return self._add(name, imported(body.get("key") or {}, body))
            case ("POST", [name, "rotate"]):
                return self._add(name, self._latest(name).successor())
            case ("DELETE", [name]):
                version = self._latest(name)
                with self._lock:
                    del self._keys[name.lower()]
                return version.bundle(self._kid(name, version)) | {
                    "recoveryId": f"{self.base}/deletedkeys/{name}",
                    "deletedDate": int(time.time()),
                    "scheduledPurgeDate": int(time.time()) + 90 * 86_400,
                }
            case ("GET", [name, "versions"]):
                self._latest(name)
                return {"value": [self._item(name, version) for version in self._keys[name.lower()]]}
            case ("GET", [name] | [name, _]):
                version = self._version(name, parts[1:])
                return version.bundle(self._kid(name, version))
            case ("PATCH", [name, _]):
                version = self._version(name, parts[1:])
                version.attributes |= body.get("attributes") or {}
                version.key_ops = body.get("key_ops") or version.key_ops
                return version.bundle(self._kid(name, version))
            case ("POST", [name, _, operation]) if operation in USES:
                return self._use(name, self._version(name, parts[1:2]), operation, body)
        raise Refusal(404, "NotFound", "There is nothing at this path.")

    def other(self, name):
        """A key like this one that nobody asked for, for answers that are wrong on purpose."""
        return self._latest(name).successor()

    def reveal(self, name):
        """The octets of a symmetric key, which no vault gives away: for who checks what it computed."""
        return self._latest(name).secret()

    def _create(self, body):
        kty = body.get("kty", "")
        allowed = ["RSA-HSM", "EC-HSM", "oct-HSM"] + ([] if self.is_hsm else ["RSA", "EC"])
        if kty not in allowed or (kty == "oct-HSM" and not self.is_hsm):
            raise bad_parameter(f"Property kty has invalid value {kty}.")
        return Version(kty, body)

    def _add(self, name, version):
        if not NAME.fullmatch(name):
            raise bad_parameter(f"The request URI contains an invalid name: {name}")
        with self._lock:
            self._keys.setdefault(name.lower(), []).append(version)
        return version.bundle(self._kid(name, version))

    def _use(self, name, version, operation, body):
        use, makes_new = USES[operation]
        if not version.attributes["enabled"]:
            raise forbidden(f"Operation {use} is not allowed on a disabled key.", "KeyDisabled")
        now = time.time()
        if makes_new and now < version.attributes.get("nbf", 0):
            raise forbidden(f"Operation {use} is not allowed on a not yet valid key.")
        if makes_new and now >= version.attributes.get("exp", float("inf")):
            raise forbidden(f"Operation {use} is not allowed on an expired key.")
        if use not in version.key_ops:
            raise forbidden(f"Operation {use} is not permitted on this key.", "KeyOperationForbidden")
        alg, value = body.get("alg", ""), decode(body.get("value", ""))
        if operation == "verify":
            return {"value": version.verify(alg, decode(body.get("digest", ""), "digest"), value)}
        compute = {
            "sign": version.sign,
            "encrypt": version.encrypt,
            "wrapkey": version.encrypt,
            "decrypt": version.decrypt,
            "unwrapkey": version.decrypt,
        }[operation]
        return {"kid": self._kid(name, version), "value": encode(compute(alg, value))}

    def _latest(self, name):
        versions = self._keys.get(name.lower())
        if not versions:
            raise not_found(name)
        return versions[-1]

    def _version(self, name, path):
        latest = self._latest(name)
        wanted = path[0] if path else ""
        if not wanted:
            return latest
        for version in self._keys[name.lower()]:
            if version.id == wanted.lower():
                return version
        raise not_found(f"{name}/{wanted}")

    def _kid(self, name, version):
        return f"{self.base}/keys/{name}/{version.id}"

    def _item(self, name, version):
        bundle = version.bundle(self._kid(name, version))
        return {"kid": bundle["key"]["kid"], "attributes": bundle["attributes"]}
