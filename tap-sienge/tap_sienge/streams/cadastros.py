"""Registers: companies, people and the lists that others refer to."""

from __future__ import annotations

from typing import ClassVar

from tap_sienge.children import SiengeChildStream
from tap_sienge.declaration import WEEK
from tap_sienge.stream import SiengeStream


class Companies(SiengeStream):
    """Companies of the tenant."""

    name = "companies"
    path = "/v1/companies"
    record_path = "/v1/companies/{companyId}"


class Customers(SiengeStream):
    """Customers, newest first."""

    name = "customers"
    path = "/v1/customers"
    record_path = "/v1/customers/{customerId}"
    modified_filter = "modifiedAfter"


class CustomerTypes(SiengeStream):
    """Kinds of customer."""

    name = "customer_types"
    path = "/v1/customer-types"
    full_refresh_days = WEEK


class Creditors(SiengeStream):
    """Suppliers and other creditors."""

    name = "creditors"
    path = "/v1/creditors"
    record_path = "/v1/creditors/{creditorId}"
    watched = True


class Enterprises(SiengeStream):
    """Enterprises, that is construction sites and developments."""

    name = "enterprises"
    path = "/v1/enterprises"


class CostCenters(SiengeStream):
    """Cost centers; documented under another key than they come."""

    name = "cost_centers"
    path = "/v1/cost-centers"
    records_key = "costCenters"


class Departments(SiengeStream):
    """Departments."""

    name = "departments"
    path = "/v1/departments"
    record_path = "/v1/departments/{departmentId}"
    primary_keys = ("department_id",)
    full_refresh_days = WEEK


class Professions(SiengeStream):
    """Professions of customers."""

    name = "professions"
    path = "/v1/professions"
    record_path = "/v1/professions/{professionId}"
    full_refresh_days = WEEK


class CivilStatus(SiengeStream):
    """Civil status of customers."""

    name = "civil_status"
    path = "/v1/civil-status"
    full_refresh_days = WEEK


class Cities(SiengeStream):
    """Cities of Brazil."""

    name = "cities"
    path = "/v1/cities"
    selected_by_default = False
    full_refresh_days = WEEK


class Hooks(SiengeStream):
    """Webhooks, without their tokens."""

    name = "hooks"
    path = "/v1/hooks"
    selected_by_default = False


class Parameters(SiengeStream):
    """Parameters of the tenant, by the ids that a setting gives."""

    name = "parameters"
    path = "/v1/parameters/{id}"
    paged = False
    chosen_by: ClassVar = {"id": "parameter_ids"}
    selected_by_default = False


class UnitsOfMeasure(SiengeStream):
    """Units of measure."""

    name = "units_of_measure"
    path = "/v1/units-of-measure"
    choices: ClassVar = {"status": ("ACTIVE", "INACTIVE")}
    full_refresh_days = WEEK


class ResourceGroups(SiengeStream):
    """Groups of resources, which no document has."""

    name = "resource_groups"
    path = "/v1/resource-groups"
    full_refresh_days = WEEK
    selected_by_default = False


class Trademarks(SiengeStream):
    """Trademarks of resources."""

    name = "trademarks"
    path = "/v1/trademarks"
    choices: ClassVar = {"status": ("ACTIVE", "INACTIVE")}
    primary_keys = ("trademark_id",)
    full_refresh_days = WEEK


class CustomersAttachments(SiengeChildStream):
    """Attached files of customers, without their content."""

    name = "customers_attachments"
    path = "/v1/customers/{customerId}/attachments"
    parent_stream_type = Customers
    parent_keys: ClassVar = {"customerId": "id"}
    primary_keys = ("customer_id", "attachmentid")


class CreditorsBankInformations(SiengeChildStream):
    """Bank accounts of creditors."""

    name = "creditors_bank_informations"
    path = "/v1/creditors/{creditorId}/bank-informations"
    parent_stream_type = Creditors
    parent_keys: ClassVar = {"creditorId": "id"}
    primary_keys = ("creditor_id", "id")


class CreditorsPixInformations(SiengeChildStream):
    """Pix keys of creditors."""

    name = "creditors_pix_informations"
    path = "/v1/creditors/{creditorId}/pix-informations"
    parent_stream_type = Creditors
    parent_keys: ClassVar = {"creditorId": "id"}
    primary_keys = ("creditor_id", "id")


class EnterprisesDetails(SiengeChildStream):
    """All data of an enterprise."""

    name = "enterprises_details"
    path = "/v1/enterprises/{enterpriseId}"
    parent_stream_type = Enterprises
    parent_keys: ClassVar = {"enterpriseId": "id"}
    paged = False


class EnterprisesGroupings(SiengeChildStream):
    """Groupings of an enterprise's units."""

    name = "enterprises_groupings"
    path = "/v1/enterprises/{enterpriseId}/groupings"
    parent_stream_type = Enterprises
    parent_keys: ClassVar = {"enterpriseId": "id"}
    primary_keys = ("enterprise_id", "unit_grouping_id")
    paged = False


class CostCentersDetails(SiengeStream):
    """Cost centers with their building sectors."""

    name = "cost_centers_details"
    path = "/v1/cost-centers/{costCenterId}"
    parent_stream_type = CostCenters
    parent_keys: ClassVar = {"costCenterId": "id"}
    paged = False
    selected_by_default = False


class CostCentersAvailable(SiengeStream):
    """Cost centers with their available accounts."""

    name = "cost_centers_available"
    path = "/v1/cost-centers/{costCenterId}/available"
    parent_stream_type = CostCenters
    parent_keys: ClassVar = {"costCenterId": "id"}
    paged = False
    selected_by_default = False


class CostCentersImmediateRegisterSettings(SiengeStream):
    """How a cost center registers payments at sight."""

    name = "cost_centers_immediate_register_settings"
    path = "/v1/cost-centers/immediate-register-settings"
    parent_stream_type = CostCenters
    parent_keys: ClassVar = {"costCenterId": "id"}
    primary_keys = ("cost_center_id",)
    paged = False
    selected_by_default = False
