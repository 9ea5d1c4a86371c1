#!/usr/bin/env python3
"""Puts nginx, Caddy and HAProxy in front of a server, with the examples of docs/operating.md.

No request becomes local behind a proxy, and the log has the address of the client.
"""

import contextlib
import re
import subprocess
import tempfile
from pathlib import Path

from support import tools
from support.checks import check, check_equal, wait_until
from support.client import free_port
from support.program import ROOT
from support.server import AUTHORIZATION, Server

NAME = "hongtou.example.cn"
CLIENT = "127.0.0.2"

# A proxy on this machine that sends no header of its own.
HAPROXY = """
defaults
    mode http
    timeout connect 5s
    timeout client 30s
    timeout server 30s
listen hongtou
    bind 127.0.0.1:{port}
    server hongtou {address}
"""


def example(language):
    """The example configuration in this language."""
    text = (ROOT / "docs/operating.md").read_text()
    return re.search(rf"```{language}\n(.*?)```", text, re.S)[1]


def nginx(folder, address, port):
    server = example("nginx").replace("listen 443 ssl;", f"listen 127.0.0.1:{port};")
    server = re.sub(r"\n *ssl_certificate.*;", "", server).replace("127.0.0.1:8080", address)
    paths = "".join(f"{name}_temp_path {folder}; " for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    main = f"daemon off; pid {folder}/nginx.pid; error_log stderr; events {{}}\n"
    (folder / "nginx.conf").write_text(f"{main} http {{ access_log off; {paths}\n{server} }}")
    return ["nginx", "-c", folder / "nginx.conf"]


def caddy(folder, address, port):
    site = example("caddy").replace(NAME, f"http://{NAME}:{port}", 1).replace("127.0.0.1:8080", address)
    (folder / "Caddyfile").write_text("{\n\tadmin off\n}\n" + site)
    return ["caddy", "run", "--adapter", "caddyfile", "--config", folder / "Caddyfile"]


def haproxy(folder, address, port):
    (folder / "haproxy.cfg").write_text(HAPROXY.format(address=address, port=port))
    return ["haproxy", "-f", folder / "haproxy.cfg"]


@contextlib.contextmanager
def running(command, folder, port):
    environment = {"PATH": tools.PATH, "HOME": str(folder)}
    with (folder / "proxy.log").open("wb") as log:
        process = subprocess.Popen(list(map(str, command)), env=environment, stdout=log, stderr=log)
        try:
            wait_until(lambda: answered(process, port), f"{command[0]} is ready")
            yield
        finally:
            process.terminate()
            process.wait()


def answered(process, port):
    check(process.poll() is None, "the proxy ended")
    with contextlib.suppress(OSError):
        return status(port, "/healthz") == 200


def status(port, path, **headers):
    """The status of a request from CLIENT, as curl sends it."""
    command = ["curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", "--interface", CLIENT]
    for name, value in ({"Host": NAME} | headers).items():
        command += ["-H", f"{name}: {value}"]
    done = subprocess.run([*command, f"http://127.0.0.1:{port}{path}"], capture_output=True, text=True)
    return int(done.stdout or 0)


def check_closed(name, port):
    # nginx and HAProxy pass every name on; Caddy has no site of another name.
    hosts = [NAME] if name == "caddy" else [NAME, "localhost", "127.0.0.1"]
    for path in ("/v1/me", "/v1/filings", "/v1/audit", "/metrics"):
        found = {status(port, path, Host=host) for host in hosts}
        check_equal(found, {401}, f"{name}: {path} needs credentials")
    check_equal(status(port, "/v1/me", **AUTHORIZATION), 200, f"{name}: the token is accepted")


def check_client(name, server, port):
    status(port, "/v1/me", **{"X-Forwarded-For": "6.6.6.6", "X-Request-Id": f"by-{name}"})
    logged = lambda: [line for line in server.log_text().splitlines() if f"by-{name}" in line and "client" in line]
    wait_until(logged, "the request is logged")
    check(f"client={CLIENT} " in logged()[0], f"the log has another client: {logged()[0]}")
    print(f"ok  {name}: the log has the address of the client", flush=True)


def main():
    tools.debian("nginx-light", "caddy", "haproxy", "curl")
    with tempfile.TemporaryDirectory(prefix="hongtou-proxy-") as folder:
        folder = Path(folder)
        with Server(folder, "--trusted-proxies", "127.0.0.1", log="info") as server:
            for proxy in (nginx, caddy, haproxy):
                place, port = folder / proxy.__name__, free_port()
                place.mkdir()
                with running(proxy(place, server.address, port), place, port):
                    check_closed(proxy.__name__, port)
                    if proxy is not haproxy:
                        check_client(proxy.__name__, server, port)


if __name__ == "__main__":
    main()
