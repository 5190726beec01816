"""Fichiers valides, petits et variés, fabriqués pour les essais : textes, classeurs, documents, archives."""

import io
import json
import random
import zipfile

import openpyxl

ENTETE = ["code", "libellé", "foyers", "part", "observation"]
NOMS = ["Bègles", "L'Haÿ-les-Roses", "Saint-Émilion", "Cœuvres", "Le Teich", "Ambès"]


def make_lignes(hasard: random.Random, nombre: int = 12) -> list[list[str]]:
    """Lignes d'un tableau de communes ; certaines cellules vides ou marquées."""
    lignes = []
    for _ in range(nombre):
        foyers = hasard.choice(
            [str(hasard.randrange(5, 9000, 5)), "", "s", f"{hasard.randrange(1, 9)} {hasard.randrange(100, 999)}"]
        )
        part = f"{hasard.randrange(100)},{hasard.randrange(10)}"
        lignes.append(
            [f"{hasard.randrange(1001, 95999):05d}", hasard.choice(NOMS), foyers, part, hasard.choice(["", "vu"])]
        )
    return lignes


def make_csv(hasard: random.Random, *, encodage: str, separateur: str = ";", guillemets: bool = False) -> bytes:
    """Texte tabulaire ; avec ``guillemets``, tous les champs en portent et l'un contient un retour à la ligne."""
    lignes = [ENTETE, *make_lignes(hasard)]
    if guillemets:
        lignes[3][1] = "Bègles\ncentre"
        lignes = [[f'"{champ}"' for champ in ligne] for ligne in lignes]
    elif separateur == ",":
        lignes = [[champ.replace(",", ".") for champ in ligne] for ligne in lignes]
    fin = hasard.choice(["\n", "\r\n"])
    titre = hasard.choice([[], ["Allocataires au 31 décembre"]])
    texte = fin.join([*titre, *(separateur.join(ligne) for ligne in lignes)]) + fin
    # Ce que l'encodage ne sait pas écrire (« œ » en latin-1) n'a pas sa place dans ce fichier.
    return texte.encode(encodage, "ignore")


def make_xlsx(hasard: random.Random) -> bytes:
    """Classeur de deux feuilles, nombres et textes."""
    classeur = openpyxl.Workbook()
    feuille = classeur.active
    feuille.title = "Données"
    feuille.append(ENTETE)
    for ligne in make_lignes(hasard):
        feuille.append(
            [
                ligne[0],
                ligne[1],
                int(ligne[2]) if ligne[2].isdigit() else ligne[2] or None,
                float(ligne[3].replace(",", ".")),
            ]
        )
    classeur.create_sheet("Notes").append(["Source : essai", 3])
    tampon = io.BytesIO()
    classeur.save(tampon)
    return tampon.getvalue()


def make_ods(lignes: list[list[str | float | None]], *, brut: str = "", nom: str = "Feuille1") -> bytes:
    """Classeur ODS minimal ; ``brut`` ajoute des lignes XML écrites à la main."""
    corps = "".join(f"<table:table-row>{''.join(map(_cellule_ods, ligne))}</table:table-row>" for ligne in lignes)
    espaces = " ".join(
        f'xmlns:{court}="urn:oasis:names:tc:opendocument:xmlns:{court}:1.0"' for court in ("office", "table", "text")
    )
    contenu = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {espaces}><office:body><office:spreadsheet>'
        f'<table:table table:name="{nom}">{corps}{brut}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifeste = (
        '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        '<manifest:file-entry manifest:full-path="/" '
        'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>'
    )
    return make_zip(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": contenu.encode(),
            "META-INF/manifest.xml": manifeste.encode(),
        }
    )


def _cellule_ods(valeur: str | float | None) -> str:
    if valeur is None:
        return "<table:table-cell/>"
    if isinstance(valeur, str):
        return f'<table:table-cell office:value-type="string"><text:p>{valeur}</text:p></table:table-cell>'
    texte = f"<text:p>{valeur}</text:p>"
    return f'<table:table-cell office:value-type="float" office:value="{valeur}">{texte}</table:table-cell>'


def make_ods_communes(hasard: random.Random) -> bytes:
    """Le tableau de communes en ODS."""
    lignes = [[x[0], x[1].replace("'", " "), float(x[3].replace(",", "."))] for x in make_lignes(hasard)]
    return make_ods([ENTETE[:3], *lignes])


def make_json(hasard: random.Random) -> bytes:
    """Liste d'objets, ou réponse de la forme de l'API Melodi."""
    lignes = make_lignes(hasard)
    if hasard.random() < 0.5:
        objets = [
            dict(zip(ENTETE, [*ligne[:3], float(ligne[3].replace(",", ".")), None], strict=True)) for ligne in lignes
        ]
        return json.dumps({"total": len(objets), "resultats": objets}, ensure_ascii=False).encode()
    observations = [
        {
            "dimensions": {"GEO": f"2025-COM-{ligne[0]}", "TIME_PERIOD": "2023"},
            "measures": {"OBS_VALUE_NIVEAU": {"value": float(ligne[3].replace(",", "."))} if ligne[2] else {}},
            "attributes": {"OBS_STATUS": "A"},
        }
        for ligne in lignes
    ]
    return json.dumps({"identifier": "DS_ESSAI", "observations": observations}).encode()


def make_zip(membres: dict[str, bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Archive de ces membres."""
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w", compression) as archive:
        for nom, octets in membres.items():
            archive.writestr(zipfile.ZipInfo(nom, (2026, 1, 1, 0, 0, 0)), octets, compression)
    return tampon.getvalue()


def make_archive(hasard: random.Random) -> bytes:
    """Archive d'un CSV et de sa documentation, compressés ou non."""
    membres = {"donnees/communes.csv": make_csv(hasard, encodage="utf-8"), "lisez-moi.pdf": b"%PDF-1.4 rien"}
    return make_zip(membres, compression=hasard.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]))
