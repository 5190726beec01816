"""Résumé d'une proposition : des lignes lisibles, ou des données pour un autre logiciel."""

from __future__ import annotations

from typing import Any

from observatoire.ingestion.proposition.declaration import render_declaration
from observatoire.ingestion.proposition.modele import NIVEAUX_NON_GERES, Proposition, TableProposee
from observatoire.modeles.mailles import Maille

_MONTRES = 8
_SEPARATEURS = {"\t": "tabulation", " ": "espace"}


def render_resume(proposition: Proposition) -> str:
    """Écrit ce qui est reconnu, une ligne par fait, puis ce dont on doute.

    Args:
        proposition: ce qui est reconnu dans un fichier.
    """
    lignes = [f"Fichier : {proposition.fichier}", f"Format : {_name_format(proposition)}"]
    lignes += [f"■ {anomalie}" for anomalie in proposition.anomalies]
    if proposition.quarantaine:
        lignes.append("■ Refusé : ce fichier semble décrire des personnes ; rien n'en est gardé.")
        lignes += [f"  – {motif}" for motif in proposition.quarantaine]
    table = proposition.principale
    if table is None:
        return "\n".join(lignes)
    lignes += [f"{nom} : {valeur}" for nom, valeur in list_faits(table) if valeur]
    if len(proposition.tables) > 1:
        autres = ", ".join(f"« {t.nom} »" for t in proposition.tables[1 : _MONTRES + 1])
        lignes.append(f"Autres tables utiles : {autres}{' …' if len(proposition.tables) > _MONTRES + 1 else ''}")
    if proposition.doutes:
        lignes.append("À vérifier :")
        lignes += [f"  – {phrase}" for phrase in proposition.doutes]
    return "\n".join(lignes)


def list_faits(table: TableProposee) -> list[tuple[str, str]]:
    """Faits d'une table, nommés, en clair.

    Args:
        table: table analysée.
    """
    entete = " et ".join(map(str, table.lignes_entete)) or "donnée par le format"
    return [
        ("Table", f"« {table.nom} »" if table.nom else ""),
        ("En-tête", f"ligne {entete} ; données des lignes {table.premiere_ligne} à {table.derniere_ligne}"),
        ("Lignes de données", f"{table.nombre_lignes} ({table.unite_ligne} par ligne)"),
        ("Territoire", _tell_territoire(table)),
        ("Millésime géographique", _tell_millesime(table)),
        ("Période", _tell_periode(table)),
        ("Colonnes de nombres", _tell_list([c.nom for c in table.numeriques()])),
        ("Modalités", _tell_list(list(table.dimensions))),
        ("Marques", "; ".join(f"« {m.texte} » {m.sens.value} ({m.nombre})" for m in table.marques)),
        ("Cellules vides", f"{table.vide} – {table.raison_vide}" if table.raison_vide else ""),
    ]


def build_json(proposition: Proposition) -> dict[str, Any]:
    """Rend une proposition en données, déclaration comprise.

    Args:
        proposition: ce qui est reconnu dans un fichier.
    """
    return {
        "meta": {
            "fichier": proposition.fichier,
            "format": proposition.format,
            "encodage": proposition.encodage,
            "separateur": proposition.separateur,
            "identifiant": proposition.identifiant,
            "refuse": proposition.refusee,
        },
        "anomalies": [str(a) for a in proposition.anomalies],
        "quarantaine": list(proposition.quarantaine),
        "tables": [_table_json(t) for t in proposition.tables],
        "autres_tables": list(proposition.autres_tables),
        "doutes": list(proposition.doutes),
        "declaration": render_declaration(proposition),
    }


def _table_json(table: TableProposee) -> dict[str, Any]:
    territoire, millesime, periode = table.territoire, table.millesime, table.periode
    return {
        "nom": table.nom,
        "lignes_entete": list(table.lignes_entete),
        "premiere_ligne": table.premiere_ligne,
        "derniere_ligne": table.derniere_ligne,
        "nombre_lignes": table.nombre_lignes,
        "territoire": territoire
        and {
            "colonnes": list(territoire.colonnes),
            "niveau": territoire.niveau,
            "gere": territoire.maille is not None,
            "forme": territoire.forme,
            "certitude": territoire.certitude.value,
            "part_connue": round(territoire.part_connue, 4),
            "sans_code": territoire.sans_code,
            "inconnus": territoire.inconnus,
            "meles": territoire.meles,
            "plm": territoire.plm,
        },
        "millesime": millesime and {"cogs": list(millesime.cogs), "retenu": millesime.retenu, "avant": millesime.avant},
        "periode": periode
        and {
            "periodes": list(periode.periodes),
            "colonne": periode.colonne,
            "pas": periode.pas,
            "origine": periode.origine,
        },
        "colonnes": [
            {"nom": c.nom, "role": c.role.value, "niveau": c.niveau, "vides": c.vides} for c in table.colonnes
        ],
        "marques": [{"texte": m.texte, "sens": m.sens.value, "nombre": m.nombre} for m in table.marques],
        "vide": table.vide,
        "totaux": table.totaux,
        "doutes": [phrase for _, phrase in table.doutes],
    }


def _name_format(proposition: Proposition) -> str:
    nom = proposition.format or "inconnu"
    separateur = _SEPARATEURS.get(proposition.separateur, proposition.separateur)
    suite = [proposition.encodage, f"séparateur « {separateur} »" if separateur else ""]
    return ", ".join([nom, *(s for s in suite if s)])


def _tell_territoire(table: TableProposee) -> str:
    territoire = table.territoire
    if territoire is None:
        return "non reconnu"
    colonnes = " + ".join(f"« {c} »" for c in territoire.colonnes)
    maille = territoire.maille
    niveau = (
        Maille(maille).libelle
        if maille
        else f"{NIVEAUX_NON_GERES.get(territoire.niveau, territoire.niveau)} (niveau non géré)"
    )
    part = f"{territoire.part_connue:.1%} des lignes reconnues".replace(".", ",")
    plm = f" ; Paris, Lyon, Marseille : {territoire.plm}" if territoire.plm else ""
    return f"{colonnes}, {niveau}, {territoire.distincts} codes, {part} ({territoire.certitude.value}){plm}"


def _tell_millesime(table: TableProposee) -> str:
    millesime = table.millesime
    if millesime is None:
        return ""
    if millesime.avant:
        return f"avant {millesime.avant}"
    if millesime.sans_effet:
        return "sans effet à ce niveau"
    return (
        f"{millesime.retenu} ({', '.join(millesime.cogs)} à égalité)" if len(millesime.cogs) > 1 else millesime.retenu
    )


def _tell_periode(table: TableProposee) -> str:
    periode = table.periode
    if periode is None:
        return "non reconnue"
    bornes = periode.periodes[0] if len(periode.periodes) == 1 else f"{periode.periodes[0]} à {periode.periodes[-1]}"
    lieu = f"colonne « {periode.colonne} »" if periode.colonne else periode.origine
    return f"{bornes} ({lieu})"


def _tell_list(noms: list[str]) -> str:
    suite = f" et {len(noms) - _MONTRES} autres" if len(noms) > _MONTRES else ""
    return ", ".join(noms[:_MONTRES]) + suite
