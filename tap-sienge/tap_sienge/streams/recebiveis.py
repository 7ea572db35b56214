"""Receivables: what customers owe and paid, customer by customer."""

from __future__ import annotations

from typing import ClassVar

from tap_sienge.children import SiengeChildStream
from tap_sienge.stream import SiengeStream
from tap_sienge.streams.cadastros import Customers


class ReceivableBills(SiengeChildStream):
    """Bills receivable of customers."""

    name = "receivable_bills"
    path = "/v1/accounts-receivable/receivable-bills"
    choices: ClassVar = {"paidOff": ("false", "true")}
    parent_stream_type = Customers
    parent_keys: ClassVar = {"customerId": "id"}
    primary_keys = ("receivable_bill_id",)
    follows_changes = False


class ReceivableBillsDetails(SiengeChildStream):
    """All data of a bill receivable."""

    name = "receivable_bills_details"
    path = "/v1/accounts-receivable/receivable-bills/{receivableBillId}"
    parent_stream_type = ReceivableBills
    parent_keys: ClassVar = {"receivableBillId": "receivable_bill_id"}
    primary_keys = ("receivable_bill_id",)
    paged = False
    follows_changes = False


class ReceivableBillsInstallments(SiengeChildStream):
    """Installments of bills receivable."""

    name = "receivable_bills_installments"
    path = "/v1/accounts-receivable/receivable-bills/{receivableBillId}/installments"
    parent_stream_type = ReceivableBills
    parent_keys: ClassVar = {"receivableBillId": "receivable_bill_id"}
    primary_keys = ("receivable_bill_id", "installment_id")
    follows_changes = False


class ReceivableBillsBudgetCategories(SiengeChildStream):
    """Split of bills receivable over the financial plan."""

    name = "receivable_bills_budget_categories"
    path = "/v1/accounts-receivable/{receivableBillId}/budget-categories"
    parent_stream_type = ReceivableBills
    parent_keys: ClassVar = {"receivableBillId": "receivable_bill_id"}
    content_key = ("receivable_bill_id", "cost_center_id", "payment_categories_id")


class CurrentDebitBalance(SiengeChildStream):
    """What a customer owes today, by bill."""

    name = "current_debit_balance"
    path = "/v1/current-debit-balance"
    parent_stream_type = Customers
    parent_keys: ClassVar = {"customerId": "id", "cpf": "cpf", "cnpj": "cnpj"}
    one_of = ("cpf", "cnpj")
    primary_keys = ("bill_receivable_id",)
    paged = False
    follows_changes = False


class TotalCurrentDebitBalance(SiengeChildStream):
    """What a customer owes today, in all."""

    name = "total_current_debit_balance"
    path = "/v1/total-current-debit-balance"
    parent_stream_type = Customers
    parent_keys: ClassVar = {"customerId": "id", "cpf": "cpf", "cnpj": "cnpj"}
    one_of = ("cpf", "cnpj")
    primary_keys = ("customer_id",)
    paged = False
    follows_changes = False


class CustomerFinancialStatements(SiengeChildStream):
    """Installments of a customer with what was received."""

    name = "customer_financial_statements"
    path = "/v1/customer-financial-statements"
    params: ClassVar = {"includeBankMovements": "true"}
    parent_stream_type = Customers
    parent_keys: ClassVar = {"customerId": "id"}
    nested = "billsReceivable.installments"
    primary_keys = ("bill_receivable_id", "installment_id")
    follows_changes = False


class RemadeInstallments(SiengeStream):
    """Renegotiated installments."""

    name = "remade_installments"
    path = "/v1/remade-installments"
    content_key = ("receivable_bill_id", "remade_date", "remade_installments_description")
