"""Finance: bills, bank movements and what classifies them."""

from __future__ import annotations

from typing import ClassVar

from tap_sienge.client import SiengeStream


class AccountsStatements(SiengeStream):
    """Movements of bank and cash accounts."""

    name = "accounts_statements"
    path = "/v1/accounts-statements"
    windows = ("startDate", "endDate")


class Bills(SiengeStream):
    """Bills to pay, by issue date."""

    name = "bills"
    path = "/v1/bills"
    windows = ("startDate", "endDate")


class CheckingAccounts(SiengeStream):
    """Bank and cash accounts, disabled ones too."""

    name = "checking_accounts"
    path = "/v1/checking-accounts"
    primary_keys = ("company_id", "account_number")
    params: ClassVar = {"accountStatus": "ALL"}


class DocumentIdentifications(SiengeStream):
    """Document codes; the API gives them only one by one."""

    name = "document_identifications"
    path = "/v1/document-identifications/{documentIdentificationId}"
    primary_keys = ("document_identification_id",)
    single = True
    keys_from: ClassVar = {
        "accounts_statements": "document_id",
        "bills": "document_identification_id",
    }


class Indexers(SiengeStream):
    """Indexers such as INCC and IGP-M."""

    name = "indexers"
    path = "/v1/indexers"


class PaymentCategories(SiengeStream):
    """Financial plan, a bare array."""

    name = "payment_categories"
    path = "/v1/payment-categories"
