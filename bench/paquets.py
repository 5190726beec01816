"""Ce que contiennent les messages que Streamlit envoie au navigateur, rangé par nature."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable


def count_octets(recus: Iterable[bytes]) -> dict[str, int]:
    """Octets reçus par nature de message, les plus lourdes d'abord."""
    comptes: Counter[str] = Counter()
    for octets in recus:
        comptes[_name(octets)] += len(octets)
    return dict(comptes.most_common())


def _name(octets: bytes) -> str:
    from google.protobuf.message import DecodeError
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

    try:
        message = ForwardMsg.FromString(octets)
    except DecodeError:
        return "illisible"
    sorte = message.WhichOneof("type") or "vide"
    if sorte != "delta":
        return sorte
    delta = message.delta
    if delta.WhichOneof("type") != "new_element":
        return f"delta.{delta.WhichOneof('type')}"
    element = delta.new_element
    nature = str(element.WhichOneof("type"))
    if nature == "html":
        return f"html {element.html.body[:40]!r}"
    return nature
