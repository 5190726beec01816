"""Mesures de couleur des tests : contraste WCAG 2, ΔE2000, daltonismes de Machado (2009), gris."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Couleur = NDArray[np.float64]

SEUIL_SRGB, LUEUR = 0.04045, 0.05
BLANC_D65 = np.array([0.95047, 1.0, 1.08883])
XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
MACHADO = {
    "protan": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deutan": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritan": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
"""Matrices de sévérité 1 (Machado, Oliveira et Fernandes 2009), appliquées au RVB linéaire."""


def read_hex(code: str) -> Couleur:
    return np.array([int(code[i : i + 2], 16) / 255 for i in (1, 3, 5)])


def to_lineaire(srgb: Couleur) -> Couleur:
    return np.where(srgb <= SEUIL_SRGB, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def luminance(code: str) -> float:
    return float(XYZ[1] @ to_lineaire(read_hex(code)))


def contraste(a: str, b: str) -> float:
    clair, sombre = sorted((luminance(a), luminance(b)), reverse=True)
    return (clair + LUEUR) / (sombre + LUEUR)


def simulate(code: str, vision: str) -> Couleur:
    """RVB linéaire tel que perçu : ``normale``, ``protan``, ``deutan``, ``tritan`` ou ``gris``."""
    return simulate_lineaire(to_lineaire(read_hex(code)), vision)


def simulate_lineaire(lineaire: Couleur, vision: str) -> Couleur:
    """RVB linéaire tel que perçu, d'une couleur ou d'une image (la couleur sur le dernier axe)."""
    if vision == "normale":
        return lineaire
    if vision == "gris":
        return np.repeat((lineaire @ XYZ[1])[..., None], 3, axis=-1)
    return np.clip(lineaire @ MACHADO[vision].T, 0, 1)


def to_lab(lineaire: Couleur) -> Couleur:
    return to_lab_image(lineaire)


def to_lab_image(lineaire: Couleur) -> Couleur:
    """Lab d'une couleur ou d'une image (la couleur sur le dernier axe)."""
    t = lineaire @ XYZ.T / BLANC_D65
    f = np.where(t > (6 / 29) ** 3, np.cbrt(t), t / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.stack([116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], axis=-1)


def delta_e(a: str, b: str, vision: str = "normale") -> float:
    return delta_e_lab(to_lab(simulate(a, vision)), to_lab(simulate(b, vision)))


def delta_e_lab(un: Couleur, deux: Couleur) -> float:
    """Écart CIEDE2000 (Sharma, Wu et Dalal 2005)."""
    (l1, a1, b1), (l2, a2, b2) = un, deux
    c_moyen = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    g = 0.5 * (1 - np.sqrt(c_moyen**7 / (c_moyen**7 + 25.0**7)))
    a1, a2 = a1 * (1 + g), a2 * (1 + g)
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = np.degrees(np.arctan2(b1, a1)) % 360, np.degrees(np.arctan2(b2, a2)) % 360
    gris = c1 * c2 == 0
    dh = 0.0 if gris else (h2 - h1 + 180) % 360 - 180
    grand_dh = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(dh / 2))
    h = h1 + h2 if gris else (h1 + dh / 2) % 360
    lm, cm = (l1 + l2) / 2, (c1 + c2) / 2
    t = (
        1
        - 0.17 * np.cos(np.radians(h - 30))
        + 0.24 * np.cos(np.radians(2 * h))
        + 0.32 * np.cos(np.radians(3 * h + 6))
        - 0.20 * np.cos(np.radians(4 * h - 63))
    )
    sl = 1 + 0.015 * (lm - 50) ** 2 / np.sqrt(20 + (lm - 50) ** 2)
    sc, sh = 1 + 0.045 * cm, 1 + 0.015 * cm * t
    rc = 2 * np.sqrt(cm**7 / (cm**7 + 25.0**7))
    rt = -np.sin(np.radians(60 * np.exp(-(((h - 275) / 25) ** 2)))) * rc
    x, y, z = (l2 - l1) / sl, (c2 - c1) / sc, grand_dh / sh
    return float(np.sqrt(x * x + y * y + z * z + rt * y * z))
