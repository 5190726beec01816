# Commandes de l'observatoire. `make` seul les énumère.
# Compatible avec GNU Make 3.81 (macOS) ; sous Windows, voir l'équivalent dans README.md.

# Le premier Python assez récent du chemin ; `make app PYTHON=/chemin/python3.12` pour en imposer un.
ifndef PYTHON
PYTHON := $(shell for p in python3 python3.11 python3.12 python3.13 python3.14; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
endif
PORT ?= 8501
# Nombre d'essais menés de front.
TRAVAILLEURS ?= 2

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
PYTEST := $(BIN)/python -m pytest
# Chromium de la machine : les essais de navigateur le lancent par ce chemin.
CHROMIUM = $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)

# Le verrou porte les empreintes de tout, outil de construction compris : rien n'est pris sans contrôle.
# -e : le paquet est lu sur place, car `indicators/` et `data/` sont à côté de lui.
define installe
	@echo "▸ Installation des versions de $(1) (une à trois minutes la première fois)…"
	@$(PIP) install -qq --require-hashes -r $(1) || { echo; \
		echo "L'installation a échoué. Il faut un accès à un registre PyPI (celui que pip emploie déjà sur"; \
		echo "cette machine convient) et environ 2 Go libres. Le motif exact est ci-dessus ; relancez ensuite."; \
		exit 1; }
	@$(PIP) install -qq --no-deps --no-build-isolation -e .
	@touch $@
endef

.PHONY: aide app construire test test-long lint types contrats format essais essais-navigateur \
	navigateur verrou verifier donnees captures bench propre propre-tout

aide: ## Énumérer ces commandes
	@echo "Observatoire social territorial : commandes"; echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-18s %s\n", $$1, $$2}' Makefile
	@echo; echo "  Réglages : PYTHON=…  PORT=8501  TRAVAILLEURS=2  OBSERVATOIRE_RACINE=…"

# --- Environnement ----------------------------------------------------------------------------

$(BIN)/python:
	@test -n "$(PYTHON)" || { \
		echo "Il faut Python 3.11 ou plus récent, et aucun n'est dans le chemin de recherche."; \
		echo "Installez-le, ou dites où il est : make app PYTHON=/chemin/vers/python3.12"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "$(PYTHON) est trop ancien (ou introuvable) : il faut Python 3.11 ou plus récent."; \
		echo "Dites lequel prendre : make app PYTHON=/chemin/vers/python3.12"; exit 1; }
	@echo "▸ Création de l'environnement $(VENV) avec $(PYTHON)…"
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo; \
		echo "Le module venv de Python manque. Sous Debian ou Ubuntu : apt-get install python3-venv"; exit 1; }

# Témoins d'installation : rien n'est refait tant que le verrou n'a pas changé.
$(VENV)/.app: requirements.lock pyproject.toml | $(BIN)/python
	$(call installe,requirements.lock)

$(VENV)/.dev: requirements-dev.lock pyproject.toml | $(BIN)/python
	$(call installe,requirements-dev.lock)

# --- Employer ---------------------------------------------------------------------------------

app: construire ## Installer, construire et ouvrir l'application sur http://localhost:8501
	@echo "▸ Application : http://localhost:$(PORT) (Ctrl+C pour arrêter)"
	@$(BIN)/observatoire app --port $(PORT)

construire: $(VENV)/.app ## Construire l'entrepôt depuis les données (ne refait que le nécessaire)
	@echo "▸ Construction…"
	@$(BIN)/observatoire construire

verifier: $(VENV)/.app ## Contrôler les fiches d'indicateurs
	@$(BIN)/observatoire verifier

# --- Vérifier ---------------------------------------------------------------------------------

# Chaque étape est menée même si une autre échoue : on voit toutes les fautes d'un coup. Les essais
# viennent en dernier : leur compte est ce qu'on lit à la fin.
test: navigateur $(VENV)/.dev ## Tout vérifier : écriture, types, contrats, essais, navigateur
	@code=0; for etape in lint types contrats essais-navigateur essais; do \
		$(MAKE) --no-print-directory $$etape || { code=1; echo "✗ Étape en échec : $$etape"; }; done; \
	test -n "$(CHROMIUM)" || { echo; \
		echo "ESSAIS DE NAVIGATEUR SAUTÉS : Chromium manque. Sous Debian : apt-get install chromium"; }; \
	exit $$code

lint: $(VENV)/.dev ## Écriture du code (ruff)
	@echo "▸ Écriture (ruff)…"
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(VENV)/.dev ## Types (mypy, strict hors de l'application)
	@echo "▸ Types (mypy)…"
	@$(BIN)/mypy

contrats: $(VENV)/.dev ## Sens des imports (import-linter)
	@echo "▸ Contrats d'architecture (import-linter)…"
	@$(BIN)/lint-imports --no-logo

# Un fichier d'essais reste dans le même processus : ce qu'il construit n'est construit qu'une fois.
essais: $(VENV)/.dev ## Essais hors navigateur, sur un échantillon à graine fixe
	@echo "▸ Essais (pytest)…"
	@$(PYTEST) -n $(TRAVAILLEURS) --dist loadfile -m "not navigateur and not lent"

# Un seul à la fois : ces essais chronomètrent une vraie page. Code 5 : aucun essai de ce genre.
essais-navigateur: $(VENV)/.dev ## Essais dans un vrai Chromium (sautés s'il manque)
	@if test -z "$(CHROMIUM)"; then echo "▸ Essais de navigateur sautés : Chromium manque."; else \
		echo "▸ Essais de navigateur ($(CHROMIUM))…"; \
		OBSERVATOIRE_CHROMIUM="$(CHROMIUM)" $(PYTEST) -m "navigateur and not lent" || test $$? -eq 5; fi

test-long: navigateur $(VENV)/.dev ## Les essais à effectifs entiers (milliers de cas, long)
	@OBSERVATOIRE_ESSAIS_LONGS=1 OBSERVATOIRE_CHROMIUM="$(CHROMIUM)" \
		$(PYTEST) -n $(TRAVAILLEURS) --dist loadfile

# Debian et root seulement ; ailleurs on ne touche pas à la machine.
navigateur:
	@if test -z "$(CHROMIUM)" && test "$$(id -u)" = 0 && command -v apt-get >/dev/null; then \
		echo "▸ Installation de Chromium, pour les essais de navigateur…"; \
		{ apt-get update -q && DEBIAN_FRONTEND=noninteractive \
			apt-get install -qy --no-install-recommends chromium fonts-liberation; } >/dev/null \
		|| echo "  Chromium n'a pas pu être installé : ses essais seront sautés."; fi

# --- Entretenir -------------------------------------------------------------------------------

format: $(VENV)/.dev ## Remettre le code en forme
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

# --universal : un seul verrou pour tous les systèmes ; fewest : les mêmes versions pour tous les Python.
verrou: $(VENV)/.dev ## Refaire requirements.lock et requirements-dev.lock
	@echo "▸ Verrou…"
	@for suite in "" "-dev"; do \
		if test -z "$$suite"; then options="--extra construction"; \
		else options="--extra construction --extra dev -c requirements.lock"; fi; \
		$(BIN)/uv pip compile pyproject.toml --quiet --upgrade --universal --python-version 3.11 \
			--fork-strategy fewest --generate-hashes --no-annotate --no-header \
			--no-emit-index-url --no-emit-find-links $$options -o .verrou.tmp || exit 1; \
		{ echo "# Versions exactes et empreintes (sha256), pour Linux, macOS et Windows. Écrit par : make verrou"; \
			cat .verrou.tmp; } > requirements$$suite.lock; rm -f .verrou.tmp; done
	@echo "  requirements.lock et requirements-dev.lock sont à jour ; relancez make test."

donnees: $(VENV)/.dev ## Refaire les données de départ depuis leurs paquets d'origine
	@$(BIN)/python -m data.recette

captures: $(VENV)/.dev ## Refaire les images de docs/captures dans Chromium
	@mkdir -p docs/captures
	@OBSERVATOIRE_CHROMIUM="$(CHROMIUM)" OBSERVATOIRE_CAPTURES=docs/captures \
		$(PYTEST) -m navigateur -k capture

bench: $(VENV)/.dev ## Mesures de vitesse
	@for mesure in bench/mesure_*.py; do test -e "$$mesure" || { echo "Aucune mesure."; break; }; \
		echo "▸ $$mesure"; $(BIN)/python "$$mesure" || exit 1; done

propre: ## Effacer les caches et l'entrepôt (les données déposées restent)
	@rm -rf data/entrepot .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis build dist
	@find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +

propre-tout: propre ## Effacer aussi l'environnement
	@rm -rf $(VENV) *.egg-info
