"""Supply: requests, quotations, orders and invoices."""

from __future__ import annotations

from typing import ClassVar

from tap_sienge.children import SiengeChildStream
from tap_sienge.stream import SiengeStream


class PurchaseRequestsItems(SiengeStream):
    """Items of purchase requests."""

    name = "purchase_requests_items"
    path = "/v1/purchase-requests/all/items"
    by_id: ClassVar = {"purchaseRequestId": "purchase_request_id"}
    primary_keys = ("purchase_request_id", "item_number")
    choices: ClassVar = {  # no list tells the status of a request (FACTS)
        "purchaseRequestStatus": ("PENDING", "PARTIALLY_ATTENDED", "FULLY_ATTENDED", "CANCELED")
    }
    undivided = True


class PurchaseRequests(SiengeChildStream):
    """Purchase requests; the API gives them only one by one."""

    name = "purchase_requests"
    path = "/v1/purchase-requests/{purchaseRequestId}"
    parent_stream_type = PurchaseRequestsItems
    parent_keys: ClassVar = {"purchaseRequestId": "purchase_request_id"}
    paged = False
    final_row: ClassVar = {"status": ("FULLY_ATTENDED", "CANCELED")}


class PurchaseRequestsItemsBuildingsAppropriations(SiengeChildStream):
    """Split of requested items over budgets."""

    name = "purchase_requests_items_buildings_appropriations"
    path = (
        "/v1/purchase-requests/{purchaseRequestId}/items"
        "/{purchaseRequestItemNumber}/buildings-appropriations"
    )
    parent_stream_type = PurchaseRequestsItems
    parent_keys: ClassVar = {
        "purchaseRequestId": "purchase_request_id",
        "purchaseRequestItemNumber": "item_number",
    }
    content_key = (
        "purchase_request_id",
        "purchase_request_item_number",
        "building_unit_id",
        "cost_estimation_item_reference",
    )


class PurchaseRequestsItemsDeliveryRequirements(SiengeChildStream):
    """When requested items are needed."""

    name = "purchase_requests_items_delivery_requirements"
    path = (
        "/v1/purchase-requests/{purchaseRequestId}/items"
        "/{purchaseRequestItemNumber}/delivery-requirements"
    )
    parent_stream_type = PurchaseRequestsItems
    parent_keys: ClassVar = {
        "purchaseRequestId": "purchase_request_id",
        "purchaseRequestItemNumber": "item_number",
    }
    primary_keys = (
        "purchase_request_id",
        "purchase_request_item_number",
        "delivery_requirement_number",
    )
    final_parent: ClassVar = {"purchase_request_status": ("FULLY_ATTENDED", "CANCELED")}


class PurchaseRequestsAttachments(SiengeChildStream):
    """Attached files of requests, without their content."""

    name = "purchase_requests_attachments"
    path = "/v1/purchase-requests/{purchaseRequestId}/attachments"
    parent_stream_type = PurchaseRequestsItems
    parent_keys: ClassVar = {"purchaseRequestId": "purchase_request_id"}
    primary_keys = ("purchase_request_id", "attachment_number")


class PurchaseQuotations(SiengeStream):
    """Quotations with the last negotiation of each supplier."""

    name = "purchase_quotations"
    path = "/v1/purchase-quotations/all/negotiations"
    primary_keys = ("purchase_quotation_id",)


class PurchaseOrders(SiengeStream):
    """Purchase orders."""

    name = "purchase_orders"
    path = "/v1/purchase-orders"
    record_path = "/v1/purchase-orders/{purchaseOrderId}"


class PurchaseOrdersItems(SiengeChildStream):
    """Items of purchase orders."""

    name = "purchase_orders_items"
    path = "/v1/purchase-orders/{purchaseOrderId}/items"
    parent_stream_type = PurchaseOrders
    parent_keys: ClassVar = {"purchaseOrderId": "id"}
    primary_keys = ("purchase_order_id", "item_number")
    final_parent: ClassVar = {"status": ("FULLY_DELIVERED", "CANCELED")}


class PurchaseOrdersItemsPurchaseRequests(SiengeChildStream):
    """Requests that ordered items attend."""

    name = "purchase_orders_items_purchase_requests"
    path = "/v1/purchase-orders/{purchaseOrderId}/items/{itemNumber}/purchase-requests"
    parent_stream_type = PurchaseOrdersItems
    parent_keys: ClassVar = {"purchaseOrderId": "purchase_order_id", "itemNumber": "item_number"}
    primary_keys = (
        "purchase_order_id",
        "item_number",
        "purchase_request_id",
        "purchase_request_item_id",
    )


class PurchaseOrdersItemsDeliverySchedules(SiengeChildStream):
    """When ordered items are to come."""

    name = "purchase_orders_items_delivery_schedules"
    path = "/v1/purchase-orders/{purchaseOrderId}/items/{itemNumber}/delivery-schedules"
    parent_stream_type = PurchaseOrdersItems
    parent_keys: ClassVar = {"purchaseOrderId": "purchase_order_id", "itemNumber": "item_number"}
    primary_keys = ("purchase_order_id", "item_number", "delivery_schedule_number")
    final_row: ClassVar = {"open_quantity": (0,)}


class PurchaseOrdersItemsBuildingsAppropriations(SiengeChildStream):
    """Split of ordered items over budgets."""

    name = "purchase_orders_items_buildings_appropriations"
    path = "/v1/purchase-orders/{purchaseOrderId}/items/{itemNumber}/buildings-appropriations"
    parent_stream_type = PurchaseOrdersItems
    parent_keys: ClassVar = {"purchaseOrderId": "purchase_order_id", "itemNumber": "item_number"}
    content_key = (
        "purchase_order_id",
        "item_number",
        "building_unit_id",
        "cost_estimation_item_reference",
    )


class PurchaseOrdersTotalization(SiengeChildStream):
    """Totals and payment of orders."""

    name = "purchase_orders_totalization"
    path = "/v1/purchase-orders/{purchaseOrderId}/totalization"
    parent_stream_type = PurchaseOrders
    parent_keys: ClassVar = {"purchaseOrderId": "id"}
    primary_keys = ("purchase_order_id",)
    paged = False
    final_parent: ClassVar = {"status": ("FULLY_DELIVERED", "CANCELED")}


class PurchaseOrdersDirectBilling(SiengeChildStream):
    """Direct billing of orders."""

    name = "purchase_orders_direct_billing"
    path = "/v1/purchase-orders/{purchaseOrderId}/direct-billing"
    parent_stream_type = PurchaseOrders
    parent_keys: ClassVar = {"purchaseOrderId": "id"}
    primary_keys = ("purchase_order_id",)
    paged = False


class PurchaseOrdersSupplierEvaluationCriteria(SiengeChildStream):
    """Criteria by which suppliers of orders are judged."""

    name = "purchase_orders_supplier_evaluation_criteria"
    path = "/v1/purchase-orders/{purchaseOrderId}/supplier-evaluation-criteria"
    parent_stream_type = PurchaseOrders
    parent_keys: ClassVar = {"purchaseOrderId": "id"}
    primary_keys = ("purchase_order_id",)
    paged = False


class PurchaseOrdersAttachments(SiengeChildStream):
    """Attached files of orders, without their content."""

    name = "purchase_orders_attachments"
    path = "/v1/purchase-orders/{purchaseOrderId}/attachments"
    parent_stream_type = PurchaseOrders
    parent_keys: ClassVar = {"purchaseOrderId": "id"}
    primary_keys = ("purchase_order_id", "attachment_number")


class PurchaseInvoices(SiengeStream):
    """Purchase invoices."""

    name = "purchase_invoices"
    path = "/v1/purchase-invoices"
    record_path = "/v1/purchase-invoices/{sequentialNumber}"
    primary_keys = ("sequential_number",)


class PurchaseInvoicesItems(SiengeChildStream):
    """Items of purchase invoices."""

    name = "purchase_invoices_items"
    path = "/v1/purchase-invoices/{sequentialNumber}/items"
    parent_stream_type = PurchaseInvoices
    parent_keys: ClassVar = {"sequentialNumber": "sequential_number"}
    primary_keys = ("sequential_number", "invoice_item_number")


class PurchaseInvoicesItemsBuildingsAppropriations(SiengeChildStream):
    """Split of invoiced items over budgets."""

    name = "purchase_invoices_items_buildings_appropriations"
    path = "/v1/purchase-invoices/{sequentialNumber}/items/{itemNumber}/buildings-appropriations"
    parent_stream_type = PurchaseInvoicesItems
    parent_keys: ClassVar = {
        "sequentialNumber": "sequential_number",
        "itemNumber": "invoice_item_number",
    }
    content_key = ("sequential_number", "item_number", "building_unit_id", "sheet_item_id")


class PurchaseInvoicesDeliveriesAttended(SiengeChildStream):
    """Deliveries of ordered items."""

    name = "purchase_invoices_deliveries_attended"
    path = "/v1/purchase-invoices/deliveries-attended"
    parent_stream_type = PurchaseOrders
    parent_keys: ClassVar = {"purchaseOrderId": "id"}
    primary_keys = (
        "purchase_order_id",
        "purchase_order_item_number",
        "delivery_item_purchase_order_number",
        "purchase_order_item_attended_number",
    )
    final_parent: ClassVar = {"status": ("FULLY_DELIVERED", "CANCELED")}
