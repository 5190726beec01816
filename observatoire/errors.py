"""Exceptions de l'observatoire : fautes de code, de configuration ou d'appel.

Une faute dans les **données** n'est pas une exception : c'est une ``Anomalie``
(``observatoire.modeles.anomalies``), rassemblée dans un rapport.
"""


class ObservatoireError(Exception):
    """Racine de toutes les erreurs de l'observatoire ; le message s'adresse à l'usager."""


class ConfigurationError(ObservatoireError):
    """L'espace, un chemin ou un réglage manque ou se contredit."""


class CatalogueError(ObservatoireError):
    """Le catalogue d'indicateurs porte des fautes ; ``fautes`` les énumère toutes."""

    def __init__(self, fautes: list[str]) -> None:
        """Garde la liste des fautes, déjà rédigées (fichier, ligne, faute, suggestion)."""
        self.fautes = fautes
        super().__init__("\n".join(fautes))


class SourceError(ObservatoireError):
    """Une livraison attendue manque, ou son empreinte ne correspond plus à son manifeste."""


class AppelError(ObservatoireError):
    """L'appel demande ce qui n'existe pas (indicateur, niveau, territoire, période)."""


class TerritoireInconnuError(AppelError):
    """Aucun territoire ne porte ce code à ce niveau."""


class PublicationError(ObservatoireError):
    """Aucune publication lisible, ou publication incomplète."""
