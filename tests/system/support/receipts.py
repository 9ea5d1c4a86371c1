"""A second implementation of receipts (C2SP tlog-proof): hashlib, and OpenSSL for the signatures."""

import base64
import hashlib
import json
import struct
import subprocess
import tempfile
from pathlib import Path

from support.checks import check

ED25519 = bytes.fromhex("302a300506032b6570032100")
SM2 = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d034200")
SM2_TYPE = b"\xffhongtou.cn/sm2-sm3"


def sha256(data):
    return hashlib.sha256(data).digest()


def leaf(entry):
    return sha256(b"\0" + entry)


def node(left, right):
    return sha256(b"\1" + left + right)


def root_of(index, size, hash_, path):
    """The root that an inclusion path leads to (RFC 9162, 2.1.3.2)."""
    first, last = index, size - 1
    for sibling in path:
        check(last > 0, "the path is too long")
        if first & 1 or first == last:
            hash_ = node(sibling, hash_)
            while first and not first & 1:
                first, last = first >> 1, last >> 1
        else:
            hash_ = node(hash_, sibling)
        first, last = first >> 1, last >> 1
    check(last == 0, "the path is too short")
    return hash_


def key_id(name, material):
    return sha256(name.encode() + b"\n" + material)[:4]


def openssl_verifies(public_key, message, signature, *options):
    with tempfile.TemporaryDirectory() as folder:
        files = {"key": public_key, "message": message, "signature": signature}
        paths = {name: str(Path(folder) / name) for name in files}
        for name, content in files.items():
            Path(paths[name]).write_bytes(content)
        command = ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", paths["key"]]
        command += ["-rawin", "-in", paths["message"], "-sigfile", paths["signature"], *options]
        return subprocess.run(command, capture_output=True).returncode == 0


def der_of(number_pair):
    """The DER encoding of two numbers of 32 bytes."""
    body = b""
    for number in (number_pair[:32], number_pair[32:]):
        number = number.lstrip(b"\0") or b"\0"
        number = b"\0" + number if number[0] & 0x80 else number
        body += b"\x02" + bytes([len(number)]) + number
    return b"\x30" + bytes([len(body)]) + body


def verify_signature(vkey, text, signatures):
    """Verifies the signature of one key; a note without one fails."""
    name, _, material = vkey.split("+", 2)
    material = base64.b64decode(material)
    for line_name, line_id, signature in signatures:
        if (line_name, line_id) != (name, key_id(name, material)):
            continue
        if material[0] == 1:
            return openssl_verifies(ED25519 + material[1:], text, signature)
        if material[0] == 4:
            seconds = struct.unpack(">Q", signature[:8])[0]
            message = f"cosignature/v1\ntime {seconds}\n".encode() + text
            return openssl_verifies(ED25519 + material[1:], message, signature[8:])
        options = ["-digest", "sm3", "-pkeyopt", "distid:1234567812345678"]
        public_key = SM2 + material[len(SM2_TYPE) :]
        return openssl_verifies(public_key, text, der_of(signature), *options)
    return False


def parse_note(note):
    text, lines = note.rsplit("\n\n", 1)
    signatures = []
    for line in lines.splitlines():
        dash, name, signature = line.split(" ")
        check(dash == "—", f"not a signature: {line}")
        signature = base64.b64decode(signature)
        signatures.append((name, signature[:4], signature[4:]))
    return (text + "\n").encode(), signatures


def verify(receipt, file, vkeys):
    """Verifies that a receipt proves a file to every one of the keys. Returns its entry and the size."""
    proof, note = receipt.split("\n\n", 1)
    header, extra, index, *path = proof.split("\n")
    check(header == "c2sp.org/tlog-proof@v1", header)
    entry = base64.b64decode(extra.removeprefix("extra "))
    index = int(index.removeprefix("index "))
    text, signatures = parse_note(note)
    for vkey in vkeys:
        check(verify_signature(vkey, text, signatures), f"{vkey} did not sign")
    _, size, root = text.decode().splitlines()
    path = [base64.b64decode(hash_) for hash_ in path]
    found = root_of(index, int(size), leaf(entry), path)
    check(found == base64.b64decode(root), "the entry is not in the log")
    objects = json.loads(entry)["objects"]
    digests = {"sha256": hashlib.sha256(file).hexdigest(), "sm3": hashlib.new("sm3", file).hexdigest()}
    names_file = any(digests.items() <= one.items() for one in objects)
    check(names_file, "the entry does not name the file with both digests")
    return json.loads(entry), index, int(size)
