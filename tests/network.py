"""What stands between the tap and the internet in a company: its own certificates, its proxy."""

from __future__ import annotations

import asyncio
import base64
import ssl
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta, timezone
from ipaddress import ip_address
from threading import Thread
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

if TYPE_CHECKING:
    from asyncio import StreamReader, StreamWriter
    from collections.abc import Iterator
    from pathlib import Path

HERE = "127.0.0.1"


class Authority:
    """Signs certificates; ``path`` is the file by which others trust it."""

    def __init__(self, folder: Path, name: str, issuer: Authority | None = None) -> None:
        self.folder, self.name, self.issuer = folder, name, issuer
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.certificate = (issuer or self).sign(name, self.key, authority=True)
        self.pem = self.certificate.public_bytes(Encoding.PEM)
        self.path = folder / f"{name}.pem"
        self.path.write_bytes(self.pem)

    def sign(
        self, name: str, key: ec.EllipticCurvePrivateKey, *, authority: bool = False, days: int = 30
    ) -> x509.Certificate:
        """Certify a name or address for ``days`` from yesterday on."""
        subject, start = _named(name), datetime.now(timezone.utc) - timedelta(1)
        built = (
            x509.CertificateBuilder(_named(self.name), subject, key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(start)
            .not_valid_after(start + timedelta(days))
            .add_extension(x509.BasicConstraints(authority, None), critical=True)
        )
        if not authority:
            alternative: x509.GeneralName = x509.DNSName(name)
            with suppress(ValueError):
                alternative = x509.IPAddress(ip_address(name))
            built = built.add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
        return built.sign(self.key, SHA256())

    def server(self, name: str = HERE, *, days: int = 30) -> ssl.SSLContext:
        """Give what a server needs to be ``name``."""
        key = ec.generate_private_key(ec.SECP256R1())
        parts = [
            self.sign(name, key, days=days).public_bytes(Encoding.PEM),
            self.pem if self.issuer else b"",
            key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        ]
        path = self.folder / f"{self.name}-{name}.server.pem"
        path.write_bytes(b"".join(parts))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])


class Relay:
    """Passes on what comes, unlocked if it is TLS's server; or, as a proxy, to where it is asked.

    ``asked`` are the places that a proxy was asked for.
    """

    def __init__(
        self, target: str = "", tls: ssl.SSLContext | None = None, user: str = "", said: str = ""
    ) -> None:
        self.target, self.tls, self.said = target, tls, said
        self.token = base64.b64encode(user.encode()).decode() if user else ""
        self.asked: list[str] = []
        self.port = 0

    async def open(self) -> asyncio.Server:
        server = await asyncio.start_server(self._serve, HERE, 0, ssl=self.tls)
        self.port = server.sockets[0].getsockname()[1]
        return server

    async def _serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            target = self.target or await self._asked(reader, writer)
            if target:
                host, port = target.rsplit(":", 1)
                answers, questions = await asyncio.open_connection(host, int(port))
                await asyncio.gather(_pump(reader, questions), _pump(answers, writer))
        writer.close()

    async def _asked(self, reader: StreamReader, writer: StreamWriter) -> str:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.asked.append(head.split(" ")[1])
        allowed = not self.token or f"Basic {self.token}" in head
        said = self.said or ("200 OK" if allowed else "407 Proxy Authentication Required")
        writer.write(f"HTTP/1.1 {said}\r\n\r\n".encode())
        await writer.drain()
        return self.asked[-1] if said == "200 OK" else ""


async def _pump(reader: StreamReader, writer: StreamWriter) -> None:
    with suppress(OSError):
        while block := await reader.read(65536):
            writer.write(block)
            await writer.drain()
    writer.close()


@contextmanager
def running(relay: Relay) -> Iterator[Relay]:
    """Let a relay work in a thread of its own."""
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(relay.open())
    thread = Thread(target=loop.run_forever)
    thread.start()
    try:
        yield relay
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        server.close()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()
