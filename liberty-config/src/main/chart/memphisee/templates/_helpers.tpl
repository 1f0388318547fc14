{{- define "memphisee.fullname" -}}
{{- if .Values.fullnameOverride -}}{{ .Values.fullnameOverride | trunc 40 | trimSuffix "-" }}
{{- else -}}
{{- $name := default "memphis" .Values.nameOverride -}}
{{- if contains $name .Release.Name -}}{{ .Release.Name | trunc 40 | trimSuffix "-" }}
{{- else -}}{{ printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" }}{{- end -}}
{{- end -}}
{{- end }}

{{- define "memphisee.namespace" -}}{{ default .Release.Namespace .Values.namespaceOverride }}{{- end }}

{{- define "memphisee.selector" -}}
app.kubernetes.io/name: memphisee
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "memphisee.labels" -}}
{{ include "memphisee.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "memphisee.metadata" -}}
name: {{ .name }}
namespace: {{ include "memphisee.namespace" .root }}
labels:
  {{- include "memphisee.labels" .root | nindent 2 }}
{{- end }}

{{- define "memphisee.image" -}}
{{- if .Values.memphis.image -}}{{ .Values.memphis.image }}
{{- else -}}
{{- $image := printf "%s%s" .Values.image.registry .Values.image.repository -}}
{{- if .Values.image.digest -}}{{ printf "%s@%s" $image .Values.image.digest }}
{{- else -}}{{ printf "%s:%s" $image (default .Chart.AppVersion .Values.image.tag) }}{{- end -}}
{{- end -}}
{{- end }}

{{- /* How many brokers; more than one are a cluster. */ -}}
{{- define "memphisee.replicas" -}}
{{- $v := .Values -}}
{{- if gt (int $v.cluster.replicas) 1 -}}{{ int $v.cluster.replicas }}
{{- else if or $v.global.cluster.enabled $v.cluster.enabled -}}3
{{- else -}}1{{- end -}}
{{- end }}

{{- define "memphisee.clustered" -}}
{{- if gt (int (include "memphisee.replicas" .)) 1 -}}true{{- end -}}
{{- end }}

{{- /* The secret with authority, certificate and key between brokers, and the keys in it. */ -}}
{{- define "memphisee.clusterTls" -}}
{{- $tls := .Values.cluster.tls | default dict -}}
{{- $secret := ($tls.secret | default dict).name | default "" -}}
{{- $issuer := ($tls.issuerRef | default dict).name | default "" -}}
secret: {{ default (printf "%s-cluster" (include "memphisee.fullname" .)) $secret }}
given: {{ ternary "secret" (ternary "issuer" "" (ne $issuer "")) (ne $secret "") | quote }}
ca: {{ ternary ($tls.ca | default "ca.crt") "ca.crt" (ne $secret "") }}
cert: {{ ternary ($tls.cert | default "tls.crt") "tls.crt" (ne $secret "") }}
key: {{ ternary ($tls.key | default "tls.key") "tls.key" (ne $secret "") }}
{{- end }}

{{- define "memphisee.credentials" -}}
{{- default (printf "%s-creds" (include "memphisee.fullname" .)) .Values.memphis.creds.secretConfig.name -}}
{{- end }}

{{- define "memphisee.tlsSecret" -}}
{{- if .Values.tls.certManager.enabled -}}{{ printf "%s-tls" (include "memphisee.fullname" .) }}
{{- else -}}{{ .Values.memphis.tls.secret.name }}{{- end -}}
{{- end }}

{{- define "memphisee.external" -}}
{{- if or .Values.metadata.external.enabled (eq .Values.metadata.mode "external") -}}true{{- end -}}
{{- end }}

{{- /* The secret of an external database: yours, or one of ours for a password in values. */ -}}
{{- define "memphisee.databaseSecret" -}}
{{- if .Values.metadata.external.secret.name -}}{{ .Values.metadata.external.secret.name }}
{{- else -}}{{ printf "%s-metadata" (include "memphisee.fullname" .) }}{{- end -}}
{{- end }}

{{- /* Names of keys in the secret of credentials, by what they are. */ -}}
{{- define "memphisee.keys" -}}
{{- $config := .Values.memphis.creds.secretConfig -}}
rootPwd: {{ $config.rootPwd_key }}
connectionToken: {{ $config.connectionToken_key }}
jwtSecret: {{ $config.jwtSecret_key }}
refreshJwtSecret: {{ $config.refreshJwtSecret_key }}
jwtSecretRestGW: {{ $config.jwtSecretRestGW_key }}
refreshJwtSecretRestGW: {{ $config.refreshJwtSecretRestGW_key }}
encryptionSecretKey: {{ $config.encryptionSecretKey_key }}
{{- if include "memphisee.clustered" . }}
clusterSecret: {{ $config.clusterSecret_key }}
{{- end }}
{{- end }}

{{- /* What the operator gave, by the same names. */ -}}
{{- define "memphisee.given" -}}
{{- $creds := .Values.memphis.creds -}}
rootPwd: {{ default .Values.rootPwd $creds.rootPwd | quote }}
connectionToken: {{ default .Values.connectionToken $creds.connectionToken | quote }}
jwtSecret: {{ $creds.jwtSecret | quote }}
refreshJwtSecret: {{ $creds.refreshJwtSecret | quote }}
jwtSecretRestGW: {{ .Values.restGateway.jwtSecret | quote }}
refreshJwtSecretRestGW: {{ .Values.restGateway.refreshJwtSecret | quote }}
encryptionSecretKey: {{ $creds.encryptionSecretKey | quote }}
{{- end }}

{{- define "memphisee.probe" -}}
httpGet:
  path: {{ .path }}
  port: metrics
initialDelaySeconds: {{ .probe.initialDelaySeconds }}
periodSeconds: {{ .probe.periodSeconds }}
timeoutSeconds: {{ .probe.timeoutSeconds }}
failureThreshold: {{ .probe.failureThreshold }}
{{- end }}

{{- /* Values of the Memphis chart that are set and do nothing here, one on a line. */ -}}
{{- define "memphisee.ignored" -}}
{{- $v := .Values -}}
{{- range $name, $value := dict "analytics" $v.analytics "logsRetentionInDays" $v.logsRetentionInDays "ui_host" $v.ui_host "rest_gw_host" $v.rest_gw_host "broker_host" $v.broker_host
    "dashboard" $v.dashboard "bootconfig" $v.bootconfig "reloader" $v.reloader "busybox" $v.busybox "appProtocol" $v.appProtocol "topologyKeys" $v.topologyKeys "podDisruptionBudget" $v.podDisruptionBudget
    "useFQDN" $v.useFQDN "podManagementPolicy" $v.podManagementPolicy "auth" $v.auth "upgrade" $v.upgrade "teston" $v.teston
    "memphis.configFile.logsRetentionInDays" $v.memphis.configFile.logsRetentionInDays "memphis.configFile.dlsRetentionHours" $v.memphis.configFile.dlsRetentionHours
    "memphis.configFile.tieredStorageUploadIntervalSeconds" $v.memphis.configFile.tieredStorageUploadIntervalSeconds
    "memphis.hosts.uiHostName" $v.memphis.hosts.uiHostName "memphis.hosts.restgwHostName" $v.memphis.hosts.restgwHostName "memphis.hosts.brokerHostName" $v.memphis.hosts.brokerHostName
    "memphis.limits.maxSubscriptions" $v.memphis.limits.maxSubscriptions "memphis.limits.maxControlLine" $v.memphis.limits.maxControlLine "memphis.limits.writeDeadline" $v.memphis.limits.writeDeadline
    "memphis.limits.maxPings" $v.memphis.limits.maxPings "memphis.limits.pingInterval" $v.memphis.limits.pingInterval
    "memphis.limits.lameDuckGracePeriod" (ternary "" $v.memphis.limits.lameDuckGracePeriod (eq (include "memphisee.clustered" .) "true"))
    "memphis.limits.lameDuckDuration" (ternary "" $v.memphis.limits.lameDuckDuration (eq (include "memphisee.clustered" .) "true")) "memphis.externalAccess" $v.memphis.externalAccess "memphis.profiling" $v.memphis.profiling
    "websocket.host" $v.websocket.host "restGateway.user" $v.restGateway.user "restGateway.image" $v.restGateway.image "restGateway.pullPolicy" $v.restGateway.pullPolicy
    "restGateway.resources" $v.restGateway.resources "metadata.enabled" $v.metadata.enabled
    "cluster.noAdvertise" $v.cluster.noAdvertise "cluster.authorization" $v.cluster.authorization "exporter.image" $v.exporter.image "exporter.pullPolicy" $v.exporter.pullPolicy
    "exporter.port" $v.exporter.port "exporter.portName" $v.exporter.portName "exporter.resources" $v.exporter.resources "exporter.securityContext" $v.exporter.securityContext
    "exporter.serviceExposed" $v.exporter.serviceExposed }}
{{- if not (or (kindIs "invalid" $value) (eq (toString $value) "")) }}
  - {{ $name }}
{{- end }}
{{- end }}
{{- end }}

{{- /* Everything that cannot be done, with the way out. */ -}}
{{- define "memphisee.check" -}}
{{- $v := .Values -}}
{{- $replicas := int (include "memphisee.replicas" .) -}}
{{- $running := lookup "apps/v1" "StatefulSet" (include "memphisee.namespace" .) (include "memphisee.fullname" .) -}}
{{- if $running -}}
{{- $now := int $running.spec.replicas -}}
{{- if and (eq $now 1) (gt $replicas 1) -}}
{{- fail (printf "\n\nThis release runs one broker, and the broker that runs would not be restarted before the new ones are ready, which wait for it.\nLet it be made anew, its volume stays:\n  kubectl -n %s delete statefulset %s --cascade=orphan\n  helm upgrade ...\n  kubectl -n %s delete pod %s-0\nIts stations keep one replica." (include "memphisee.namespace" .) (include "memphisee.fullname" .) (include "memphisee.namespace" .) (include "memphisee.fullname" .)) -}}
{{- else if and (gt $now 0) (ne $now $replicas) -}}
{{- fail (printf "\n\nThis release runs %d brokers and is to have %d: this version cannot change the size of a cluster. Leave cluster.replicas at %d." $now $replicas $now) -}}
{{- end -}}
{{- end -}}
{{- if gt $replicas 1 -}}
{{- $tls := include "memphisee.clusterTls" . | fromYaml -}}
{{- if $v.memphis.storageEngine.fileStorage.existingClaim -}}{{- fail "\n\nmemphis.storageEngine.fileStorage.existingClaim is one volume, and each broker of a cluster has its own: remove it." -}}{{- end -}}
{{- if include "memphisee.external" . -}}{{- fail "\n\nmetadata.external: each broker of a cluster projects what is defined into a database of its own, and a shared one would be written by all of them. Remove it; the one inside can be thrown away at any time." -}}{{- end -}}
{{- if and (eq $v.memphis.creds.generatedBy "broker") (not $v.memphis.creds.secretConfig.existingSecret) -}}{{- fail "\n\nmemphis.creds.generatedBy=broker: the brokers of a cluster must have the same secrets. Give them one: memphis.creds.secretConfig.existingSecret=true, with the key CLUSTER_SECRET of at least 32 characters; and cluster.tls.secret.name or cluster.tls.issuerRef." -}}{{- end -}}
{{- if and (eq $tls.given "issuer") (not $v.assumeOperators) (not (.Capabilities.APIVersions.Has "cert-manager.io/v1")) -}}{{- fail "\n\ncluster.tls.issuerRef: this cluster has no cert-manager. Install it, or leave the name away: then the chart makes the certificate." -}}{{- end -}}
{{- $duck := int (regexReplaceAll "s$" (default "30s" $v.memphis.limits.lameDuckDuration) "") -}}
{{- if lt (int $v.memphis.terminationGracePeriodSeconds) (add (int $v.memphis.drainDelaySeconds) 60 $duck 20) -}}
{{- fail (printf "\n\nmemphis.terminationGracePeriodSeconds is %d: in a cluster it must be at least drainDelaySeconds, 60 to hand over, lameDuckDuration and 20 more, which is %d." (int $v.memphis.terminationGracePeriodSeconds) (add (int $v.memphis.drainDelaySeconds) 60 $duck 20)) -}}
{{- end -}}
{{- end -}}
{{- if $v.cluster.extraRoutes -}}{{- fail "\n\ncluster.extraRoutes joins several Kubernetes clusters, which this broker does not do: remove it." -}}{{- end -}}
{{- if $v.memphis.storageEngine.encryption -}}{{- fail "\n\nmemphis.storageEngine.encryption: stored messages are not encrypted by this version. Use an encrypted volume (a StorageClass can do it) and remove the value." -}}{{- end -}}
{{- if or $v.metadata.postgresql $v.metadata.pgpool -}}
{{- fail "\n\nmetadata.postgresql and metadata.pgpool: there is no database beside the broker; it has one inside, or uses yours.\nRemove them, or set metadata.external.enabled=true with dbHost, dbName, dbUser and a secret." -}}
{{- end -}}
{{- if include "memphisee.external" . -}}
{{- $e := $v.metadata.external -}}
{{- if not $e.dbHost -}}{{- fail "\n\nmetadata.external.dbHost is missing: the host of your PostgreSQL." -}}{{- end -}}
{{- if and $e.dbPass (not $v.allowPlainSecrets) -}}
{{- fail "\n\nmetadata.external.dbPass would stand in the release for everybody to read.\nPut it into a secret and name that: metadata.external.secret.enabled=true, .name, .dbPass_key; or set allowPlainSecrets=true." -}}
{{- end -}}
{{- if not (or $e.dbPass $e.secret.name) -}}{{- fail "\n\nmetadata.external.secret.name is missing: the secret with the database's password under the key dbPass_key." -}}{{- end -}}
{{- if and $e.dbTlsMutual (not $e.secret.name) -}}{{- fail "\n\nmetadata.external.dbTlsMutual needs metadata.external.secret.name with CA, certificate and key." -}}{{- end -}}
{{- end -}}
{{- if lt (int $v.memphis.terminationGracePeriodSeconds) (add (int $v.memphis.drainDelaySeconds) 20) -}}
{{- fail (printf "\n\nmemphis.terminationGracePeriodSeconds is %d: it must be at least drainDelaySeconds and 20 more, so that everything is synced and closed." (int $v.memphis.terminationGracePeriodSeconds)) -}}
{{- end -}}
{{- if and $v.memphis.tls.secret.name (not (and $v.memphis.tls.cert $v.memphis.tls.key)) -}}{{- fail "\n\nmemphis.tls.cert and memphis.tls.key are missing: which keys of the secret hold certificate and key." -}}{{- end -}}
{{- if and $v.memphis.tls.http (not (include "memphisee.tlsSecret" .)) -}}{{- fail "\n\nmemphis.tls.http needs a certificate: name its secret in memphis.tls.secret.name, or let tls.certManager make one." -}}{{- end -}}
{{- if and $v.memphis.tls.verify (not $v.memphis.tls.ca) (not $v.tls.certManager.enabled) -}}{{- fail "\n\nmemphis.tls.verify needs memphis.tls.ca: which key of the secret holds the CA of the clients." -}}{{- end -}}
{{- if and $v.tls.certManager.enabled (not $v.tls.certManager.issuerRef.name) -}}{{- fail "\n\ntls.certManager.issuerRef.name is missing: the issuer that signs." -}}{{- end -}}
{{- if and $v.tls.certManager.enabled (not $v.assumeOperators) (not (.Capabilities.APIVersions.Has "cert-manager.io/v1")) -}}{{- fail "\n\ntls.certManager.enabled: this cluster has no cert-manager. Install it, or give a secret in memphis.tls." -}}{{- end -}}
{{- if and $v.websocket.tls.secret.name (not (include "memphisee.tlsSecret" .)) -}}{{- fail "\n\nwebsocket.tls: clients and WebSocket share one certificate. Name it in memphis.tls; websocket.tls.secret.name then only switches wss on." -}}{{- end -}}
{{- if and $v.ingress.enabled (not (or $v.ingress.dashboardHost $v.ingress.gatewayHost $v.ingress.websocketHost)) -}}{{- fail "\n\ningress.enabled needs a host: ingress.dashboardHost, gatewayHost or websocketHost." -}}{{- end -}}
{{- range $kind, $on := dict "ServiceMonitor" $v.exporter.serviceMonitor.enabled "PrometheusRule" $v.exporter.prometheusRule.enabled -}}
{{- if and $on (not $v.assumeOperators) (not ($.Capabilities.APIVersions.Has (printf "monitoring.coreos.com/v1/%s" $kind))) -}}
{{- fail (printf "\n\n%s is asked for, and this cluster does not know it: install the Prometheus operator, or switch it off; assumeOperators=true for tools that render without a cluster. exporter.enabled alone sets the annotations prometheus.io/scrape." $kind) -}}
{{- end -}}
{{- end -}}
{{- end }}
