"""Hooks of Schemathesis: requests name items and people that there are, and each comes from another client.

`MYSAFE_CONTRACT` holds the ids as JSON: `items` stay, `spare` items may lose their access, `users`.
"""

import itertools
import json
import os
import re

import schemathesis
from schemathesis.openapi.checks import RejectedPositiveData
from schemathesis.transport.serialization import serialize_binary

KNOWN = json.loads(os.environ["MYSAFE_CONTRACT"])
FORMS = {"item": re.compile(r"[A-Za-z0-9_-]{22}"), "user": re.compile(r"[A-Za-z0-9_-]{43}")}
COUNTER = itertools.count()


def known(operation, name):
    """The ids for a parameter of an operation."""
    if name == "user":
        return KNOWN["users"]
    ends_access = operation.method.upper() == "DELETE"
    return KNOWN["spare"] if ends_access else KNOWN["items"]


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    """Puts ids that there are in place of three in four well-formed ones."""
    for name, value in (path_parameters or {}).items():
        if name in FORMS and isinstance(value, str) and FORMS[name].fullmatch(value):
            number = sum(value.encode())
            ids = known(context.operation, name)
            if number % 4 != 0:
                path_parameters[name] = ids[number // 4 % len(ids)]
    return path_parameters


@schemathesis.hook
def before_call(context, case, kwargs):
    """Gives each request another client's address, as a proxy does: tries are counted by it."""
    number = next(COUNTER)
    address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    case.headers["X-Forwarded-For"] = address


@schemathesis.serializer("application/cbor")
def cbor(context, value):
    """Sends the bytes that were made: the description says of CBOR that it is binary."""
    return serialize_binary(value)


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """Drops one kind of finding: random bytes are hardly ever the CBOR of a request, so 400 is right."""
    is_cbor = case.media_type == "application/cbor"
    is_refused = isinstance(failure, RejectedPositiveData) and response.status_code == 400
    return not (is_cbor and is_refused)
