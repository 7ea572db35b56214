"""Sales: units, contracts and their conditions."""

from __future__ import annotations

from typing import ClassVar

from tap_sienge.client import SiengeStream


class Units(SiengeStream):
    """Units for sale or lease, with all additional data."""

    name = "units"
    path = "/v1/units"
    params: ClassVar = {"additionalData": "ALL"}


class SalesContracts(SiengeStream):
    """Sales contracts with customers, units and payment conditions."""

    name = "sales_contracts"
    path = "/v1/sales-contracts"
    modified_filter = "modifiedAfter"


class PropertyTypes(SiengeStream):
    """Kinds of unit."""

    name = "property_types"
    path = "/v1/property-types"


class PaymentConditionTypes(SiengeStream):
    """Kinds of payment condition."""

    name = "payment_condition_types"
    path = "/v1/payment-condition-types"
