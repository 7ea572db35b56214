# Toda a interface do repositório: `make help`. Só caminhos relativos, para que o projeto funcione
# em qualquer pasta, inclusive com espaços no nome.
.DEFAULT_GOAL := help
.PHONY: help install demo build panel sql stop clean test browser proxies soak lint format docs models bench lock \
  env up down logs sync backup restore test-docker

BIN := .venv/bin
PLUGINS := .meltano/extractors/tap-sienge/venv/bin/tap-sienge \
  .meltano/loaders/target-postgres/venv/bin/target-postgres-sienge \
  .meltano/utilities/dbt/venv/bin/dbt
export UV_PYTHON_DOWNLOADS := never
# Como o pip, o uv confia nos certificados da máquina: há redes que põem os seus na frente da internet.
ifneq ($(wildcard /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem),)
export UV_SYSTEM_CERTS ?= true
endif
# Sem os módulos compilados, cada chamada do Meltano leva segundos a mais.
export PYTHONDONTWRITEBYTECODE :=

override Q := $(value Q)
export Q

help: ## mostra esta lista
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | awk -F '\t' '{printf "  make %-11s %s\n", $$1, $$2}'

install: .meltano/.installed ## instala tudo em .venv e .meltano

demo: install ## lê o Sienge simulado para um PostgreSQL embutido e mostra as linhas
	@$(BIN)/python -m demo

panel: install panel/web/out ## abre o painel sobre o banco da demonstração (Ctrl-C termina)
	@$(BIN)/python -m demo panel

build: install ## faz os modelos (schemas staging e marts) com o que a demonstração leu
	@$(BIN)/python -m demo build

sql: install ## consulta o banco da demonstração: make sql Q="select …"
	@$(BIN)/python -m demo sql "$$Q"

stop: ## para o PostgreSQL da demonstração
	@test ! -e .venv/.installed || $(BIN)/python -m demo stop

clean: ## apaga os dados da demonstração e o que foi instalado
	@test ! -e .venv/.installed || $(BIN)/python -m demo clean
	@rm -rf .venv .meltano/.installed .meltano/*/*/venv .bench .demo .mypy_cache .pytest_cache .ruff_cache

test: install panel/web/out ## roda todos os testes
	@$(BIN)/python -m pytest $(ARGS)

browser: ## instala o Chromium, com que a página do painel é testada (Debian e Ubuntu, como root)
	@command -v chromium > /dev/null || command -v google-chrome > /dev/null || \
	{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
	  apt-get install -qq -y --no-install-recommends chromium; } > /dev/null 2>&1 || \
	echo "O Chromium não pôde ser instalado: os testes da página serão pulados." >&2

proxies: ## instala o nginx e o Caddy, com que o painel é testado (Debian e Ubuntu, como root)
	@{ test -x /usr/sbin/nginx && command -v caddy > /dev/null; } || \
	{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
	  apt-get install -qq -y --no-install-recommends nginx-light caddy; } > /dev/null 2>&1 || \
	echo "O nginx ou o Caddy não pôde ser instalado: os testes com eles serão pulados." >&2

soak: install ## sorteia dias ruins e confere as tabelas: make soak ARGS="--seeds 5000"
	@$(BIN)/python -m tests.soak $(ARGS)

lint: install panel/web/out ## confere estilo, tipos (também os da página) e dependências
	@$(BIN)/uv pip check --quiet --python $(BIN)/python
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy tap-sienge/tap_sienge simulator/sienge_simulator panel/sienge_panel demo transform benchmarks docker plugins/loaders/target-postgres-sienge/target_postgres_sienge conftest.py tests
	@$(BIN)/sqlfluff lint --quiet transform bi

format: install ## formata o código
	@$(BIN)/ruff check --fix --quiet
	@$(BIN)/ruff format

docs: install ## refaz, a partir do tap e dos modelos, docs/recursos.md, docs/estrela.md e tables.json
	@$(BIN)/python -m tap_sienge.reference > docs/recursos.md
	@$(BIN)/python -m tap_sienge.reference json > panel/sienge_panel/tables.json
	@$(BIN)/python -m transform.diagram > docs/estrela.md

models: install ## refaz os modelos de transform/models/staging a partir do tap
	@$(BIN)/python -m transform.generate

bench: install .bench/.installed ## mede o desempenho e refaz docs/desempenho.md (50 min)
	@$(BIN)/python -m benchmarks $(ARGS)

# --- com Docker: docs/instalacao.md -----------------------------------------------------------

COMPOSE = $$(docker compose version > /dev/null 2>&1 && echo docker compose || echo docker-compose)

env: ## escreve o arquivo .env com senhas sorteadas (DEMO=1: para o Sienge simulado)
	@sh docker/env.sh $(if $(DEMO),demo)

.env:
	@echo "Falta o arquivo .env: rode make env." >&2; exit 1

up: .env ## com Docker: constrói e inicia tudo, ou aplica o que mudou
	@$(COMPOSE) up -d --build

down: .env ## com Docker: para tudo; os dados ficam
	@$(COMPOSE) down

logs: .env ## com Docker: acompanha o que acontece (Ctrl-C sai)
	@$(COMPOSE) logs --follow --tail=200

sync: .env ## com Docker: sincroniza agora
	@$(COMPOSE) exec -T sync sienge sincroniza

backup: .env ## com Docker: grava uma cópia do banco em backups/
	@sh docker/backup.sh $(COMPOSE)

restore: .env ## com Docker: volta o banco a uma cópia: make restore FILE=backups/…
	@sh docker/restore.sh "$(FILE)" $(COMPOSE)

test-docker: install ## constrói as imagens, inicia tudo e testa (é preciso um Docker)
	@$(BIN)/python -m pytest -n 0 -rs tests/docker $(ARGS)

# --- instalação -------------------------------------------------------------------------------

.venv/.uv:
	@python=$$(for name in python3 python3.13 python3.12 python3.11 python3.10; do \
	  "$$name" -c 'import ensurepip, sys, venv; sys.exit(not (3, 10) <= sys.version_info < (3, 14))' \
	    2>/dev/null && echo "$$name" && break; done); \
	if [ -z "$$python" ]; then \
	  echo "É preciso o Python 3.10, 3.11, 3.12 ou 3.13 com o módulo venv (no Debian e no Ubuntu: apt install python3 python3-venv)." >&2; \
	  exit 1; fi; \
	echo "Instalando em .venv e .meltano (só na primeira vez)…" >&2; \
	"$$python" -m venv --clear .venv
	@sed -n '/^uv==/,/[^\\]$$/p' requirements.lock > .venv/uv.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .venv/uv.txt
	@touch $@

.venv/.installed: .venv/.uv requirements.lock tap-sienge/pyproject.toml simulator/pyproject.toml panel/pyproject.toml
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation \
	  -e tap-sienge -e simulator -e panel
	@touch $@

.meltano/.installed: .venv/.installed $(wildcard plugins/*/*)
	@$(BIN)/meltano --log-level=warning install >&2
	@for plugin in $(PLUGINS); do $$plugin --help > /dev/null & done; wait
	@touch $@

# Sem o npm o painel abre sem a página.
panel/web/out: panel/web/package-lock.json $(wildcard panel/web/*.ts panel/web/app/* panel/web/app/*/* panel/web/lib/*)
	@if command -v npm > /dev/null; then cd panel/web && npm ci --silent && \
	  NEXT_TELEMETRY_DISABLED=1 npm run --silent build > /dev/null && touch out; \
	else echo "Para a página do painel, instale o Node.js 20 com o npm." >&2; fi

# --- versões ----------------------------------------------------------------------------------

COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.10 --generate-hashes \
  --no-header --no-annotate --no-emit-index-url $(ARGS)

.bench/.installed: benchmarks/bench.txt
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python .bench/venv
	@$(BIN)/uv pip install --quiet --python .bench/venv --require-hashes -r benchmarks/bench.txt
	@touch $@

lock: .venv/.uv ## refaz os arquivos com as versões fixadas (ARGS=--upgrade para atualizar)
	@$(COMPILE) pyproject.toml tap-sienge/pyproject.toml simulator/pyproject.toml panel/pyproject.toml \
	  --group pyproject.toml:dev --group pyproject.toml:demo -o requirements.lock
	@$(COMPILE) plugins/loaders/target-postgres-sienge/pyproject.toml -o plugins/loaders/target-postgres--sienge.txt
	@$(COMPILE) --group pyproject.toml:bench -o benchmarks/bench.txt
	@$(COMPILE) --group pyproject.toml:transform -o plugins/utilities/dbt--postgres.txt
