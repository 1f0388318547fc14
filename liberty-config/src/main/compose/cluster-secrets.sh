#!/bin/sh
# Makes what the brokers of a cluster know each other by: a password for root, a secret, an authority for this cluster only, and a
# certificate with its key for each node. What is there is kept, so that it can be run again for another node.
#   sh cluster-secrets.sh [DIRECTORY [NODE...]]        without arguments: secrets memphis-0 memphis-1 memphis-2
set -eu
directory=${1:-secrets}
if [ $# -gt 0 ]; then shift; fi
if [ $# -eq 0 ]; then set -- memphis-0 memphis-1 memphis-2; fi
command -v openssl > /dev/null || { echo "cluster-secrets.sh needs openssl" >&2; exit 1; }

umask 077
mkdir -p "$directory"
cd "$directory"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

random() { # FILE BYTES
    [ -s "$1" ] || { openssl rand -base64 "$2" | tr -d '\n' > "$work/new" && mv "$work/new" "$1"; }
}

key() { # FILE
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1" 2> /dev/null
}

random root_password 18
random cluster_secret 48

if [ ! -s cluster_ca.pem ]; then
    key cluster_ca.key
    openssl req -x509 -new -key cluster_ca.key -days 3650 -subj "/CN=Memphis EE cluster" -out "$work/ca.pem"
    mv "$work/ca.pem" cluster_ca.pem
fi

for node in "$@"; do
    [ ! -s "$node.pem" ] || continue
    [ -s cluster_ca.key ] || { echo "cluster_ca.key is not here: nothing can sign a certificate for $node" >&2; exit 1; }
    key "$node.key"
    printf 'subjectAltName=DNS:%s\nextendedKeyUsage=serverAuth,clientAuth\nbasicConstraints=CA:FALSE\n' "$node" > "$work/extensions"
    openssl req -new -key "$node.key" -subj "/CN=$node" -out "$work/request"
    openssl x509 -req -in "$work/request" -CA cluster_ca.pem -CAkey cluster_ca.key -CAserial "$work/serial" -CAcreateserial -days 3650 \
        -extfile "$work/extensions" -out "$work/$node.pem" 2> /dev/null
    mv "$work/$node.pem" "$node.pem"
done

# containers read them as another user; nobody else may enter the directory
for file in root_password cluster_secret cluster_ca.pem; do chmod 644 "$file"; done
for node in "$@"; do chmod 644 "$node.pem" "$node.key"; done
echo "$(pwd): root_password, cluster_secret, cluster_ca.pem, certificate and key of $*"
echo "cluster_ca.key signs further nodes: keep it elsewhere."
