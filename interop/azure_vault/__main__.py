"""Starts the double, says where it is in one line of JSON, and ends with its standard input.

`python -m azure_vault ['{"NAME": {"kty": "EC"}}']`, in the directory above. The keys that are named are in the vault from
the first.
"""

import json
import sys
import tempfile
import threading

from . import certificates
from .server import Server, World, context
from .tokens import CLIENTS, TENANT, Tokens
from .vault import Vault


def start(keys=()):
    """Where everything is, and what is needed to be let in."""
    authority_pem, server_pem = certificates.make()
    with tempfile.NamedTemporaryFile() as file:
        file.write(server_pem)
        file.flush()
        tls = context(file.name)
    world = World(Tokens())
    authority = Server(world, None, tls)
    vault = Server(world, Vault("https://vault.azure.net", is_hsm=False), tls)
    hsm = Server(world, Vault("https://managedhsm.azure.net", is_hsm=True), tls)
    world.authority = authority.host
    for name in keys:
        vault.vault.answer("POST", f"/keys/{name}/create", {"api-version": "7.4"}, keys[name], {"*"})
    for server in (authority, vault, hsm):
        threading.Thread(target=server.serve_forever, daemon=True).start()
    clients = [{"id": name, "secret": secret} for name, (secret, _) in CLIENTS.items()]
    return {
        "vault": f"https://{vault.host}",
        "hsm": f"https://{hsm.host}",
        "authority": f"https://{authority.host}",
        "tenant": TENANT,
        "officer": clients[0],
        "reader": clients[1],
        "certificate": authority_pem.decode(),
    }


if __name__ == "__main__":
    print(json.dumps(start(json.loads(sys.argv[1]) if sys.argv[1:] else {})), flush=True)
    sys.stdin.read()
