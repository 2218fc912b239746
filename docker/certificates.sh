#!/bin/sh
# The certificates by which Temporal and those who speak to it know each other: an authority of this installation's own,
# one certificate for the server, one for the office's processes, one for the UI. What is there already is left alone.
#
#   sh docker/certificates.sh docker/secrets
#
# Good for two years: delete all but tls_ca.* then, run it again, and restart. tls_ca.key signs new ones and is needed by no
# service: keep it elsewhere.
set -eu
cd "$1"
umask 077
days=731
curve="-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"

if [ ! -e tls_ca.crt ]; then
    # shellcheck disable=SC2086
    openssl req -x509 $curve -days 3653 -subj "/CN=fengqiao" -keyout tls_ca.key -out tls_ca.crt \
        -addext "basicConstraints=critical,CA:TRUE,pathlen:0" -addext "keyUsage=critical,keyCertSign"
fi

issue() { # NAME EXTENDED-KEY-USAGE
    [ ! -e "$1.crt" ] || return 0
    # shellcheck disable=SC2086
    openssl req $curve -subj "/CN=$1" -keyout "$1.key" -out "$1.csr"
    printf '%s\n' "subjectAltName=DNS:$1" "extendedKeyUsage=$2" "basicConstraints=critical,CA:FALSE" > "$1.ext"
    openssl x509 -req -in "$1.csr" -CA tls_ca.crt -CAkey tls_ca.key -CAcreateserial -days "$days" -extfile "$1.ext" \
        -out "$1.crt"
    rm "$1.csr" "$1.ext"
    chmod 644 "$1.key" # the folder is closed; each container reads its own as a user of its own
}

issue temporal serverAuth,clientAuth # its services are clients of each other
issue temporal_office clientAuth
issue temporal_ui clientAuth
chmod 644 tls_ca.crt temporal.crt temporal_office.crt temporal_ui.crt
