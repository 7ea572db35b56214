"""Engineering: budgets, schedules, daily reports and cost databases."""

from __future__ import annotations

from typing import ClassVar

from tap_sienge.children import SiengeChildStream
from tap_sienge.declaration import WEEK
from tap_sienge.stream import SiengeStream
from tap_sienge.streams import cadastros


class BuildingCostEstimationsSheets(SiengeStream):
    """Sheets of a site's budget."""

    name = "building_cost_estimations_sheets"
    path = "/v1/building-cost-estimations/{buildingId}/sheets"
    parent_stream_type = cadastros.Enterprises
    parent_keys: ClassVar = {"buildingId": "id"}
    primary_keys = ("building_id", "id")
    selected_by_default = False


class BuildingCostEstimationsSheetsItems(SiengeChildStream):
    """Items of budget sheets."""

    name = "building_cost_estimations_sheets_items"
    path = "/v1/building-cost-estimations/{buildingId}/sheets/{building_unit_id}/items"
    parent_stream_type = BuildingCostEstimationsSheets
    parent_keys: ClassVar = {"buildingId": "building_id", "building_unit_id": "id"}
    primary_keys = ("building_id", "building_unit_id", "id")
    follows_changes = False


class BuildingCostEstimationsResources(SiengeStream):
    """Resources of a site's budget."""

    name = "building_cost_estimations_resources"
    path = "/v1/building-cost-estimations/{buildingId}/resources"
    parent_stream_type = cadastros.Enterprises
    parent_keys: ClassVar = {"buildingId": "id"}
    primary_keys = ("building_id", "id")
    selected_by_default = False


class BuildingCostEstimationsCostEstimateResources(SiengeStream):
    """Budgeted resources, item by item."""

    name = "building_cost_estimations_cost_estimate_resources"
    path = "/v1/building-cost-estimations/{buildingId}/cost-estimate-resources"
    parent_stream_type = cadastros.Enterprises
    parent_keys: ClassVar = {"buildingId": "id"}
    content_key = (
        "building_id",
        "building_unit_id",
        "sheet_item_id",
        "id",
        "detail_id",
        "trademark_id",
    )
    selected_by_default = False


class BuildingCostEstimationsResourceUnitsOfMovement(SiengeChildStream):
    """Units in which a site moves a resource."""

    name = "building_cost_estimations_resource_units_of_movement"
    path = "/v1/building-cost-estimations/{buildingId}/resource-units-of-movement"
    parent_stream_type = BuildingCostEstimationsResources
    parent_keys: ClassVar = {"buildingId": "building_id", "resourceId": "id"}
    primary_keys = ("building_id", "resource_id", "id")


class BuildingProjectsCalendar(SiengeStream):
    """Calendar of a site."""

    name = "building_projects_calendar"
    path = "/v1/building-projects/{buildingId}/calendar"
    parent_stream_type = cadastros.Enterprises
    parent_keys: ClassVar = {"buildingId": "id"}
    primary_keys = ("building_id",)
    paged = False
    selected_by_default = False


class BuildingProjectsCalendarDaysOff(SiengeStream):
    """Days off of a site."""

    name = "building_projects_calendar_days_off"
    path = "/v1/building-projects/{buildingId}/calendar/days-off"
    parent_stream_type = cadastros.Enterprises
    parent_keys: ClassVar = {"buildingId": "id"}
    content_key = ("building_id", "date")
    selected_by_default = False


class BuildingProjectsProgressLogs(SiengeStream):
    """Measurements of progress."""

    name = "building_projects_progress_logs"
    path = "/v1/building-projects/progress-logs"
    primary_keys = ("building_id", "measurement_number")


class BuildingProjectsProgressLogsDetails(SiengeChildStream):
    """Measurements of progress with their units."""

    name = "building_projects_progress_logs_details"
    path = "/v1/building-projects/{buildingId}/progress-logs/{measurementNumber}"
    parent_stream_type = BuildingProjectsProgressLogs
    parent_keys: ClassVar = {"buildingId": "building_id", "measurementNumber": "measurement_number"}
    primary_keys = ("building_id", "measurement_number")
    paged = False


class BuildingProjectsProgressLogsItems(SiengeChildStream):
    """Measured tasks."""

    name = "building_projects_progress_logs_items"
    path = (
        "/v1/building-projects/{buildingId}/progress-logs/{measurementNumber}"
        "/items/{buildingUnitId}"
    )
    parent_stream_type = BuildingProjectsProgressLogsDetails
    parent_keys: ClassVar = {
        "buildingId": "building_id",
        "measurementNumber": "measurement_number",
        "buildingUnitId": "building_units.id",
    }
    primary_keys = ("building_id", "measurement_number", "building_unit_id", "task_id")


class BuildingProjectsSheetsTasks(SiengeChildStream):
    """Tasks of the schedule."""

    name = "building_projects_sheets_tasks"
    path = "/v1/building-projects/{buildingId}/sheets/{buildingUnitId}/tasks"
    parent_stream_type = BuildingCostEstimationsSheets
    parent_keys: ClassVar = {"buildingId": "building_id", "buildingUnitId": "id"}
    primary_keys = ("building_id", "building_unit_id", "id")
    follows_changes = False


class ConstructionDailyReport(SiengeStream):
    """Daily reports of sites."""

    name = "construction_daily_report"
    path = "/v1/construction-daily-report"
    primary_keys = ("building_id", "id")


class ConstructionDailyReportDetails(SiengeChildStream):
    """Daily reports with tasks, crews, equipment and events."""

    name = "construction_daily_report_details"
    path = "/v1/construction-daily-report/{buildingId}/{constructionDailyId}"
    parent_stream_type = ConstructionDailyReport
    parent_keys: ClassVar = {"buildingId": "building_id", "constructionDailyId": "id"}
    primary_keys = ("building_id", "id")
    paged = False


class ConstructionDailyReportEventType(SiengeStream):
    """Kinds of event of daily reports."""

    name = "construction_daily_report_event_type"
    path = "/v1/construction-daily-report/event-type"
    full_refresh_days = WEEK


class ConstructionDailyReportTypes(SiengeStream):
    """Kinds of event, crew and equipment of daily reports."""

    name = "construction_daily_report_types"
    path = "/v1/construction-daily-report/types"
    primary_keys = ("type", "id")
    full_refresh_days = WEEK


class CostDatabases(SiengeStream):
    """Cost databases, active ones."""

    name = "cost_databases"
    path = "/v1/cost-databases"
    choices: ClassVar = {"status": ("ACTIVE", "INACTIVE")}
    full_refresh_days = WEEK


class CostDatabasesResources(SiengeStream):
    """Resources of cost databases, with prices."""

    name = "cost_databases_resources"
    path = "/v1/cost-databases/{costDatabaseId}/resources"
    choices: ClassVar = {"status": ("ACTIVE", "INACTIVE")}
    parent_stream_type = CostDatabases
    parent_keys: ClassVar = {"costDatabaseId": "id"}
    primary_keys = ("cost_database_id", "id")
    selected_by_default = False


class CostDatabasesWorkItems(SiengeStream):
    """Work items of cost databases, with prices."""

    name = "cost_databases_work_items"
    path = "/v1/cost-databases/{costDatabaseId}/work-items"
    choices: ClassVar = {"status": ("ACTIVE", "INACTIVE")}
    parent_stream_type = CostDatabases
    parent_keys: ClassVar = {"costDatabaseId": "id"}
    primary_keys = ("cost_database_id", "id")
    selected_by_default = False


class CostDatabasesWorkItemsAssemblies(SiengeStream):
    """What work items are made of."""

    name = "cost_databases_work_items_assemblies"
    path = "/v1/cost-databases/{costDatabaseId}/work-items-assemblies"
    parent_stream_type = CostDatabases
    parent_keys: ClassVar = {"costDatabaseId": "id"}
    primary_keys = ("cost_database_id", "id")
    selected_by_default = False


class Sites(SiengeStream):
    """Places of a site."""

    name = "sites"
    path = "/v1/sites"
    parent_stream_type = cadastros.Enterprises
    parent_keys: ClassVar = {"buildingId": "id"}
    primary_keys = ("building_id", "id")
    selected_by_default = False


class WorkItemGroups(SiengeStream):
    """Groups of work items."""

    name = "work_item_groups"
    path = "/v1/work-item-groups"
    content_key = ("building_type_id", "work_item_group_code", "reference_id")
    full_refresh_days = WEEK
