@echo off
rem Os comandos do dia a dia no Windows, sem WSL nem Git Bash, no cmd e no PowerShell: docs/instalacao.md.
rem Fazem o mesmo que os do Makefile. Sem acentos, que nem todo cmd mostra.
setlocal
cd /d "%~dp0"
set IMAGENS=
set VERSAO=local

for %%c in (env up down logs sync backup restore) do if "%~1"=="%%c" goto %%c
echo   sienge env [demo]       escreve o arquivo .env com senhas sorteadas (demo: para o Sienge simulado)
echo   sienge up               inicia tudo, ou aplica o que mudou
echo   sienge down             para tudo; os dados ficam
echo   sienge logs             acompanha o que acontece (Ctrl-C sai)
echo   sienge sync             sincroniza agora
echo   sienge backup           grava o banco em backups\
echo   sienge restore ARQUIVO  volta o banco ao que estava em backups\...
if "%~1"=="" exit /b 0
exit /b 2

:env
if exist .env (
  echo O arquivo .env foi mantido como estava.
  exit /b 0
)
if exist Dockerfile docker build --quiet --target sync --tag tap-sienge:local .
if errorlevel 1 exit /b 1
docker run --rm %IMAGENS%tap-sienge:%VERSAO% ambiente %~2 > .env.part
if errorlevel 1 goto failed
move /y .env.part .env > nul
icacls .env /inheritance:r /grant:r "%USERNAME%:F" > nul 2>&1
echo Arquivo .env escrito, com senhas sorteadas: guarde um segundo exemplar dele em lugar seguro.
echo Agora rode sienge up e abra o painel em http://127.0.0.1:3000, com a senha que mostra:
echo   findstr PANEL_PASSWORD .env
exit /b 0

:failed
del .env.part
exit /b 1

:up
if not exist .env goto missing
if exist Dockerfile docker compose build --quiet
if errorlevel 1 exit /b 1
docker compose run --rm --no-deps -T --entrypoint bash db /docker/senhas.sh
if errorlevel 1 exit /b 1
docker compose run --rm --no-deps -T panel sienge-panel confere
if errorlevel 1 exit /b 1
docker compose up -d
exit /b %errorlevel%

:down
if not exist .env goto missing
docker compose down
exit /b %errorlevel%

:logs
if not exist .env goto missing
docker compose logs --follow --tail=200
exit /b %errorlevel%

:sync
if not exist .env goto missing
docker compose exec -T sync sienge sincroniza
exit /b %errorlevel%

:backup
if not exist .env goto missing
if not exist backups mkdir backups
for /f %%d in ('docker compose exec -T db date +%%Y-%%m-%%d-%%H%%M%%S') do set NOW=%%d
if "%NOW%"=="" exit /b 1
set FILE=backups\sienge-%NOW%.dump
docker compose exec -T db bash /docker/copia.sh > %FILE%.part
if errorlevel 1 (
  del %FILE%.part
  exit /b 1
)
move /y %FILE%.part %FILE% > nul
echo Banco gravado em %FILE%
exit /b 0

:restore
if not exist .env goto missing
if not exist "%~2" (
  echo Diga o arquivo: sienge restore backups\sienge-....dump
  exit /b 1
)
docker compose stop sync panel
docker compose exec -T db bash /docker/restaura.sh < "%~2"
set RESULT=%errorlevel%
docker compose start sync panel
exit /b %RESULT%

:missing
echo Falta o arquivo .env: rode sienge env.
exit /b 1
