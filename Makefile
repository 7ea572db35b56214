# Toda a interface do repositório: `make help`. Só caminhos relativos, para que o projeto funcione
# em qualquer pasta, inclusive com espaços no nome.
.DEFAULT_GOAL := help
.PHONY: help install demo build panel assistente sql stop clean test browser proxies soak controller lint format docs powerbi models bench lighthouse lock tenants freshness night \
  env up down logs sync backup restore test-airflow test-docker test-fresh test-windows packages release site compose hub

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

assistente: install ## abre o servidor MCP sobre o banco da demonstração, depois de make build (Ctrl-C termina)
	@$(BIN)/python -m demo assistente

build: install ## faz os modelos (schemas staging e marts) com o que a demonstração leu
	@$(BIN)/python -m demo build

sql: install ## consulta o banco da demonstração: make sql Q="select …"
	@$(BIN)/python -m demo sql "$$Q"

stop: ## para o PostgreSQL da demonstração
	@test ! -e .venv/.installed || $(BIN)/python -m demo stop

clean: ## apaga os dados da demonstração e o que foi instalado
	@test ! -e .venv/.installed || $(BIN)/python -m demo clean
	@rm -rf .venv .python .meltano/.installed .meltano/*/*/venv .meltano/node benchmarks/lighthouse/node_modules .lint .tools .bench .airflow dist site .demo .mypy_cache .pytest_cache .ruff_cache

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

controller: install ## confere os modelos com 25 contas feitas à parte: ARGS="--seeds 10" ou ARGS="--mutations"
	@$(BIN)/python -m tests.controller $(ARGS)

lint: install panel/web/out ## confere estilo, tipos (também os da página) e dependências
	@$(BIN)/uv pip check --quiet --python $(BIN)/python
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy tap-sienge/tap_sienge simulator/sienge_simulator panel/sienge_panel assistente/sienge_mcp demo transform benchmarks deploy docker scripts plugins/loaders/target-postgres-sienge/target_postgres_sienge bi conftest.py testing tests
	@$(BIN)/sqlfluff lint --quiet transform bi
	@if $(MAKE) --silent .lint/actionlint 2> /dev/null; then .lint/actionlint -shellcheck= -pyflakes=; \
	else echo "Sem o Go e a rede, .github/workflows não foi conferido." >&2; fi

.lint/actionlint:
	@GOBIN="$(CURDIR)/.lint" go install github.com/rhysd/actionlint/cmd/actionlint@v1.7.12

format: install ## formata o código
	@$(BIN)/ruff check --fix --quiet
	@$(BIN)/ruff format

docs: install ## refaz, a partir do tap e dos modelos, docs/recursos.md, docs/estrela.md, tables.json, columns.json, openapi.json e as exposures
	@$(BIN)/python -m tap_sienge.reference > docs/recursos.md
	@$(BIN)/python -m tap_sienge.reference json > panel/sienge_panel/tables.json
	@$(BIN)/python -m tap_sienge.reference columns > panel/sienge_panel/columns.json
	@cp tap-sienge/tap_sienge/plans.json panel/sienge_panel/
	@$(BIN)/python -m sienge_panel.interface > panel/web/openapi.json
	@$(BIN)/python scripts/counts.py
	@$(BIN)/python scripts/presets.py
	@$(BIN)/python -m transform.exposures
	@$(BIN)/python -m transform.diagram > docs/estrela.md
	@$(BIN)/python -m scripts.assistant

powerbi: install ## refaz bi/powerbi e o ZIP em dist/ (SERVIDOR=endereço:porta BANCO=nome)
	@SERVIDOR="$(SERVIDOR)" BANCO="$(BANCO)" $(BIN)/python -m bi.project

models: install ## refaz os modelos de transform/models/staging a partir do tap
	@$(BIN)/python -m transform.generate

bench: install .bench/.installed ## mede o desempenho e refaz docs/desempenho.md (50 min)
	@$(BIN)/python -m benchmarks $(ARGS)

lighthouse: install panel/web/out benchmarks/lighthouse/node_modules ## mede com o Lighthouse cada página do painel (é preciso o Chromium: make browser)
	@. panel/web/node.sh && $(BIN)/python -m benchmarks.lighthouse $(ARGS)

# --- muitas empresas: docs/escala.md ----------------------------------------------------------

tenants: install ## cria banco, papéis e segredos de cada empresa: make tenants FILE=empresas.yaml
	@$(BIN)/python -m deploy cria "$(FILE)" $(ARGS)

freshness: install ## mostra como estão os dados de cada empresa: make freshness FILE=empresas.yaml
	@$(BIN)/python -m deploy situacao "$(FILE)" $(ARGS)

night: install ## ensaia e calcula a noite de 500 empresas e refaz a sua parte de docs/escala.md
	@$(BIN)/python -m benchmarks.night

# --- para publicar ----------------------------------------------------------------------------

PACKAGES := tap-sienge simulator panel assistente plugins/loaders/target-postgres-sienge

packages: .venv/.uv .tools/.installed panel/web/out ## constrói os pacotes em dist/ e os confere
	@rm -rf dist panel/sienge_panel/web
	@cp -r panel/web/out panel/sienge_panel/web
	@trap 'rm -rf panel/sienge_panel/web' EXIT; for package in $(PACKAGES); do \
	  $(BIN)/uv build --quiet --build-constraint requirements.lock --out-dir dist "$$package" || exit 1; done
	@.tools/bin/twine check --strict dist/*.whl dist/*.tar.gz

site: .tools/.installed ## constrói o site da documentação em site/ e confere os links
	@$(BIN)/python scripts/site.py
	@NO_MKDOCS_2_WARNING=1 .tools/bin/mkdocs build --strict

# As imagens publicadas: make compose IMAGES=registro/dono/ VERSION=0.2.0
compose: ## escreve em dist/ o compose.yml e o sienge.cmd de quem não clona
	@mkdir -p dist
	@sed -e '/^    build:/d' -e 's|$${SIENGE_IMAGES:-}|$${SIENGE_IMAGES:-$(IMAGES)}|' \
	  -e 's|$${SIENGE_VERSION:-local}|$${SIENGE_VERSION:-$(or $(VERSION),local)}|' docker-compose.yml > dist/compose.yml
	@sed -e 's|^set IMAGENS=.*|set IMAGENS=$(IMAGES)|' -e 's|^set VERSAO=.*|set VERSAO=$(or $(VERSION),local)|' \
	  -e 's/\r*$$/\r/' sienge.cmd > dist/sienge.cmd

hub: install ## escreve em dist/hub as definições para o Meltano Hub: make hub REPO=https://github.com/dono/nome
	@$(BIN)/python scripts/hub.py "$(REPO)"

release: ## mostra o que uma versão nova muda: make release VERSION=0.2.0 (DO=1 faz o commit e a tag)
	@python3 scripts/release.py "$(VERSION)" $(DO)

.airflow/.installed: .venv/.uv deploy/airflow/airflow.txt
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python .airflow
	@$(BIN)/uv pip install --quiet --python .airflow --require-hashes -r deploy/airflow/airflow.txt
	@touch $@

.tools/.installed: .venv/.uv scripts/tools.txt
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python .tools
	@$(BIN)/uv pip install --quiet --python .tools --require-hashes -r scripts/tools.txt
	@touch $@

# --- com Docker: docs/instalacao.md -----------------------------------------------------------

COMPOSE = $$(docker compose version > /dev/null 2>&1 && echo docker compose || echo docker-compose)

env: ## escreve o arquivo .env com senhas sorteadas (DEMO=1: para o Sienge simulado)
	@sh docker/env.sh $(if $(DEMO),demo)

.env:
	@echo "Falta o arquivo .env: rode make env." >&2; exit 1

up: .env ## com Docker: constrói e inicia tudo, ou aplica o que mudou
	@sh docker/up.sh $(COMPOSE)

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

test-airflow: install .airflow/.installed ## instala um Airflow de verdade e testa deploy/airflow com ele
	@$(BIN)/python -m pytest -n 0 -rs tests/airflow $(ARGS)

test-docker: install ## constrói as imagens, inicia tudo e testa (é preciso um Docker)
	@$(BIN)/python -m pytest -n 0 -rs tests/docker $(ARGS)

test-fresh: .venv/.uv ## instala e usa tudo em máquinas novas, com debootstrap (como root): ARGS="trixie forky"
	@bash tests/fresh/run.sh $(ARGS)

test-windows: ## roda sienge.cmd no cmd do Wine (Debian e Ubuntu, como root)
	@bash tests/windows/run.sh

# --- instalação -------------------------------------------------------------------------------

.venv/.uv:
	@sh scripts/venv.sh
	@touch $@

.venv/.installed: .venv/.uv requirements.lock tap-sienge/pyproject.toml simulator/pyproject.toml panel/pyproject.toml assistente/pyproject.toml
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation \
	  -e tap-sienge -e simulator -e panel -e assistente
	@touch $@

.meltano/.installed: .venv/.installed $(wildcard plugins/*/*)
	@$(BIN)/meltano --log-level=warning install >&2
	@for plugin in $(PLUGINS); do $$plugin --help > /dev/null & done; wait
	@touch $@

panel/web/out: panel/web/package-lock.json $(wildcard panel/web/*.ts panel/web/openapi.json panel/web/app/* panel/web/app/*/* panel/web/lib/*) | .venv/.uv
	@sh panel/web/build.sh

benchmarks/lighthouse/node_modules: benchmarks/lighthouse/package-lock.json | .venv/.uv
	@. panel/web/node.sh && npm --prefix benchmarks/lighthouse ci --silent
	@touch $@

# --- versões ----------------------------------------------------------------------------------

COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.10 --generate-hashes \
  --no-header --no-annotate --no-emit-index-url $(ARGS)

.bench/.installed: benchmarks/bench.txt
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python .bench/venv
	@$(BIN)/uv pip install --quiet --python .bench/venv --require-hashes -r benchmarks/bench.txt
	@touch $@

lock: .venv/.uv ## refaz os arquivos com as versões fixadas (ARGS=--upgrade para atualizar)
	@$(COMPILE) pyproject.toml tap-sienge/pyproject.toml simulator/pyproject.toml panel/pyproject.toml assistente/pyproject.toml \
	  --group pyproject.toml:dev --group pyproject.toml:demo -o requirements.lock
	@$(COMPILE) plugins/loaders/target-postgres-sienge/pyproject.toml -o plugins/loaders/target-postgres--sienge.txt
	@$(COMPILE) --group pyproject.toml:node -o panel/web/node.txt
	@$(COMPILE) --group pyproject.toml:tools -o scripts/tools.txt
	@$(COMPILE) --group pyproject.toml:bench -o benchmarks/bench.txt
	@$(COMPILE) --group pyproject.toml:airflow -o deploy/airflow/airflow.txt
	@$(COMPILE) --group pyproject.toml:transform -o plugins/utilities/dbt--postgres.txt
