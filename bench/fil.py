"""Relais entre le navigateur et un serveur : il compte les octets tels qu'ils passent, compression comprise."""

from __future__ import annotations

import contextlib
import socket
import threading

BLOC = 65_536


class Relais:
    """Relais local ; ``octets`` croît avec tout ce que le serveur envoie."""

    def __init__(self, base: str) -> None:
        """Écoute sur un port libre et relaie vers ``http://127.0.0.1:port``."""
        self.octets = 0
        self._port = int(base.rpartition(":")[2])
        self._prise = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.base = f"http://127.0.0.1:{self._prise.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """N'accepte plus rien."""
        self._prise.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                navigateur, _ = self._prise.accept()
                serveur = socket.create_connection(("127.0.0.1", self._port))
                for prise in (navigateur, serveur):
                    prise.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                for source, but, compte in ((navigateur, serveur, False), (serveur, navigateur, True)):
                    threading.Thread(
                        target=self._pump, args=(source, but), kwargs={"compte": compte}, daemon=True
                    ).start()

    def _pump(self, source: socket.socket, but: socket.socket, *, compte: bool) -> None:
        with contextlib.suppress(OSError):
            while bloc := source.recv(BLOC):
                if compte:
                    self.octets += len(bloc)
                but.sendall(bloc)
        with contextlib.suppress(OSError):
            but.shutdown(socket.SHUT_WR)
        if compte:
            source.close()
