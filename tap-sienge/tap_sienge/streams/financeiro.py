"""Finance: bills to pay, bank movements and what classifies them."""

from __future__ import annotations

from typing import ClassVar

from tap_sienge.children import SiengeChildStream, SparingChildStream
from tap_sienge.declaration import WEEK
from tap_sienge.partitions import FUTURE, PATH, Period
from tap_sienge.stream import SiengeStream


class AccountsStatements(SiengeStream):
    """Movements of bank and cash accounts."""

    name = "accounts_statements"
    path = "/v1/accounts-statements"
    period = Period("startDate", "endDate", ahead=FUTURE)


class AccountsBalances(SiengeStream):
    """Balances of accounts on the day of the run."""

    name = "accounts_balances"
    path = "/v1/accounts-balances"
    params: ClassVar = {"accountStatus": "ALL", "showLastBalanceIfNotExistBalance": "S"}
    period = Period("balanceDate", size="today")
    content_key = ("company_id", "account_number", "balance_date")


class Bills(SiengeStream):
    """Bills to pay, by issue date."""

    name = "bills"
    path = "/v1/bills"
    record_path = "/v1/bills/{billId}"
    period = Period("startDate", "endDate", ahead=FUTURE)
    changes: ClassVar = {PATH: "/v1/bills/by-change-date"}


class CheckingAccounts(SiengeStream):
    """Bank and cash accounts, disabled ones too."""

    name = "checking_accounts"
    path = "/v1/checking-accounts"
    primary_keys = ("company_id", "account_number")
    params: ClassVar = {"accountStatus": "ALL"}


class DocumentIdentifications(SiengeChildStream):
    """Document codes; the API gives them only one by one."""

    name = "document_identifications"
    path = "/v1/document-identifications/{documentIdentificationId}"
    primary_keys = ("document_identification_id",)
    paged = False
    parent_stream_type = Bills
    parent_keys: ClassVar = {"documentIdentificationId": "document_identification_id"}
    other_parents: ClassVar = {AccountsStatements: {"documentIdentificationId": "document_id"}}
    depends_on_key_alone = True
    selected_by_default = True


class Indexers(SiengeStream):
    """Indexers such as INCC and IGP-M."""

    name = "indexers"
    path = "/v1/indexers"
    full_refresh_days = WEEK


class PaymentCategories(SiengeStream):
    """Financial plan: documented as one object, answered as a bare array (FACTS)."""

    name = "payment_categories"
    path = "/v1/payment-categories"
    may_be_object = True


class BearersReceivable(SiengeStream):
    """Bearers that collect receivables."""

    name = "bearers_receivable"
    path = "/v1/bearers-receivable"
    primary_keys = ("bearer_id",)


class BillsInstallments(SiengeChildStream):
    """Installments of bills."""

    name = "bills_installments"
    path = "/v1/bills/{billId}/installments"
    parent_stream_type = Bills
    parent_keys: ClassVar = {"billId": "id"}
    primary_keys = ("bill_id", "installment_number")


class BillsTaxes(SiengeChildStream):
    """Taxes withheld on bills."""

    name = "bills_taxes"
    path = "/v1/bills/{billId}/taxes"
    parent_stream_type = Bills
    parent_keys: ClassVar = {"billId": "id"}
    primary_keys = ("bill_id", "tax_id")


class BillsBudgetCategories(SiengeChildStream):
    """Split of bills over cost centers and the financial plan."""

    name = "bills_budget_categories"
    path = "/v1/bills/{billId}/budget-categories"
    parent_stream_type = Bills
    parent_keys: ClassVar = {"billId": "id"}
    content_key = ("bill_id", "cost_center_id", "payment_categories_id")


class BillsDepartmentsCost(SiengeChildStream):
    """Split of bills over departments."""

    name = "bills_departments_cost"
    path = "/v1/bills/{billId}/departments-cost"
    parent_stream_type = Bills
    parent_keys: ClassVar = {"billId": "id"}
    primary_keys = ("bill_id", "department_id")


class BillsBuildingsCost(SiengeChildStream):
    """Split of bills over construction sites."""

    name = "bills_buildings_cost"
    path = "/v1/bills/{billId}/buildings-cost"
    parent_stream_type = Bills
    parent_keys: ClassVar = {"billId": "id"}
    content_key = ("bill_id", "building_id", "building_unit_id", "cost_estimation_sheet_id")


class BillsAttachments(SiengeChildStream):
    """Attached files of bills, without their content."""

    name = "bills_attachments"
    path = "/v1/bills/{billId}/attachments"
    parent_stream_type = Bills
    parent_keys: ClassVar = {"billId": "id"}
    primary_keys = ("bill_id", "attachmentid")


class BillsUnits(SiengeChildStream):
    """Split of bills over units."""

    name = "bills_units"
    path = "/v1/bills/{billId}/units"
    parent_stream_type = Bills
    parent_keys: ClassVar = {"billId": "id"}
    primary_keys = ("bill_id", "unit_id")


class PaymentInformation(SparingChildStream):
    """How an installment is paid; one path for each form of payment."""

    parent_stream_type = BillsInstallments
    parent_keys: ClassVar = {"billId": "bill_id", "installmentId": "installment_number"}
    primary_keys = ("bill_id", "installment_id")
    paged = False
    kind_column = "payment_type_id"


class BillsInstallmentsBankTransfer(PaymentInformation):
    """Installments paid by a bank transfer."""

    name = "bills_installments_bank_transfer"
    path = "/v1/bills/{billId}/installments/{installmentId}/payment-information/bank-transfer"


class BillsInstallmentsBoletoBancario(PaymentInformation):
    """Installments paid by a bank slip."""

    name = "bills_installments_boleto_bancario"
    path = "/v1/bills/{billId}/installments/{installmentId}/payment-information/boleto-bancario"


class BillsInstallmentsBoletoConcessionaria(PaymentInformation):
    """Installments paid by a slip of a utility."""

    name = "bills_installments_boleto_concessionaria"
    path = (
        "/v1/bills/{billId}/installments/{installmentId}/payment-information/boleto-concessionaria"
    )


class BillsInstallmentsBoletoTax(PaymentInformation):
    """Installments paid by a tax with bar code."""

    name = "bills_installments_boleto_tax"
    path = "/v1/bills/{billId}/installments/{installmentId}/payment-information/boleto-tax"


class BillsInstallmentsDda(PaymentInformation):
    """Installments paid by a slip presented electronically (DDA)."""

    name = "bills_installments_dda"
    path = "/v1/bills/{billId}/installments/{installmentId}/payment-information/dda"


class BillsInstallmentsDarfTax(PaymentInformation):
    """Installments that pay federal taxes (DARF)."""

    name = "bills_installments_darf_tax"
    path = "/v1/bills/{billId}/installments/{installmentId}/payment-information/darf-tax"


class BillsInstallmentsDarjTax(PaymentInformation):
    """Installments that pay taxes of Rio de Janeiro (DARJ)."""

    name = "bills_installments_darj_tax"
    path = "/v1/bills/{billId}/installments/{installmentId}/payment-information/darj-tax"


class BillsInstallmentsFgtsTax(PaymentInformation):
    """Installments that pay FGTS."""

    name = "bills_installments_fgts_tax"
    path = "/v1/bills/{billId}/installments/{installmentId}/payment-information/fgts-tax"


class BillsInstallmentsGareTax(PaymentInformation):
    """Installments that pay taxes of São Paulo (GARE)."""

    name = "bills_installments_gare_tax"
    path = "/v1/bills/{billId}/installments/{installmentId}/payment-information/gare-tax"


class BillsInstallmentsInssTax(PaymentInformation):
    """Installments that pay INSS."""

    name = "bills_installments_inss_tax"
    path = "/v1/bills/{billId}/installments/{installmentId}/payment-information/inss-tax"


class BillsInstallmentsPix(PaymentInformation):
    """Installments paid by Pix."""

    name = "bills_installments_pix"
    path = "/v1/bills/{billId}/installments/{installmentId}/payment-information/pix"
