"""What is said of each code by which a run can have failed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import Literal

    from sienge_panel.run_answers import Action


class Known(NamedTuple):
    """What is said of a code."""

    tone: Literal["warn", "bad"]
    title: str
    sentence: str
    action: Action


KNOWN = {
    "password": Known(
        "bad",
        "O Sienge recusou o usuário ou a senha",
        "O Sienge recusou o usuário ou a senha de API (401): confira-os, e lembre que é um usuário "
        "de API, não o login de uma pessoa. A senha também pode ter expirado (marque «Nunca "
        "expira» ao criá-la no Sienge) ou o usuário de API pode estar desativado.",
        "credentials",
    ),
    "network": Known(
        "bad",
        "Sem conexão com o Sienge",
        "Este servidor não conseguiu falar com o Sienge: confira a internet, o proxy e os "
        "certificados da rede, teste a conexão e sincronize de novo.",
        "test",
    ),
    "settings": Known(
        "bad",
        "Uma configuração precisa ser corrigida",
        "Uma configuração não foi aceita: corrija-a nas credenciais e sincronize de novo.",
        "credentials",
    ),
    "subdomain": Known(
        "bad",
        "O Sienge não conhece este subdomínio",
        "O Sienge não achou nenhum dos recursos (404): confira o Subdomínio, que é o nome antes de "
        ".sienge.com.br.",
        "credentials",
    ),
    "permission": Known(
        "bad",
        "O usuário de API não pode ler nada",
        "O usuário de API não tem permissão para nenhuma das tabelas escolhidas: libere os "
        "recursos no Sienge e confira de novo.",
        "permissions",
    ),
    "maintenance": Known(
        "bad",
        "O Sienge estava em manutenção",
        "O Sienge respondeu que está em manutenção (503), o que é comum de madrugada: sincronize "
        "de novo mais tarde; se acontece sempre, escolha outro horário.",
        "sync",
    ),
    "down": Known(
        "bad",
        "O Sienge estava fora do ar",
        "O Sienge respondeu com erro a todas as consultas: deve estar fora do ar. Tente de novo "
        "daqui a alguns minutos.",
        "sync",
    ),
    "quota": Known(
        "warn",
        "A cota de hoje acabou: a leitura continua amanhã",
        "As requisições do dia acabaram: o que falta é lido amanhã, a partir de onde parou. Se "
        "acontece sempre, leia menos tabelas ou menos vezes por dia.",
        "schedule",
    ),
    "busy": Known(
        "warn",
        "Outra sincronização estava em andamento",
        "Outra sincronização deste Sienge estava lendo as mesmas tabelas: espere que termine e "
        "sincronize de novo.",
        "sync",
    ),
    "disk": Known(
        "bad",
        "O disco está cheio",
        "Não há espaço no disco do banco ou do servidor: libere espaço (docs/operacao.md diz como) "
        "e sincronize de novo; o que falta é lido de onde parou.",
        "log",
    ),
    "database": Known(
        "bad",
        "O banco de dados não aceitou a conexão",
        "O Sienge respondeu, mas o banco de dados recusou a conexão ou a deixou cair: confira se o "
        "PostgreSQL está no ar e se a senha dele está certa, e sincronize de novo.",
        "log",
    ),
    "missing": Known(
        "bad",
        "Falta uma tabela no banco de dados",
        "Uma tabela, coluna ou esquema sumiu do banco de dados: se alguém o apagou de propósito, "
        "sincronize de novo para refazê-lo; se não, restaure a cópia de segurança.",
        "sync",
    ),
    "loader": Known(
        "bad",
        "A gravação no banco de dados falhou",
        "O Sienge foi lido, mas o banco de dados não aceitou as linhas: o registro diz a tabela e "
        "o motivo. Nada do que já estava gravado se perdeu.",
        "log",
    ),
    "tables": Known("bad", "", "", "tables"),
    "incomplete": Known("warn", "", "", "tables"),
    "models": Known(
        "bad",
        "Nem todos os modelos para o Power BI foram feitos",
        "As tabelas do Sienge foram lidas, mas nem todos os modelos para o Power BI foram feitos: "
        "o registro diz o motivo.",
        "log",
    ),
    "lost": Known(
        "bad",
        "A última sincronização foi interrompida",
        "A execução parou sem chegar ao fim, como quando o servidor desliga ou falta memória: "
        "sincronize de novo, e ela continua de onde parou.",
        "sync",
    ),
    "cancelled": Known(
        "warn",
        "A última sincronização foi cancelada",
        "Alguém cancelou a execução: o que já tinha sido lido está salvo, e a próxima continua de "
        "onde ela parou.",
        "sync",
    ),
    "forbidden": Known("warn", "", "", "permissions"),
    "failed": Known(
        "bad",
        "A última sincronização não chegou ao fim",
        "A execução terminou com um erro que o painel não conhece: o registro diz mais.",
        "log",
    ),
}
