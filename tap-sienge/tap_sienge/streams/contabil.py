"""Accounting: the chart of accounts."""

from __future__ import annotations

from tap_sienge.client import SiengeStream


class AccountancyAccounts(SiengeStream):
    """Chart of accounts, per company."""

    name = "accountancy_accounts"
    path = "/v1/accountancy/accounts"
    primary_keys = ("company_id", "id")
