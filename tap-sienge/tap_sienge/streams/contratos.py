"""Supply contracts, their addenda and measurements."""

from __future__ import annotations

from typing import ClassVar

from tap_sienge.children import SiengeChildStream
from tap_sienge.partitions import FUTURE, Period
from tap_sienge.stream import SiengeStream


class SupplyContracts(SiengeStream):
    """Contracts with suppliers, by date."""

    name = "supply_contracts"
    path = "/v1/supply-contracts/all"
    period = Period("contractStartDate", "contractEndDate", ahead=FUTURE)
    primary_keys = ("document_id", "contract_number")


class SupplyContractsDetails(SiengeChildStream):
    """All data of a contract."""

    name = "supply_contracts_details"
    path = "/v1/supply-contracts"
    parent_stream_type = SupplyContracts
    parent_keys: ClassVar = {"documentId": "document_id", "contractNumber": "contract_number"}
    primary_keys = ("document_id", "contract_number")
    paged = False
    final_parent: ClassVar = {"status": ("RESCINDED", "COMPLETED")}


class SupplyContractsAttachments(SiengeChildStream):
    """Attached files of contracts, without their content."""

    name = "supply_contracts_attachments"
    path = "/v1/supply-contracts/attachments/all"
    parent_stream_type = SupplyContracts
    parent_keys: ClassVar = {"documentId": "document_id", "contractNumber": "contract_number"}
    primary_keys = ("document_id", "contract_number", "contract_attachment_number")


class SupplyContractsBuildings(SiengeChildStream):
    """Sites of a contract."""

    name = "supply_contracts_buildings"
    path = "/v1/supply-contracts/buildings"
    parent_stream_type = SupplyContracts
    parent_keys: ClassVar = {"documentId": "document_id", "contractNumber": "contract_number"}
    primary_keys = ("document_id", "contract_number", "building_id")


class SupplyContractsItems(SiengeChildStream):
    """Items of a contract."""

    name = "supply_contracts_items"
    path = "/v1/supply-contracts/items"
    parent_stream_type = SupplyContractsBuildings
    parent_keys: ClassVar = {
        "documentId": "document_id",
        "contractNumber": "contract_number",
        "buildingId": "building_id_view",  # the internal one is another building's (FACTS)
        "buildingUnitId": "construct_units.id",
    }
    primary_keys = ("document_id", "contract_number", "building_id", "building_unit_id", "id")
    follows_changes = False


class SupplyContractsItemsPurchaseRequests(SiengeChildStream):
    """Requests that contracted items attend."""

    name = "supply_contracts_items_purchase_requests"
    path = "/v1/supply-contracts/items/purchase-requests"
    parent_stream_type = SupplyContractsItems
    parent_keys: ClassVar = {
        "documentId": "document_id",
        "contractNumber": "contract_number",
        "buildingId": "building_id",
        "buildingUnitId": "building_unit_id",
        "itemNumber": "id",
    }
    primary_keys = (
        "document_id",
        "contract_number",
        "building_id",
        "building_unit_id",
        "item_number",
        "purchase_request_id",
        "purchase_request_item_id",
    )


class SupplyContractsAddenda(SiengeStream):
    """Addenda of contracts."""

    name = "supply_contracts_addenda"
    path = "/v1/supply-contracts/addenda"
    by_id: ClassVar = {
        "documentId": "document_id",
        "contractNumber": "contract_number",
        "buildingId": "building_id",
        "addendumNumber": "addendum_number",
    }
    primary_keys = ("document_id", "contract_number", "building_id", "addendum_number")


class SupplyContractsAddendaItems(SiengeChildStream):
    """Items of addenda."""

    name = "supply_contracts_addenda_items"
    path = "/v1/supply-contracts/addenda/items"
    parent_stream_type = SupplyContractsAddenda
    parent_keys: ClassVar = {
        "documentId": "document_id",
        "contractNumber": "contract_number",
        "buildingId": "building_id",
        "addendumNumber": "addendum_number",
    }
    primary_keys = (
        "document_id",
        "contract_number",
        "building_id",
        "addendum_number",
        "building_unit_id",
        "id",
    )


class SupplyContractsMeasurements(SiengeStream):
    """Measurements of contracts."""

    name = "supply_contracts_measurements"
    path = "/v1/supply-contracts/measurements/all"
    by_id: ClassVar = {
        "documentId": "document_id",
        "contractNumber": "contract_number",
        "buildingId": "building_id",
        "measurementNumber": "measurement_number",
    }
    primary_keys = ("document_id", "contract_number", "building_id", "measurement_number")


class SupplyContractsMeasurementsDetails(SiengeChildStream):
    """All data of a measurement."""

    name = "supply_contracts_measurements_details"
    path = "/v1/supply-contracts/measurements"
    parent_stream_type = SupplyContractsMeasurements
    parent_keys: ClassVar = {
        "documentId": "document_id",
        "contractNumber": "contract_number",
        "buildingId": "building_id",
        "measurementNumber": "measurement_number",
    }
    primary_keys = ("document_id", "contract_number", "building_id", "measurement_number")
    paged = False


class SupplyContractsMeasurementsClearing(SiengeChildStream):
    """Bills that a measurement was cleared by."""

    name = "supply_contracts_measurements_clearing"
    path = "/v1/supply-contracts/measurements/clearing"
    parent_stream_type = SupplyContractsMeasurements
    parent_keys: ClassVar = {
        "documentId": "document_id",
        "contractNumber": "contract_number",
        "buildingId": "building_id",
        "measurementNumber": "measurement_number",
    }
    primary_keys = ("document_id", "contract_number", "building_id", "measurement_number")
    paged = False
    final_row: ClassVar = {"is_finished": (True,)}


class SupplyContractsMeasurementsItems(SiengeChildStream):
    """Measured items."""

    name = "supply_contracts_measurements_items"
    path = "/v1/supply-contracts/measurements/items"
    parent_stream_type = SupplyContractsMeasurements
    parent_keys: ClassVar = {
        "documentId": "document_id",
        "contractNumber": "contract_number",
        "buildingId": "building_id",
        "measurementNumber": "measurement_number",
    }
    primary_keys = (
        "document_id",
        "contract_number",
        "building_id",
        "measurement_number",
        "building_unit_id",
        "item_id",
    )


class SupplyContractsMeasurementsAttachments(SiengeStream):
    """Attached files of measurements, without their content."""

    name = "supply_contracts_measurements_attachments"
    path = "/v1/supply-contracts/measurements/attachments/all"
    period = Period("measurementStartDate", "measurementEndDate", ahead=FUTURE)
    primary_keys = (
        "document_id",
        "contract_number",
        "building_id",
        "measurement_number",
        "attachment_number",
    )
