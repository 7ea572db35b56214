"""The pod of a tenant as a plain mapping: the one that the chart's CronJob starts."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from deploy.tenants import File, Tenant

CHART = Path(__file__).parent / "kubernetes" / "Chart.yaml"
SECRETS = {
    "TAP_SIENGE_USERNAME": "username",
    "TAP_SIENGE_PASSWORD": "password",
    "CARGA_PASSWORD": "carga-password",
}


def arguments() -> list[str]:
    """Give what the image is told to do; who starts it also repeats it."""
    return ["sincroniza"]


def variables(file: File, tenant: Tenant, step: str = "") -> dict[str, str]:
    """Give the variables that are no secrets; with a step, only that is done."""
    database = file.values["database"]
    return {
        "DB_HOST": str(database["host"]),
        "DB_PORT": str(database["port"]),
        "DB_NAME": tenant.database,
        "PGSSLMODE": str(database["sslmode"]),
        "CARGA_USER": tenant.user,
        "DBT_TARGET_PATH": "/tmp/dbt",  # noqa: S108, a volume of the pod alone
        "TAP_SIENGE_SUBDOMAIN": tenant.subdomain,
        **tenant.env,
        **({"SYNC_ONLY": step} if step else {}),
    }


def image(file: File) -> str:
    """Give the image, whose tag is the chart's unless the file says another."""
    told = file.values["image"]
    own = re.search(r'^appVersion: "(.+)"$', CHART.read_text(encoding="utf-8"), re.MULTILINE)
    return f"{told['repository']}:{told['tag'] or (own and own[1])}"


def pod(file: File, tenant: Tenant, step: str) -> dict[str, Any]:
    """Give it; tests hold it against what the chart renders."""
    given = variables(file, tenant, step)
    from_secret = {
        name: {"secretKeyRef": {"name": tenant.secret, "key": key}} for name, key in SECRETS.items()
    }
    mounts = {
        "data": "/var/lib/sienge",
        "tmp": "/tmp",  # noqa: S108
        "run": "/app/.meltano/run",
        "logs": "/app/.meltano/logs",
    }
    container = {
        "name": "sync",
        "image": image(file),
        "imagePullPolicy": file.values["image"]["pullPolicy"],
        "args": arguments(),
        "env": [
            *({"name": name, "value": value} for name, value in given.items()),
            *({"name": name, "valueFrom": source} for name, source in from_secret.items()),
        ],
        "resources": tenant.settings["resources"],
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": [{"name": name, "mountPath": path} for name, path in mounts.items()],
    }
    spec = {
        "activeDeadlineSeconds": 21600,
        "restartPolicy": "Never",
        "automountServiceAccountToken": False,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": 10001,
            "runAsGroup": 10001,
            "fsGroup": 10001,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": [container],
        "volumes": [
            {"name": "data", "persistentVolumeClaim": {"claimName": tenant.name}},
            {"name": "tmp", "emptyDir": {"sizeLimit": "1Gi"}},
            {"name": "run", "emptyDir": {"medium": "Memory", "sizeLimit": "64Mi"}},
            {"name": "logs", "emptyDir": {"sizeLimit": "64Mi"}},
        ],
    }
    if pull := file.values["imagePullSecrets"]:
        spec["imagePullSecrets"] = pull
    labels = {"app.kubernetes.io/name": "tap-sienge", "app.kubernetes.io/instance": tenant.name}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"labels": labels}, "spec": spec}
