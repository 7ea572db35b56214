"""Run by Airflow's own Python: prints what the DAGs hold, as JSON."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from airflow.dag_processing.dagbag import DagBag
from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.serialization.serialized_objects import DagSerialization
from kubernetes.client import ApiClient


def told(task: Any) -> dict[str, Any]:  # noqa: ANN401
    """Give what decides how a task runs."""
    found = {
        "operator": type(task).__name__,
        "pool": task.pool,
        "retries": task.retries,
        "rule": str(task.trigger_rule),
        "upstream": sorted(task.upstream_task_ids),
        "rendered": {name: repr(getattr(task, name)) for name in task.template_fields},
    }
    if isinstance(task, KubernetesPodOperator):
        found["pod"] = ApiClient().sanitize_for_serialization(task.build_pod_request_obj())
    return found


def dags(folder: str, tenants: str) -> dict[str, Any]:
    """Give what a tenants' file makes of the folder of the DAGs."""
    os.environ["SIENGE_TENANTS"] = tenants
    bag = DagBag(folder)
    assert not bag.import_errors, bag.import_errors
    return {
        dag.dag_id: {
            "schedule": [dag.timetable.expression, str(dag.timetable.timezone)],
            "runs": dag.max_active_runs,
            "serialized": json.dumps(DagSerialization.to_dict(dag), default=str),
            "tasks": {task.task_id: told(task) for task in dag.tasks},
        }
        for dag in bag.dags.values()
    }


print(json.dumps([dags(sys.argv[1], tenants) for tenants in sys.argv[2:]]))
