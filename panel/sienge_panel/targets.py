"""The forms by which an address for alerts is told, and what Apprise makes of each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from apprise import Apprise, NotifyBase

from sienge_panel.problem import ProblemError
from sienge_panel.sending import private

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

MAIL = re.compile(r"[^\s@,;:/<>]+@[^\s@,;:/<>]+\.[^\s@,;:/<>]+")
HOST = re.compile(r"[\w.-]+|\[?[\da-fA-F:.]+\]?")
PHONE = re.compile(r"\d{8,15}")
LOCAL = {"dbus", "qt", "glib", "gnome", "macosx", "windows", "syslog", "blink1"}
"""What Apprise can do on this machine itself."""

PLACES = ("host", "url")
"""The fields that say where an alert goes."""

Given = dict[str, str]


class FieldError(ProblemError):
    """What is wrong with one field."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class Field:
    """What a person fills in."""

    name: str
    title: str
    hint: str = ""
    kind: Literal["text", "password", "number"] = "text"
    required: bool = True
    options: tuple[tuple[str, str], ...] = ()
    default: str = ""


@dataclass(frozen=True)
class Form:
    """A way to be told."""

    title: str
    fields: tuple[Field, ...]
    address: Callable[[Given], str]


def part(text: str) -> str:
    """Write a text so that it is one part of an address."""
    return quote(text, safe="")


def checked(given: Given, field: str, pattern: re.Pattern[str], expected: str) -> str:
    """Give a field.

    Raises:
        FieldError: It does not look like what is expected.
    """
    if not pattern.fullmatch(given[field]):
        raise FieldError(field, f"Esperado {expected}.")
    return given[field]


def web(given: Given, *hosts: str) -> str:
    """Give a web address, of one of these hosts if any are named.

    Raises:
        FieldError: It is none.
    """
    url = given["url"]
    try:
        place = urlsplit(url)
        host, _ = place.hostname or "", place.port
    except ValueError:
        host = ""
    if not host or not url.lower().startswith(("https://", "http://")):
        raise FieldError("url", "Esperado um endereço que comece com https://.")
    if hosts and not any(host == known or host.endswith(f".{known}") for known in hosts):
        raise FieldError("url", f"Esperado um endereço de {' ou '.join(hosts)}.")
    return url


def mail(given: Given) -> str:
    """Make the address for e-mails."""
    targets = [text for text in re.split(r"[\s,;]+", given["to"]) if text]
    for field, texts in (("to", targets), ("sender", [given["sender"]])):
        if wrong := [text for text in texts if text and not MAIL.fullmatch(text)]:
            raise FieldError(field, f"{wrong[0]} não é um endereço de e-mail.")
    host = checked(given, "host", HOST, "o nome do servidor, como smtp.empresa.com.br")
    port = checked(given, "port", re.compile(r"\d{1,5}"), "um número, como 587")
    sender = given["sender"] or given["user"]
    if not MAIL.fullmatch(sender):
        raise FieldError("sender", "Diga de que endereço a mensagem vem.")
    login = f"{part(given['user'])}:{part(given['password'])}@" if given["user"] else ""
    mode = given["security"]
    query = {"smtp": host, "from": sender, "to": ",".join(targets), "mode": mode}
    scheme = "mailto" if mode == "insecure" else "mailtos"
    return f"{scheme}://{login}{host}:{port}/?{urlencode(query)}"


def webhook(given: Given) -> str:
    """Make the address that receives JSON."""
    place = urlsplit(web(given))
    token = given["token"]
    # In Apprise's form, - begins what goes in the address and + what goes in a header.
    parameters = [f"-{part(name)}={part(value)}" for name, value in parse_qsl(place.query)]
    parameters += [f"+Authorization={part(f'Bearer {token}')}"] if token else []
    query = "&".join(parameters)
    scheme = "jsons" if place.scheme.lower() == "https" else "json"
    return f"{scheme}://{place.netloc}{place.path}" + (f"?{query}" if query else "")


def telegram(given: Given) -> str:
    """Make the address of a conversation with a bot."""
    token = checked(given, "token", re.compile(r"\d+:[\w-]+"), "o que o BotFather deu, como 1:ab")
    return f"tgram://{token}/{part(given['chat'])}"


def evolution(given: Given) -> str:
    """Make the address of a gateway of one's own."""
    place = urlsplit(web(given))
    scheme = "evolutions" if place.scheme.lower() == "https" else "evolution"
    return (
        f"{scheme}://{part(given['key'])}@{place.netloc}/{part(given['instance'])}/{_phone(given)}"
    )


def _phone(given: Given) -> str:
    return checked(given, "phone", PHONE, "só números, com o do país, como 5511999999999")


URL = "Endereço"
PHONE_FIELD = Field("phone", "Número de quem recebe", "Com o do país, como 5511999999999.")
SECURITY = (("starttls", "STARTTLS"), ("ssl", "SSL/TLS"), ("insecure", "Nenhuma"))
FORMS = {
    "email": Form(
        "E-mail",
        (
            Field("to", "Para", "Um ou mais endereços, separados por vírgulas."),
            Field("host", "Servidor SMTP", "Como smtp.empresa.com.br."),
            Field("port", "Porta", kind="number", default="587"),
            Field("security", "Segurança", options=SECURITY),
            Field("user", "Usuário", required=False),
            Field("password", "Senha", kind="password", required=False),
            Field("sender", "De", "Em branco, é o usuário.", required=False),
        ),
        mail,
    ),
    "teams": Form(
        "Microsoft Teams",
        (
            Field(
                "url", URL, "Do fluxo “Quando uma solicitação de webhook do Teams é recebida”.",
                "password",
            ),
        ),
        lambda given: web(given, "logic.azure.com", "powerplatform.com"),
    ),
    "slack": Form(
        "Slack",
        (
            Field(
                "url", URL, "Do Incoming Webhook, como https://hooks.slack.com/services/….",
                "password",
            ),
        ),
        lambda given: web(given, "hooks.slack.com"),
    ),
    "telegram": Form(
        "Telegram",
        (
            Field("token", "Token do bot", "O BotFather o dá.", "password"),
            Field("chat", "Conversa", "O número da conversa ou o @nome do canal."),
        ),
        telegram,
    ),
    "evolution": Form(
        "WhatsApp (Evolution API)",
        (
            Field("url", "Endereço da Evolution API", "Como https://evolution.empresa.com.br."),
            Field("instance", "Instância"),
            Field("key", "Chave (apikey)", kind="password"),
            PHONE_FIELD,
        ),
        evolution,
    ),
    "whapi": Form(
        "WhatsApp (Whapi.Cloud)",
        (Field("token", "Token do canal", kind="password"), PHONE_FIELD),
        lambda given: f"whapi://{part(given['token'])}/{_phone(given)}",
    ),
    "whatsapp": Form(
        "WhatsApp (Meta)",
        (
            Field("token", "Token de acesso", kind="password"),
            Field("source", "Identificação do número que envia"),
            PHONE_FIELD,
        ),
        lambda given: f"whatsapp://{part(given['token'])}@{part(given['source'])}/{_phone(given)}",
    ),
    "webhook": Form(
        "Webhook",
        (
            Field("url", URL, "Recebe um POST em JSON: title, message e type."),
            Field("token", "Token (opcional)", "Vai em Authorization: Bearer.", "password", False),
        ),
        webhook,
    ),
    "other": Form(
        "Avançado: outro endereço do Apprise",
        (Field("url", URL, "Como discord://webhook/token.", "password"),),
        lambda given: given["url"],
    ),
}  # fmt: skip


def address(kind: str, fields: Mapping[str, str], allowed: Sequence[str]) -> str:
    """Make an address in Apprise's form of what was filled in.

    Raises:
        FieldError: Something is missing or wrong, or alerts may not go there.
    """
    if kind not in FORMS:
        raise ProblemError("O painel não conhece esta forma de avisar: recarregue a página.")
    form = FORMS[kind]
    given = {field.name: fields.get(field.name, field.default).strip() for field in form.fields}
    for field in form.fields:
        if field.required and not given[field.name]:
            if not field.options:
                raise FieldError(field.name, "Falta preencher.")
            given[field.name] = field.options[0][0]
        if field.options and given[field.name] not in dict(field.options):
            raise FieldError(field.name, "Escolha um dos que estão na lista.")
    url = form.address(given)
    place = next((name for name in PLACES if name in given), form.fields[0].name)
    service = Apprise.instantiate(url)
    if not isinstance(service, NotifyBase) or urlsplit(url).scheme.lower() in LOCAL:
        raise FieldError(place, "O Apprise não entende este endereço: confira-o.")
    if host := private(service, allowed):
        raise FieldError(
            place,
            f"{host} é da rede interna, aonde os alertas não vão; se for de confiança, ponha o IP "
            "dele em PANEL_ALERTS_PRIVATE, no .env, e reinicie o painel.",
        )
    return url
