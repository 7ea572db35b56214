{{- /* Os mesmos nomes que deploy/tenants.py dá. Um subdomínio que não serve de nome ganha, depois de
dois hifens, o seu hash: assim dois nunca têm o mesmo nome. */ -}}
{{- define "key" -}}
{{- if and (regexMatch "^[a-z0-9]+(-[a-z0-9]+)*$" .) (le (len .) 45) (not (has . (list "postgres" "template0" "template1"))) -}}
{{ . }}
{{- else -}}
{{ regexReplaceAll "[^a-zA-Z0-9]+" . "-" | lower | trunc 33 | trimAll "-" }}--{{ sha256sum . | trunc 10 }}
{{- end -}}
{{- end }}

{{- /* O minuto da janela só depende do subdomínio: uma empresa a mais não muda o horário das outras. */ -}}
{{- define "schedule" -}}
{{- if not (regexMatch "^[0-9]+$" (toString .tenant.hour)) -}}
{{ fail (printf "defaults.hour: esperada uma hora, de 0 a 23, mas veio %v; o que não cabe nisto vai em schedule" .tenant.hour) }}
{{- end -}}
{{- $minute := mod (adler32sum (sha256sum .subdomain) | int64) (int64 .tenant.window) -}}
{{- $start := add (mul (toString .tenant.hour | atoi) 60) $minute -}}
{{ printf "%d %d * * *" (mod $start 60) (mod (div $start 60) 24) }}
{{- end }}

{{- define "labels" -}}
app.kubernetes.io/name: tap-sienge
app.kubernetes.io/instance: {{ .name | quote }}
app.kubernetes.io/version: {{ .chart.AppVersion | quote }}
app.kubernetes.io/managed-by: Helm
{{- end }}
