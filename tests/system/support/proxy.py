"""A TCP proxy that can fail."""

import contextlib
import socket
import threading

from support.client import free_port


class Proxy:
    """Forwards connections to a server. It can refuse them, or accept them and never respond."""

    def __init__(self, target):
        """The target is a pair of host and port."""
        self.target = target
        self.is_silent = False
        self.connections = []
        self.listener = None
        self.port = free_port()
        self.open()

    def open(self):
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind(("127.0.0.1", self.port))
        self.listener.listen(64)
        threading.Thread(target=self._accept, args=(self.listener,), daemon=True).start()

    def close(self):
        """Refuses new connections and cuts the open ones."""
        # Closing alone does not wake the accepting thread.
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.cut()

    def cut(self):
        """Cuts the open connections."""
        for connection in self.connections:
            shut_down(connection)
        self.connections.clear()

    def _accept(self, listener):
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            self.connections.append(client)
            if self.is_silent:
                continue
            server = socket.create_connection(self.target)
            self.connections.append(server)
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=forward, args=(source, sink), daemon=True).start()


def forward(source, sink):
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    shut_down(source)
    shut_down(sink)


def shut_down(connection):
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
