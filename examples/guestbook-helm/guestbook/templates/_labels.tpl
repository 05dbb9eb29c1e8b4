{{- define "guestbook.labels" -}}
app: web
release: {{ .Release.Name }}
{{- end }}
