#!/bin/sh
# Makes a certificate for trying Archwire out, unless one is there. Put your own, key and chain in one file, in its place.
set -eu
file="${1:-/certificates/archwire.pem}"
name="${2:-localhost}"
[ -s "$file" ] && exit 0
folder=$(mktemp -d)
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 825 -subj "/CN=$name" \
  -addext "subjectAltName=DNS:$name,DNS:localhost,IP:127.0.0.1" -keyout "$folder/key.pem" -out "$folder/cert.pem"
cat "$folder/cert.pem" "$folder/key.pem" > "$file.new"
chmod 644 "$file.new"
mv "$file.new" "$file"
rm -r "$folder"
