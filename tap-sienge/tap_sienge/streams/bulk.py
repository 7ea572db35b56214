"""BULK resources: many records an answer, with a limit of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from typing_extensions import override

from tap_sienge.bulk import SiengeBulkStream
from tap_sienge.children import SiengeChildStream
from tap_sienge.partitions import FUTURE, Period
from tap_sienge.streams import cadastros, financeiro, recebiveis

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tap_sienge.values import Record


class ByBills(SiengeChildStream, SiengeBulkStream):
    """What BULK gives by the numbers of bills, up to a thousand in one request."""

    together = 1000
    by_id: ClassVar = {"billsIds": "bill_id"}

    @override
    def read_context(self, context: Record) -> Iterator[Record]:
        doubts = len(self.progress.doubts)
        yield from super().read_context(context)
        if len(self.progress.doubts) == doubts:
            asked = set(context["billsIds"].split(","))
            found = self._fingerprints.items()
            self._done |= {mark for (bill, *_), mark in found if str(bill) in asked}


class BulkAccountBalance(SiengeBulkStream):
    """Accounting balances, month by month."""

    name = "bulk_account_balance"
    path = "/bulk-data/v1/accountancy/accountBalance"
    records_key = "accountancyCompanyAccountBalance"
    period = Period("startDate", "endDate")
    primary_keys = ("company_id", "id", "month_year")
    selected_by_default = False


class BulkAccountCostCenterBalance(SiengeBulkStream):
    """Accounting balances by cost center."""

    name = "bulk_account_cost_center_balance"
    path = "/bulk-data/v1/accountancy/accountCostCenterBalance"
    params: ClassVar = {"includeBalancesWithoutCostCenter": "true"}
    period = Period("startDate", "endDate")
    content_key = ("company_id", "cost_center_id", "id", "month_year", "batch_id", "entry_id")
    selected_by_default = False


class BulkBankMovement(SiengeBulkStream):
    """Bank movements by installment."""

    name = "bulk_bank_movement"
    path = "/bulk-data/v1/bank-movement"
    period = Period("startDate", "endDate", ahead=FUTURE)
    content_key = ("bank_movement_id", "bill_id", "installment_id")
    selected_by_default = False


class BulkBuildingCostEstimationItems(SiengeBulkStream):
    """Budget items in all versions."""

    name = "bulk_building_cost_estimation_items"
    path = "/bulk-data/v1/building-cost-estimation-items"
    params: ClassVar = {"includeDisbursments": "true"}
    content_key = ("building_id", "version_number", "building_unit_id", "id")
    selected_by_default = False


class BulkBuildingResources(SiengeBulkStream):
    """Resources of a site, by detail and trademark."""

    name = "bulk_building_resources"
    path = "/bulk-data/v1/building/resources"
    params: ClassVar = {"includeDisbursement": "true"}
    parent_stream_type = cadastros.Enterprises
    parent_keys: ClassVar = {"buildingId": "id"}
    period = Period("startDate", "endDate")
    content_key = ("building_id", "id", "detail_id", "trademark_id")
    selected_by_default = False


class BulkBusinessBudget(SiengeBulkStream):
    """Business budgets, by category of the financial plan."""

    name = "bulk_business_budget"
    path = "/bulk-data/v1/business-budget"
    period = Period("startDate", "endDate", ahead=FUTURE)
    nested = "paymentCategories"
    primary_keys = ("id", "version_number", "payment_category_id")
    selected_by_default = False


class BulkCustomerDebtBalance(SiengeBulkStream):
    """What customers owe, by installment."""

    name = "bulk_customer_debt_balance"
    path = "/bulk-data/v1/customer-debt-balance"
    period = Period("startDueDate", "endDueDate", ahead=FUTURE)
    modified_filter = "changeStartDate"
    nested = "installments"
    primary_keys = ("bill_receivable_id", "installment_id")
    selected_by_default = False


class BulkCustomerExtractHistory(SiengeBulkStream):
    """Statements of customers, by installment."""

    name = "bulk_customer_extract_history"
    path = "/bulk-data/v1/customer-extract-history"
    period = Period("startDueDate", "endDueDate", ahead=FUTURE)
    modified_filter = "changeStartDate"
    nested = "installments"
    primary_keys = ("bill_receivable_id", "installment_id")
    selected_by_default = False


class BulkDefaultersReceivableBills(SiengeBulkStream):
    """Overdue installments."""

    name = "bulk_defaulters_receivable_bills"
    path = "/bulk-data/v1/defaulters-receivable-bills"
    params: ClassVar = {
        "includePartiallyPaidInstallments": "true",
        "includeResidueInstallment": "true",
        "includeUnderJudgment": "true",
    }
    parent_stream_type = cadastros.Companies
    parent_keys: ClassVar = {"companyId": "id"}
    nested = "defaulterInstallments"
    primary_keys = ("company_id", "receivable_bill_id", "installment_id")
    selected_by_default = False


class BulkDefaultersReceivableBillsByAging(SiengeBulkStream):
    """The oldest overdue installments."""

    name = "bulk_defaulters_receivable_bills_by_aging"
    path = "/bulk-data/v1/defaulters-receivable-bills/by-aging"
    params: ClassVar = {
        "includePartiallyPaidInstallments": "true",
        "includeResidueInstallment": "true",
        "includeUnderJudgment": "true",
    }
    parent_stream_type = cadastros.Companies
    parent_keys: ClassVar = {"companyId": "id"}
    nested = "defaulterInstallments"
    primary_keys = ("company_id", "receivable_bill_id", "installment_id")
    selected_by_default = False


class BulkIncome(SiengeBulkStream):
    """Installments to receive and their receipts, by due date."""

    name = "bulk_income"
    path = "/bulk-data/v1/income"
    record_path = "/bulk-data/v1/income/by-bills"
    by_id: ClassVar = {"billsIds": "bill_id"}
    part_of = "receivable_bills_details"
    together = 1000
    params: ClassVar = {"selectionType": "D"}
    period = Period("startDate", "endDate", ahead=FUTURE)
    modified_filter = "changeStartDate"
    primary_keys = ("company_id", "bill_id", "installment_id")


class BulkIncomeByBills(ByBills):
    """Installments to receive and their receipts, of bills receivable."""

    name = "bulk_income_by_bills"
    path = "/bulk-data/v1/income/by-bills"
    parent_stream_type = recebiveis.ReceivableBills
    parent_keys: ClassVar = {"billsIds": "receivable_bill_id"}
    primary_keys = ("company_id", "bill_id", "installment_id")
    follows_changes = False


class BulkInvoiceItens(SiengeBulkStream):
    """Items of invoices."""

    name = "bulk_invoice_itens"
    path = "/bulk-data/v1/invoice-itens"
    parent_stream_type = cadastros.Companies
    parent_keys: ClassVar = {"companyId": "id"}
    period = Period("startDate", "endDate")
    params: ClassVar = {"showCostCenterId": "S"}
    content_key = ()
    selected_by_default = False


class BulkOutcome(SiengeBulkStream):
    """Installments to pay and their payments, by due date."""

    name = "bulk_outcome"
    path = "/bulk-data/v1/outcome"
    record_path = "/bulk-data/v1/outcome/by-bills"
    record_params: ClassVar = {
        "correctionIndexerId": "0",
        "correctionDate": "{today}",
        "withAuthorizations": "true",
    }
    by_id: ClassVar = {"billsIds": "bill_id"}
    part_of = "bills"
    together = 1000
    params: ClassVar = {
        "selectionType": "D",
        "correctionIndexerId": "0",
        "correctionDate": "{today}",
        "withAuthorizations": "true",
    }
    period = Period("startDate", "endDate", ahead=FUTURE)
    changes: ClassVar = {"selectionType": "P"}
    primary_keys = ("company_id", "bill_id", "installment_id")


class BulkOutcomeByBills(ByBills):
    """Installments to pay and their payments, of bills that changed."""

    name = "bulk_outcome_by_bills"
    path = "/bulk-data/v1/outcome/by-bills"
    params: ClassVar = {"withAuthorizations": "true"}
    parent_stream_type = financeiro.Bills
    parent_keys: ClassVar = {"billsIds": "id"}
    primary_keys = ("company_id", "bill_id", "installment_id")


class BulkPurchaseQuotations(SiengeBulkStream):
    """Quotations with items, suppliers and negotiations."""

    name = "bulk_purchase_quotations"
    path = "/bulk-data/v1/purchase-quotations"
    period = Period("startDate", "endDate")
    primary_keys = ("purchase_quotation_id",)
    selected_by_default = False


class BulkSales(SiengeBulkStream):
    """Sales contracts with all data of customers and units."""

    name = "bulk_sales"
    path = "/bulk-data/v1/sales"
    parent_stream_type = cadastros.Enterprises
    parent_keys: ClassVar = {"enterpriseId": "id"}
    period = Period("createdAfter", "createdBefore")
    choices: ClassVar = {"situation": ("PROPOSAL", "SOLD", "CANCELED")}
    selected_by_default = False
