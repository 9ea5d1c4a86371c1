"""Clients that send heads or bodies slowly, or read slowly. Each returns what is wrong, or None."""

import socket
import time

from hostile_requests import head

# Seconds after which the server ends an unfinished head and an unfinished body.
HEAD_DEADLINE, BODY_DEADLINE = 20, 60
GRACE = 10


def slow_head(address):
    """Sends a head that never ends, and then opens a connection without a request."""
    for start in [b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: ", b""]:
        with socket.create_connection(address, timeout=HEAD_DEADLINE + GRACE) as stream:
            begin = time.monotonic()
            stream.sendall(start)
            try:
                while stream.recv(4096):
                    pass
            except TimeoutError:
                return f"a connection without a request is open after {HEAD_DEADLINE + GRACE} s"
            except OSError:
                pass
            took = time.monotonic() - begin
            if took >= HEAD_DEADLINE + GRACE:
                return f"a connection without a request was open for {took:.0f} s"
    return None


def slow_body(address):
    """Sends a body byte by byte."""
    lines = ["Content-Type: application/json", "Content-Length: 100000"]
    with socket.create_connection(address, timeout=1) as stream:
        stream.sendall(head("POST", "/v1/checks", *lines))
        begin = time.monotonic()
        while time.monotonic() - begin < BODY_DEADLINE + GRACE:
            try:
                stream.sendall(b" ")
                response = stream.recv(4096)
                return None if b" 408 " in response[:20] else f"a slow body was answered with {response[:40]!r}"
            except TimeoutError:
                continue
            except OSError as error:
                return f"a slow body ended with {error}"
    return f"a slow body is still read after {BODY_DEADLINE + GRACE} s"


def slow_reader(address):
    """Requests a lot and reads nothing. The other clients must still be answered."""
    with socket.create_connection(address, timeout=5) as stream:
        stream.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        try:
            stream.sendall(head("GET", "/docs/swagger-ui-bundle.js") * 20)
        except OSError:
            pass
        time.sleep(HEAD_DEADLINE)
    return None


KINDS = [slow_head, slow_body, slow_reader]
