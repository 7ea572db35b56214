"""Stock: what is there, reserved and moved, and the categories of supply."""

from __future__ import annotations

from typing import ClassVar

from tap_sienge.children import SiengeChildStream
from tap_sienge.declaration import WEEK
from tap_sienge.stream import SiengeStream
from tap_sienge.streams import cadastros


class StockInventoriesItems(SiengeStream):
    """Stock of a cost center."""

    name = "stock_inventories_items"
    path = "/v1/stock-inventories/{costCenterId}/items"
    parent_stream_type = cadastros.CostCenters
    parent_keys: ClassVar = {"costCenterId": "id"}
    primary_keys = ("cost_center_id", "item_id")
    selected_by_default = False


class StockInventoriesItemsBuildingAppropriation(SiengeChildStream):
    """Split of stock over budgets."""

    name = "stock_inventories_items_building_appropriation"
    path = "/v1/stock-inventories/{costCenterId}/items/{resourceId}/building-appropriation"
    parent_stream_type = StockInventoriesItems
    parent_keys: ClassVar = {"costCenterId": "cost_center_id", "resourceId": "resource_id"}
    final_parent: ClassVar = {"quantity": (0,)}
    content_key = ("cost_center_id", "resource_id", "building_unit_id", "sheet_item_id")


class StockReservations(SiengeStream):
    """Reservations of stock."""

    name = "stock_reservations"
    path = "/v1/stock-reservations"


class StockReservationsItems(SiengeChildStream):
    """Items of reservations."""

    name = "stock_reservations_items"
    path = "/v1/stock-reservations/{reservationId}/items"
    parent_stream_type = StockReservations
    parent_keys: ClassVar = {"reservationId": "id"}
    final_parent: ClassVar = {"status": ("FULFILLED", "CANCELLED")}
    primary_keys = ("reservation_id", "item_id")


class InventoryMovements(SiengeStream):
    """Movements of stock."""

    name = "inventory_movements"
    path = "/v1/inventory-movements"


class InventoryMovementsDetails(SiengeChildStream):
    """Movements of stock with their source."""

    name = "inventory_movements_details"
    path = "/v1/inventory-movements/{id}"
    parent_stream_type = InventoryMovements
    parent_keys: ClassVar = {"id": "id"}
    paged = False


class SupplyCategories(SiengeStream):
    """Categories of supply."""

    name = "supply_categories"
    path = "/v1/supply-categories"
    record_path = "/v1/supply-categories/{categoryId}"
    full_refresh_days = WEEK
