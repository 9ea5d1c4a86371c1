"""Tells schemathesis how to send PDFs and lines of JSON."""

import json

import schemathesis


@schemathesis.serializer("application/pdf")
def pdf(context, value):
    return value if isinstance(value, bytes) else str(value).encode()


@schemathesis.serializer("application/x-ndjson")
def ndjson(context, value):
    return value if isinstance(value, bytes) else json.dumps(value).encode()
