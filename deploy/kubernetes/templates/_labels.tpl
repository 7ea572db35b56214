{{- define "labels" -}}
app.kubernetes.io/name: tap-sienge
app.kubernetes.io/instance: {{ .subdomain | quote }}
app.kubernetes.io/version: {{ .chart.AppVersion | quote }}
app.kubernetes.io/managed-by: Helm
{{- end }}
