# Quatro imagens: `db`, o PostgreSQL com os papéis; `sync`, que sincroniza no horário marcado e mostra o painel;
# `assistente`, o servidor MCP do perfil assistente; e `simulator`, o Sienge de mentira do perfil demo. Tudo é instalado aqui; ao iniciar nada é baixado. Sem sintaxe própria do BuildKit,
# para que também o construtor clássico do Docker sirva.

ARG POSTGRES_VERSION=17

FROM postgres:${POSTGRES_VERSION} AS db
LABEL org.opencontainers.image.title="sienge-db" \
  org.opencontainers.image.description="PostgreSQL com os papéis e esquemas do tap-sienge" \
  org.opencontainers.image.licenses="Apache-2.0"
COPY docker/db /docker
# O usuário do banco lê estes arquivos, qualquer que seja a umask de quem clonou.
RUN chmod -R a+rX /docker

FROM golang:1.26-trixie AS supercronic
# Em cada estágio, os certificados da rede da empresa, se ela inspeciona o HTTPS.
COPY certificados /usr/local/share/ca-certificates/
# O Go confere a soma do módulo e a de cada dependência. `timetzdata` leva os fusos dentro do programa.
RUN update-ca-certificates > /dev/null 2>&1 && CGO_ENABLED=0 go install -trimpath -ldflags='-s -w' -tags timetzdata \
  github.com/aptible/supercronic@v0.2.48

FROM node:22-trixie-slim AS web
WORKDIR /web
ENV NEXT_TELEMETRY_DISABLED=1 NODE_EXTRA_CA_CERTS=/certificados/todos.pem
COPY certificados /certificados
RUN cat /certificados/*.crt > /certificados/todos.pem 2> /dev/null || true
COPY panel/web/package.json panel/web/package-lock.json panel/web/.npmrc ./
RUN npm ci --silent --no-audit --no-fund
COPY panel/web ./
RUN npm run --silent build > /dev/null

FROM python:3.13-slim-trixie AS base
ENV TZ=America/Sao_Paulo PYTHONUNBUFFERED=1
COPY certificados /usr/local/share/ca-certificates/
RUN apt-get update -qq \
 && apt-get install -y -qq --no-install-recommends ca-certificates tzdata > /dev/null \
 && update-ca-certificates > /dev/null 2>&1 \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* \
 && useradd --uid 10001 --home-dir /var/lib/sienge --shell /usr/sbin/nologin sienge

FROM base AS builder
# Com os módulos compilados, cada comando inicia em menos tempo: a imagem é só para leitura.
ENV UV_COMPILE_BYTECODE=1 UV_PYTHON_DOWNLOADS=never UV_NO_CACHE=1 PIP_NO_CACHE_DIR=1 UV_SYSTEM_CERTS=true
WORKDIR /app
COPY requirements.lock pyproject.toml ./
RUN sed -n '/^uv==/,/[^\\]$/p' requirements.lock > /tmp/uv.txt \
 && python3 -m venv /uv \
 && /uv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r /tmp/uv.txt \
 && ln -s /uv/bin/uv /usr/local/bin/uv

FROM builder AS sync-builder
COPY panel/pyproject.toml panel/README.md panel/
RUN uv venv --quiet .venv \
 && uv pip install --quiet --python .venv --constraint requirements.lock -r pyproject.toml \
    -r panel/pyproject.toml
COPY tap-sienge/pyproject.toml tap-sienge/README.md tap-sienge/
COPY tap-sienge/tap_sienge tap-sienge/tap_sienge
COPY panel/sienge_panel panel/sienge_panel
COPY plugins plugins
COPY transform transform
COPY bi/powerbi bi/powerbi
COPY meltano.yml crontab ./
COPY docker/sienge.py /app/sienge
# O uv vem com o Meltano só para instalar; na imagem final seriam 60 MB sem uso. As pastas vazias
# recebem um sistema de arquivos em memória, que mantém estas permissões.
RUN uv pip install --quiet --python .venv --no-deps --build-constraint requirements.lock ./panel \
 && .venv/bin/meltano --log-level=warning install \
 && uv pip uninstall --quiet --python .venv uv \
 && rm -rf .meltano/meltano.db .meltano/run .meltano/logs .meltano/analytics.json \
 && mkdir -p .meltano/run .meltano/logs && chmod 1777 .meltano/run .meltano/logs \
 && chmod -R a+rX . && chmod a+x sienge
COPY docker/env.sh docker/env.sh
COPY .env.example LICENSE NOTICE ./
RUN chmod -R a+rX docker .env.example LICENSE NOTICE

FROM builder AS simulator-builder
COPY simulator/pyproject.toml simulator/README.md simulator/
COPY simulator/sienge_simulator simulator/sienge_simulator
RUN uv venv --quiet .venv \
 && uv pip install --quiet --python .venv --constraint requirements.lock \
    --build-constraint requirements.lock ./simulator \
 && chmod -R a+rX .

FROM base AS simulator
LABEL org.opencontainers.image.title="sienge-simulator" \
  org.opencontainers.image.description="Simulador da API do Sienge, para experimentar sem uma conta" \
  org.opencontainers.image.licenses="Apache-2.0"
ENV PATH=/app/.venv/bin:$PATH
COPY --from=simulator-builder /app/.venv /app/.venv
USER sienge
EXPOSE 8000
HEALTHCHECK --interval=10s --start-period=30s CMD ["python3", "-c", \
  "from urllib.request import ProxyHandler as P, build_opener as b; b(P({})).open('http://127.0.0.1:8000/_admin/health', timeout=5)"]
ENTRYPOINT ["sienge-simulator", "--host", "0.0.0.0"]

FROM builder AS assistente-builder
COPY assistente/pyproject.toml assistente/README.md assistente/
COPY assistente/sienge_mcp assistente/sienge_mcp
RUN uv venv --quiet .venv \
 && uv pip install --quiet --python .venv --constraint requirements.lock \
    --build-constraint requirements.lock ./assistente \
 && chmod -R a+rX .

FROM base AS assistente
LABEL org.opencontainers.image.title="sienge-mcp" \
  org.opencontainers.image.description="Servidor MCP que só lê os dados copiados do Sienge" \
  org.opencontainers.image.licenses="Apache-2.0"
ENV PATH=/app/.venv/bin:$PATH \
  ASSISTENTE_FICHAS=/var/lib/sienge-mcp/fichas.json \
  ASSISTENTE_REGISTRO=/var/lib/sienge-mcp/chamadas.jsonl
# O volume novo recebe o dono desta pasta.
RUN install -d -m 0700 -o sienge -g sienge /var/lib/sienge-mcp
COPY --from=assistente-builder /app/.venv /app/.venv
VOLUME /var/lib/sienge-mcp
USER sienge
EXPOSE 8765
ENTRYPOINT ["sienge-mcp"]
CMD ["http"]

FROM base AS sync
LABEL org.opencontainers.image.title="tap-sienge" \
  org.opencontainers.image.description="Copia os dados do Sienge para um PostgreSQL, todo dia" \
  org.opencontainers.image.licenses="Apache-2.0"
ENV PATH=/app:/app/.venv/bin:$PATH \
  MELTANO_AUTO_INSTALL=false \
  MELTANO_CLI_LOG_FORMAT=uncolored NO_COLOR=1 \
  PYTHONWARNINGS=ignore::ResourceWarning \
  SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt \
  TAP_SIENGE_QUOTA_DB=/var/lib/sienge/quota.db \
  DBT_TARGET_PATH=/var/lib/sienge/dbt \
  PANEL_WEB=/app/web \
  PANEL_LOGS=/var/lib/sienge/painel \
  PANEL_LOCK=/var/lib/sienge/lock \
  PANEL_LAST=/var/lib/sienge/ultima.json \
  PANEL_DOCS=/var/lib/sienge/dbt/static_index.html
WORKDIR /app
# O volume novo recebe o dono da pasta.
RUN install -d -o sienge -g sienge /var/lib/sienge \
 && install -d -m 0700 -o sienge -g sienge /var/lib/sienge-mcp
COPY --from=supercronic /go/bin/supercronic /usr/local/bin/
COPY --from=sync-builder /app /app
COPY --from=web /web/out /app/web
VOLUME /var/lib/sienge
USER sienge
HEALTHCHECK --interval=60s --timeout=20s --start-period=30s CMD ["sienge", "saude"]
ENTRYPOINT ["sienge"]
CMD ["agenda"]
