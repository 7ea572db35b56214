"""Accounting: chart of accounts, entries and balances."""

from __future__ import annotations

from typing import ClassVar

from tap_sienge.partitions import Period
from tap_sienge.stream import SiengeStream
from tap_sienge.streams import cadastros


class AccountancyAccounts(SiengeStream):
    """Chart of accounts, per company."""

    name = "accountancy_accounts"
    path = "/v1/accountancy/accounts"
    primary_keys = ("company_id", "id")
    watched = True


class AccountancyEntries(SiengeStream):
    """Accounting entries; one without id, as the newer document has them, gets a calculated one."""

    name = "accountancy_entries"
    path = "/v1/accountancy/entries"
    parent_stream_type = cadastros.Companies
    parent_keys: ClassVar = {"companyId": "id"}
    period = Period("startDate", "endDate")
    primary_keys = ("company_id", "id")
    selected_by_default = False


class AccountancyEntryBatches(SiengeStream):
    """Batches of generated entries."""

    name = "accountancy_entry_batches"
    path = "/v1/accountancy/entry-generator/entry-batches"


class AccountancyEntryGeneratorEntries(SiengeStream):
    """Generated entries."""

    name = "accountancy_entry_generator_entries"
    path = "/v1/accountancy/entry-generator/entries"
    period = Period("startDate", "endDate")
    selected_by_default = False


class AccountancyBatches(SiengeStream):
    """Accounting batches."""

    name = "accountancy_batches"
    path = "/v1/batch"
    parent_stream_type = cadastros.Companies
    parent_keys: ClassVar = {"companyId": "id"}
    period = Period("startDate", "endDate", "all")
    content_key = ("company_id", "batch_type", "start_date", "end_date", "batch_description")
    selected_by_default = False


class Closingaccountancy(SiengeStream):
    """Balances of accounts, month by month."""

    name = "closingaccountancy"
    path = "/v1/closingaccountancy"
    period = Period("monthYear", size="month", form="%m-%Y")
    primary_keys = ("company_id", "id", "month_year")
    selected_by_default = False


class TrialBalance(SiengeStream):
    """Trial balances, month by month."""

    name = "trial_balance"
    path = "/v1/trial-balance"
    parent_stream_type = cadastros.Companies
    parent_keys: ClassVar = {"companyId": "id"}
    period = Period("initialPeriod", "finalPeriod", "month")
    content_key = ("company_id", "initial_period", "account")
    selected_by_default = False
