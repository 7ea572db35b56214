"""Registers: companies, people and the lists that others refer to."""

from __future__ import annotations

from tap_sienge.client import SiengeStream


class Companies(SiengeStream):
    """Companies of the tenant."""

    name = "companies"
    path = "/v1/companies"


class Customers(SiengeStream):
    """Customers, newest first."""

    name = "customers"
    path = "/v1/customers"
    modified_filter = "modifiedAfter"


class CustomerTypes(SiengeStream):
    """Kinds of customer."""

    name = "customer_types"
    path = "/v1/customer-types"


class Creditors(SiengeStream):
    """Suppliers and other creditors."""

    name = "creditors"
    path = "/v1/creditors"


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
    primary_keys = ("department_id",)


class Professions(SiengeStream):
    """Professions of customers."""

    name = "professions"
    path = "/v1/professions"


class CivilStatus(SiengeStream):
    """Civil status of customers."""

    name = "civil_status"
    path = "/v1/civil-status"
