"""HTTPS: what is asked is written down, let in or challenged, answered, or answered wrongly on purpose."""

import json
import socket
import ssl
import struct
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from .errors import Refusal, throttled
from .keys import decode, encode
from .tokens import TENANT


class Server(ThreadingHTTPServer):
    """One address: a vault, or the token endpoint where there is no vault."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, world, vault, context):
        super().__init__(("127.0.0.1", 0), Handler)
        self.world, self.vault, self.context = world, vault, context
        self.host = f"127.0.0.1:{self.server_port}"
        if vault:
            vault.base = f"https://{self.host}"

    def handle_error(self, request, client_address):
        """A client that goes away is nothing to report."""


class World:
    """What the addresses have in common: tokens, what was asked, what is to go wrong."""

    def __init__(self, tokens):
        self.tokens = tokens
        self.lock = threading.Lock()
        self.log = []
        self.faults = []

    def record(self, operation, text):
        with self.lock:
            self.log.append({"operation": operation, "text": text})

    def fault(self, operation):
        """The fault that is due for this operation, if there is one."""
        with self.lock:
            for fault in self.faults:
                if fault["operation"] in (operation, "*") and fault["times"] > 0:
                    fault["times"] -= 1
                    return fault
        return None

    def control(self, command):
        """What tests ask for: the log, faults, tokens."""
        with self.lock:
            log = list(self.log)
            self.faults = command.get("faults", self.faults)
            if command.get("forget"):
                self.log.clear()
        self.tokens.lifetime = command.get("lifetime", self.tokens.lifetime)
        if command.get("revoke"):
            self.tokens.revoke()
        return {"log": log, "issued": self.tokens.issued}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def setup(self):
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # Here and not while accepting, so that a slow handshake holds nobody else up.
        self.request = self.server.context.wrap_socket(self.request, server_side=True)
        super().setup()

    def finish(self):
        super().finish()
        # The server closes the socket that it accepted, which the TLS socket took over.
        self.request.close()

    def log_message(self, *_):
        """Standard error is for what goes wrong."""

    def answer(self):
        url = urlsplit(self.path)
        octets = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if url.path == "/control":
            command = json.loads(octets)
            said = self.server.world.control(command)
            if "reveal" in command:
                said["secret"] = self.server.vault.reveal(command["reveal"]).hex()
            return self.send(200, said)
        operation = self.operation(url.path)
        self.server.world.record(operation, f"{self.requestline}\n{self.headers}{octets.decode()}")
        if self.server.vault is None:
            return self.answer_authority(url.path, octets)
        try:
            actions = self.let_in()
            fault = self.server.world.fault(operation)
            if fault and not self.before(fault):
                return None
            query = {name: values[0] for name, values in parse_qs(url.query).items()}
            asked = json.loads(octets or b"{}")
            body = self.server.vault.answer(self.command, url.path, query, asked, actions)
        except Refusal as refusal:
            return self.send(refusal.status, refusal.body, refusal.headers)
        return self.after(fault, body, url.path, octets)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer

    def operation(self, path):
        last = path.rstrip("/").rsplit("/", 1)[-1]
        if self.server.vault is None:
            return "token" if last == "token" else "metadata"
        return {"GET": "get", "PATCH": "update", "PUT": "import", "DELETE": "delete"}.get(self.command, last)

    def answer_authority(self, path, octets):
        tokens = self.server.world.tokens
        if path == f"/{TENANT}/v2.0/.well-known/openid-configuration":
            return self.send(200, tokens.metadata(self.server.host))
        if path == f"/{TENANT}/oauth2/v2.0/token" and self.command == "POST":
            fault = self.server.world.fault("token")
            try:
                if fault and not self.before(fault):
                    return None
            except Refusal as refusal:
                return self.send(refusal.status, refusal.body, refusal.headers)
            return self.send(*tokens.issue(parse_qs(octets.decode())))
        return self.send(404, {"error": "not_found"})

    def let_in(self):
        """What the bearer may do; without a good token, the challenge."""
        vault, scheme = self.server.vault, self.headers.get("Authorization", "")
        challenge = f'Bearer authorization="https://{self.server.world.authority}/{TENANT}", resource="{vault.resource}"'
        if not scheme.startswith("Bearer "):
            message = "AKV10000: Request is missing a Bearer or PoP token."
            raise Refusal(401, "Unauthorized", message, headers={"WWW-Authenticate": challenge})
        actions, problem = self.server.world.tokens.actions(scheme.removeprefix("Bearer "), vault.resource)
        if problem:
            raise Refusal(401, "Unauthorized", problem, headers={"WWW-Authenticate": challenge})
        return actions

    def before(self, fault):
        """Whether the request is to be carried out in spite of a fault."""
        match fault["kind"]:
            case "throttle":
                raise throttled(fault.get("after"))
            case "status":
                raise Refusal(fault["status"], "Error", "The service cannot do it now.")
            case "reset":
                # Closing it sends a reset: that is what no time to linger means.
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.close_connection = True
                return False
            case "silence":
                time.sleep(fault.get("seconds", 30))
                self.close_connection = True
                return False
        return True

    def after(self, fault, body, path, octets):
        """Sends the answer, changed where a fault says so."""
        vault, kind = self.server.vault, fault and fault["kind"]
        name = path.split("/")[2] if path.count("/") > 1 else ""
        if kind == "other-version":
            # As a proxy that drops the version, or a vault that was restored, would answer.
            asked = json.loads(octets)
            other = vault.answer("POST", f"/keys/{name}/rotate", {"api-version": "7.4"}, {}, {"*"})
            version = other["key"]["kid"].rsplit("/", 1)[1]
            body = vault.answer("POST", f"/keys/{name}/{version}/sign", {"api-version": "7.4"}, asked, {"*"})
        elif kind == "other-signature":
            asked = json.loads(octets)
            body["value"] = encode(vault.other(name).sign(asked["alg"], decode(asked["value"])))
        elif kind == "flipped":
            value = bytearray(decode(body["value"]))
            value[len(value) // 2] ^= 1
            body["value"] = encode(bytes(value))
        elif kind == "der":
            value = decode(body["value"])
            halves = value[: len(value) // 2], value[len(value) // 2 :]
            body["value"] = encode(encode_dss_signature(*(int.from_bytes(half, "big") for half in halves)))
        text = json.dumps(body)
        if kind == "half-json":
            text = text[: len(text) // 2]
        return self.send_text(200, text, {}, len(text) + (100 if kind == "cut" else 0))

    def send(self, status, body, headers=()):
        text = json.dumps(body)
        return self.send_text(status, text, dict(headers), len(text))

    def send_text(self, status, text, headers, length):
        self.send_response(status)
        fixed = {
            "Content-Type": "application/json; charset=utf-8",
            "Content-Length": str(length),
            "Cache-Control": "no-cache",
            "Pragma": "no-cache",
            "x-ms-keyvault-region": "loopback",
            "x-ms-keyvault-service-version": "1.9.0.0",
            "X-Content-Type-Options": "nosniff",
            "Strict-Transport-Security": "max-age=31536000;includeSubDomains",
        }
        for name, value in (fixed | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text.encode())
        self.wfile.flush()
        if length != len(text):
            self.close_connection = True


def context(pem_file):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.load_cert_chain(pem_file)
    return made
