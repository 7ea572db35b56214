"""Sales: units, contracts, commissions and rentals."""

from __future__ import annotations

from typing import ClassVar

from tap_sienge.children import SiengeChildStream
from tap_sienge.declaration import WEEK
from tap_sienge.partitions import Period
from tap_sienge.stream import SiengeStream
from tap_sienge.streams import cadastros


class Units(SiengeStream):
    """Units for sale or lease, with all additional data."""

    name = "units"
    path = "/v1/units"
    record_path = "/v1/units/{unitId}"
    list_only = ("scheduled_delivery_date",)
    params: ClassVar = {"additionalData": "ALL"}


class SalesContracts(SiengeStream):
    """Sales contracts with customers, units and payment conditions."""

    name = "sales_contracts"
    path = "/v1/sales-contracts"
    record_path = "/v1/sales-contracts/{salesContractId}"
    list_only = ("creation_date", "last_update_date")
    modified_filter = "modifiedAfter"


class PropertyTypes(SiengeStream):
    """Kinds of unit."""

    name = "property_types"
    path = "/v1/property-types"
    record_path = "/v1/property-types/{propertyTypeId}"
    full_refresh_days = WEEK


class PaymentConditionTypes(SiengeStream):
    """Kinds of payment condition."""

    name = "payment_condition_types"
    path = "/v1/payment-condition-types"
    full_refresh_days = WEEK


class UnitsCharacteristics(SiengeStream):
    """Characteristics that units may have."""

    name = "units_characteristics"
    path = "/v1/units/characteristics"
    full_refresh_days = WEEK


class UnitsSituations(SiengeStream):
    """Situations that units may be in."""

    name = "units_situations"
    path = "/v1/units/situations"
    full_refresh_days = WEEK


class UnitsEvaluations(SiengeChildStream):
    """Evaluations of units."""

    name = "units_evaluations"
    path = "/v1/units/{unitId}/evaluations"
    parent_stream_type = Units
    parent_keys: ClassVar = {"unitId": "id"}
    primary_keys = ("unit_id", "id")
    paged = False


class PriceTables(SiengeStream):
    """Price tables in their last version."""

    name = "price_tables"
    path = "/v1/price-tables"


class PropertyRental(SiengeStream):
    """Rental contracts."""

    name = "property_rental"
    path = "/v1/property-rental"
    by_id: ClassVar = {"contractSeqId": "contract_seq_id"}
    primary_keys = ("contract_seq_id",)


class RealEstateMap(SiengeStream):
    """Sales value, income and cost of each development, month by month."""

    name = "real_estate_map"
    path = "/v1/real-estate-map"
    parent_stream_type = cadastros.CostCenters
    parent_keys: ClassVar = {"costCentersId": "id"}
    together = 50
    period = Period("startDate", "endDate", "month")
    primary_keys = ("enterprise_id", "month_year")
    selected_by_default = False


class Commissions(SiengeStream):
    """Installments of commissions."""

    name = "commissions"
    path = "/v1/commissions"
    recent_filter = "startingDueDate"
    primary_keys = ("commission_id", "installment_number")


class CommissionsDetails(SiengeChildStream):
    """All data of a commission."""

    name = "commissions_details"
    path = "/v1/commissions/{commissionId}"
    parent_stream_type = Commissions
    parent_keys: ClassVar = {"commissionId": "commission_id"}
    paged = False


class CommissionsCountFilters(SiengeStream):
    """Number of installments of commissions by status."""

    name = "commissions_count_filters"
    path = "/v1/commissions/countFilters"
    paged = False
    content_key = ("all",)
    selected_by_default = False


class CommissionsConfigurationsBrokers(SiengeStream):
    """How brokers are paid."""

    name = "commissions_configurations_brokers"
    path = "/v1/commissions/configurations/brokers"
    primary_keys = ("configuration_id",)


class CommissionsConfigurationsEnterprises(SiengeStream):
    """How commissions of an enterprise are paid."""

    name = "commissions_configurations_enterprises"
    path = "/v1/commissions/configurations/enterprises/{enterpriseId}"
    parent_stream_type = cadastros.Enterprises
    parent_keys: ClassVar = {"enterpriseId": "id"}
    primary_keys = ("enterprise_id",)
    paged = False
    selected_by_default = False


class SalesCommissions(SiengeStream):
    """Commissions of contracts and brokers."""

    name = "sales_commissions"
    path = "/v1/sales-commissions"
    by_id: ClassVar = {"contractId": "contract_id"}
    watched = True


class SalesContractsAttachments(SiengeChildStream):
    """Attached files of contracts, without their content."""

    name = "sales_contracts_attachments"
    path = "/v1/sales-contracts/{salesContractId}/attachments"
    parent_stream_type = SalesContracts
    parent_keys: ClassVar = {"salesContractId": "id"}
    primary_keys = ("sales_contract_id", "attachmentid")


class SalesContractsGuarantors(SiengeChildStream):
    """Guarantors of contracts."""

    name = "sales_contracts_guarantors"
    path = "/v1/sales-contracts/{salesContractId}/guarantors"
    parent_stream_type = SalesContracts
    parent_keys: ClassVar = {"salesContractId": "id"}
    content_key = ("sales_contract_id", "cpf", "cnpj", "name")
