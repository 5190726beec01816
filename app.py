"""Application de l'observatoire : « observatoire app », ou « streamlit run app.py »."""

from streamlit.starlette import App

from observatoire.app.serveur import SCRIPT, make_arguments

app = App(SCRIPT, **make_arguments())
