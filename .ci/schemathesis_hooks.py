"""What schemathesis must be told: a PDF is sent as the bytes that it is."""

import schemathesis


@schemathesis.serializer("application/pdf")
def pdf(context, value):
    return value if isinstance(value, bytes) else str(value).encode()
