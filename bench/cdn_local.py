"""Bibliothèques du pair, prises au registre npm et servies par la machine, avec un cache d'un an."""

from __future__ import annotations

import functools
import gzip
import http.server
import shutil
import subprocess
import tarfile
import tempfile
import threading
from pathlib import Path

FICHIERS = {
    "leaflet@1.9.3": ("dist/leaflet.js", "dist/leaflet.css"),
    "jquery@3.7.1": ("dist/jquery.min.js",),
    "bootstrap@5.2.2": ("dist/js/bootstrap.bundle.min.js", "dist/css/bootstrap.min.css"),
    "@fortawesome/fontawesome-free@6.2.0": ("css/all.min.css",),
    "leaflet.awesome-markers@2.0.5": ("dist/leaflet.awesome-markers.js", "dist/leaflet.awesome-markers.css"),
    "d3@3.5.5": ("d3.min.js",),
    "d3@4.13.0": ("build/d3.min.js",),
}
RENOMMES = {
    ("d3@4.13.0", "build/d3.min.js"): "d3.v4.min.js",
    ("jquery@3.7.1", "dist/jquery.min.js"): "jquery-3.7.1.min.js",
}
VIDES = ("bootstrap-glyphicons.css", "leaflet.awesome.rotate.min.css")
"""Sans effet sur cette carte : remplacées par un fichier vide."""


def ensure_bibliotheques(dossier: Path) -> Path:
    """Dossier des bibliothèques ; prises au registre npm la première fois.

    Raises:
        RuntimeError: npm manque ou le registre ne répond pas.
    """
    if (dossier / "fini").is_file():
        return dossier
    npm = shutil.which("npm")
    if npm is None:
        msg = "npm manque : le pair de la carte n'a pas ses bibliothèques."
        raise RuntimeError(msg)
    dossier.mkdir(parents=True, exist_ok=True)
    for paquet, chemins in FICHIERS.items():
        with tempfile.TemporaryDirectory() as temporaire:
            commande = [npm, "pack", "--silent", paquet]
            sortie = subprocess.run(commande, cwd=temporaire, capture_output=True, text=True, check=False, timeout=120)
            archives = list(Path(temporaire).glob("*.tgz"))
            if not archives:
                msg = f"« npm pack {paquet} » a échoué : {sortie.stderr.strip()[-300:]}"
                raise RuntimeError(msg)
            with tarfile.open(archives[0]) as archive:
                for chemin in chemins:
                    membre = archive.extractfile(f"package/{chemin}")
                    assert membre is not None
                    nom = RENOMMES.get((paquet, chemin), Path(chemin).name)
                    (dossier / nom).write_bytes(membre.read())
    for nom in VIDES:
        (dossier / nom).touch()
    (dossier / "fini").touch()
    return dossier


@functools.cache
def _compress(chemin: str) -> bytes:
    return gzip.compress(Path(chemin).read_bytes(), mtime=0)


class _Fichiers(http.server.SimpleHTTPRequestHandler):
    """Sert comprimé, comme un réseau de diffusion : le pair n'est pas alourdi par notre serveur."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        chemin = self.translate_path(self.path)
        if not Path(chemin).is_file():
            self.send_error(404)
            return
        corps = _compress(chemin)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(chemin))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(corps)))
        self.send_header("Cache-Control", "public, max-age=31536000, immutable")
        self.send_header("Access-Control-Allow-Origin", "*")
        self.end_headers()
        self.wfile.write(corps)

    def log_message(self, *_arguments: object) -> None:
        """Rien à écrire."""


class _Serveur(http.server.ThreadingHTTPServer):
    def handle_error(self, _demande: object, _adresse: object) -> None:
        """Un navigateur qui raccroche n'est pas une faute."""


def serve(dossier: Path) -> tuple[http.server.ThreadingHTTPServer, str]:
    """Sert un dossier sur un port libre et rend le serveur et son adresse."""
    serveur = _Serveur(("127.0.0.1", 0), functools.partial(_Fichiers, directory=str(dossier)))
    threading.Thread(target=serveur.serve_forever, daemon=True).start()
    return serveur, f"http://127.0.0.1:{serveur.server_address[1]}"
