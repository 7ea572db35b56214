"""A DAG for each company of the tenants' file: the load, then the models (docs/orquestracao.md).

The variable SIENGE_TENANTS names the file, which is the Helm chart's. No secret passes through
here: pods take them from a Secret, containers and commands from files that only they open.
"""

from __future__ import annotations

import os
import shlex
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from airflow.providers.apprise.notifications.apprise import AppriseNotifier
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, CronTriggerTimetable, TriggerRule
from airflow.sdk.definitions.callback import AsyncCallback
from airflow.sdk.definitions.deadline import DeadlineAlert, DeadlineReference

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from deploy.pods import SECRETS, arguments, image, pod, variables  # noqa: E402
from deploy.tenants import STEPS, File, Tenant  # noqa: E402

if TYPE_CHECKING:
    from airflow.sdk import BaseOperator

SAO_PAULO = "America/Sao_Paulo"


def in_kubernetes(file: File, tenant: Tenant, step: str) -> BaseOperator:
    """Give the pod that the chart's CronJob would start, with the chart's own volume."""
    from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator

    return KubernetesPodOperator(
        task_id=step,
        name=tenant.name,
        namespace=file.values["airflow"]["namespace"],
        base_container_name="sync",
        pod_template_dict=pod(file, tenant, step),
    )


def in_docker(file: File, tenant: Tenant, step: str) -> BaseOperator:
    """Give a container of this machine's Docker; its secrets are files."""
    from airflow.providers.docker.operators.docker import DockerOperator
    from docker.types import Mount

    told = file.values["airflow"]
    secrets = {f"{name}_FILE": f"/run/secrets/{key}" for name, key in SECRETS.items()}
    return DockerOperator(
        task_id=step,
        image=image(file),
        command=arguments(),
        environment=variables(file, tenant, step) | secrets,
        network_mode=told["network"],
        mem_limit="1g",
        cpus=1.0,
        auto_remove="force",
        mount_tmp_dir=False,
        mounts=[
            Mount("/var/lib/sienge", tenant.name, type="volume"),
            Mount(
                "/run/secrets", f"{told['secrets']}/{tenant.secret}", type="bind", read_only=True
            ),
        ],
    )


def on_this_machine(file: File, tenant: Tenant, step: str) -> BaseOperator:
    """Give a command of this clone, which reads the secrets itself."""
    from airflow.providers.standard.operators.bash import BashOperator

    told = file.values["airflow"]
    command = [
        *(str(ROOT / ".venv" / "bin" / "python"), "-m", "deploy", "sincroniza", str(TENANTS)),
        *(tenant.key, f"--so={step}", f"--segredos={told['secrets']}"),
        f"--andamento={told['state']}",
    ]
    return BashOperator(task_id=step, bash_command=f"exec {shlex.join(command)}", cwd=str(ROOT))


RUNNERS = {"kubernetes": in_kubernetes, "docker": in_docker, "bash": on_this_machine}


def alerts(told: dict[str, Any], tenant: Tenant) -> dict[str, Any]:
    """Give what the DAG does when a task has failed for good, or the data are late."""
    if not (connection := told["alerts"]):
        return {}

    def message(title: str, body: str) -> dict[str, str]:
        return {
            "title": title,
            "body": body,
            "notify_type": "failure",
            "apprise_conn_id": connection,
        }

    hours = float(tenant.settings["lateAfterHours"])
    failed = message(
        f"Sienge de {tenant.subdomain}: falhou",
        "A parte {{ ti.task_id }} falhou, depois das repetições: {{ ti.log_url }}",
    )
    late = message(
        f"Sienge de {tenant.subdomain}: atrasado",
        f"{hours:g} horas depois do horário marcado, a sincronização ainda não terminou.",
    )
    return {
        "default_args": {"on_failure_callback": AppriseNotifier(**failed)},
        "deadline": DeadlineAlert(
            reference=DeadlineReference.DAGRUN_LOGICAL_DATE,
            interval=timedelta(hours=hours),
            callback=AsyncCallback(AppriseNotifier, kwargs=late),
        ),
    }


def dag(file: File, tenant: Tenant) -> DAG:
    """Give the DAG of a company."""
    told = file.values["airflow"]
    settings = alerts(told, tenant)
    common = {
        "retries": int(told["retries"]),
        "retry_delay": timedelta(minutes=float(told["retryMinutes"])),
        "execution_timeout": timedelta(hours=6),
        "pool": told["pool"],
    }
    with DAG(
        tenant.name,
        description=f"O Sienge de {tenant.subdomain} no banco {tenant.database}",
        schedule=CronTriggerTimetable(tenant.schedule, timezone=SAO_PAULO),
        start_date=datetime(2026, 1, 1, tzinfo=ZoneInfo(SAO_PAULO)),
        catchup=False,
        max_active_runs=1,
        tags=["sienge"],
        **settings | {"default_args": common | settings.get("default_args", {})},
    ) as found:
        load, models = (RUNNERS[told["runner"]](file, tenant, step) for step in STEPS)
        # Also after a table that failed, as in the container; the end tells that it did.
        models.trigger_rule = TriggerRule.ALL_DONE
        load >> models >> EmptyOperator(task_id="fim") << load
    return found


TENANTS = Path(os.environ["SIENGE_TENANTS"]).resolve()
FILE = File.read(TENANTS)
for company in FILE.tenants:
    globals()[company.name] = dag(FILE, company)
