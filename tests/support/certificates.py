"""A private certificate authority and a server certificate, made with openssl."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

_DAYS = "30"
_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc")


@dataclass(frozen=True)
class Certificates:
    """Where the files are. `ca` is what both sides trust; `cert` and `key` are the server's own."""

    ca: Path
    ca_key: Path
    cert: Path
    key: Path


_LOOPBACK = "DNS:localhost,IP:127.0.0.1,IP:127.0.0.2,IP:127.0.0.3,IP:::1"


def make_certificates(directory: Path, names: str = _LOOPBACK) -> Certificates:
    """Write an authority and a certificate into `directory`, for localhost, 127.0.0.1 to 127.0.0.3 and ::1.

    `names`: the server's names instead, as openssl writes them (``DNS:example.jp,IP:192.0.2.1``).
    The authority's key stays, for our eyes only: `tests.support.terminals` signs clients' certificates.
    Raises RuntimeError with openssl's words when it fails.
    """
    ca, ca_key = directory / "ca.crt", directory / "ca.key"
    cert, key, request = directory / "server.crt", directory / "server.key", directory / "server.csr"
    extensions, config = directory / "server.ext", directory / "openssl.cnf"
    # The machine's own openssl.cnf may add extensions; with this one only what is named here goes in.
    config.write_text("[req]\ndistinguished_name=dn\n[dn]\n", encoding="ascii")
    extensions.write_text(
        f"subjectAltName={names}\nbasicConstraints=critical,CA:FALSE\nextendedKeyUsage=serverAuth\n",
        encoding="ascii",
    )
    _openssl(
        "req", "-config", str(config), "-x509", *_KEY, "-days", _DAYS,
        "-subj", "/CN=Madoguchi test authority",
        "-addext", "basicConstraints=critical,CA:TRUE,pathlen:0",
        "-addext", "keyUsage=critical,keyCertSign,cRLSign",
        "-keyout", str(ca_key), "-out", str(ca),
    )  # fmt: skip
    _openssl(
        "req", "-config", str(config), *_KEY, "-subj", "/CN=localhost",
        "-keyout", str(key), "-out", str(request),
    )  # fmt: skip
    _openssl(
        "x509", "-req", "-in", str(request), "-CA", str(ca), "-CAkey", str(ca_key), "-set_serial", "2",
        "-days", _DAYS, "-extfile", str(extensions), "-out", str(cert),
    )  # fmt: skip
    for spent in (request, extensions, config):
        spent.unlink()
    key.chmod(0o600)
    ca_key.chmod(0o600)
    ca.chmod(0o644)
    return Certificates(ca, ca_key, cert, key)


def _openssl(*arguments: str) -> None:
    done = subprocess.run(["openssl", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"openssl {arguments[0]} failed: {done.stderr.strip()}")
