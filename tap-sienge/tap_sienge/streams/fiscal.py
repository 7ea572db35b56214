"""Electronic invoices (NF-e) and their taxes."""

from __future__ import annotations

from typing import ClassVar

from tap_sienge.children import SiengeChildStream
from tap_sienge.partitions import Period
from tap_sienge.stream import SiengeStream


class Nfes(SiengeStream):
    """Electronic invoices, by issue date."""

    name = "nfes"
    path = "/v1/nfes"
    record_path = "/v1/nfes/{nfeKey}"
    primary_keys = ("chave_acesso_nota",)
    period = Period("startDate", "endDate")


class NfesIssuersRecipients(SiengeChildStream):
    """Issuer and recipient of invoices."""

    name = "nfes_issuers_recipients"
    path = "/v1/nfes/{nfeKey}/issuers-recipients"
    parent_stream_type = Nfes
    parent_keys: ClassVar = {"nfeKey": "chave_acesso_nota"}
    primary_keys = ("nfe_key",)
    paged = False


class NfesDeliveries(SiengeChildStream):
    """Where goods are delivered and fetched."""

    name = "nfes_deliveries"
    path = "/v1/nfes/{nfeKey}/deliveries"
    parent_stream_type = Nfes
    parent_keys: ClassVar = {"nfeKey": "chave_acesso_nota"}
    primary_keys = ("nfe_key",)
    paged = False


class NfesIcms(SiengeChildStream):
    """Totals and ICMS of invoices."""

    name = "nfes_icms"
    path = "/v1/nfes/{nfeKey}/icms"
    parent_stream_type = Nfes
    parent_keys: ClassVar = {"nfeKey": "chave_acesso_nota"}
    primary_keys = ("nfe_key",)
    paged = False


class NfesCarriers(SiengeChildStream):
    """Carriers of invoices."""

    name = "nfes_carriers"
    path = "/v1/nfes/{nfeKey}/carriers"
    parent_stream_type = Nfes
    parent_keys: ClassVar = {"nfeKey": "chave_acesso_nota"}
    primary_keys = ("nfe_key",)
    paged = False


class NfesIssqn(SiengeChildStream):
    """Totals of services of invoices."""

    name = "nfes_issqn"
    path = "/v1/nfes/{nfeKey}/issqn"
    parent_stream_type = Nfes
    parent_keys: ClassVar = {"nfeKey": "chave_acesso_nota"}
    primary_keys = ("nfe_key",)
    paged = False


class NfesPayments(SiengeChildStream):
    """Payments of invoices."""

    name = "nfes_payments"
    path = "/v1/nfes/{nfeKey}/payments"
    parent_stream_type = Nfes
    parent_keys: ClassVar = {"nfeKey": "chave_acesso_nota"}
    content_key = ()


class NfesLinkedNfes(SiengeChildStream):
    """Invoices that invoices refer to."""

    name = "nfes_linked_nfes"
    path = "/v1/nfes/{nfeKey}/linked-nfes"
    parent_stream_type = Nfes
    parent_keys: ClassVar = {"nfeKey": "chave_acesso_nota"}
    content_key = ()


class NfesItens(SiengeChildStream):
    """Items of invoices."""

    name = "nfes_itens"
    path = "/v1/nfes/{nfeKey}/itens"
    parent_stream_type = Nfes
    parent_keys: ClassVar = {"nfeKey": "chave_acesso_nota"}
    content_key = ()


class NfesItensIpi(SiengeChildStream):
    """IPI of items."""

    name = "nfes_itens_ipi"
    path = "/v1/nfes/{nfeKey}/itens/{itemId}/ipi"
    parent_stream_type = NfesItens
    parent_keys: ClassVar = {"nfeKey": "nfe_key", "itemId": "item_id"}
    primary_keys = ("nfe_key", "item_id")
    paged = False


class NfesItensPisCofins(SiengeChildStream):
    """PIS and COFINS of items."""

    name = "nfes_itens_pis_cofins"
    path = "/v1/nfes/{nfeKey}/itens/{itemId}/pis-cofins"
    parent_stream_type = NfesItens
    parent_keys: ClassVar = {"nfeKey": "nfe_key", "itemId": "item_id"}
    primary_keys = ("nfe_key", "item_id")
    paged = False


class NfesItensSimplifiedIcms(SiengeChildStream):
    """ICMS of items under the simplified regime."""

    name = "nfes_itens_simplified_icms"
    path = "/v1/nfes/{nfeKey}/itens/{itemId}/simplified-icms"
    parent_stream_type = NfesItens
    parent_keys: ClassVar = {"nfeKey": "nfe_key", "itemId": "item_id"}
    primary_keys = ("nfe_key", "item_id")
    paged = False


class NfesItensIssqn(SiengeChildStream):
    """ISSQN of items."""

    name = "nfes_itens_issqn"
    path = "/v1/nfes/{nfeKey}/itens/{itemId}/issqn"
    parent_stream_type = NfesItens
    parent_keys: ClassVar = {"nfeKey": "nfe_key", "itemId": "item_id"}
    primary_keys = ("nfe_key", "item_id")
    paged = False


class NfesItensIcms(SiengeChildStream):
    """ICMS of items."""

    name = "nfes_itens_icms"
    path = "/v1/nfes/{nfeKey}/itens/{itemId}/icms"
    parent_stream_type = NfesItens
    parent_keys: ClassVar = {"nfeKey": "nfe_key", "itemId": "item_id"}
    primary_keys = ("nfe_key", "item_id")
    paged = False
