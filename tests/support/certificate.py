"""A certificate for one test: its own authority, a server named localhost unless told otherwise."""

import subprocess
from pathlib import Path


class Certificate:
    def __init__(self, folder, names="DNS:localhost,DNS:mx2.help.example,IP:127.0.0.1", days=2):
        folder = Path(folder)
        folder.mkdir(exist_ok=True)
        self.authority, self.chain, self.key = folder / "ca.pem", folder / "server.pem", folder / "server.key"
        request, extension = folder / "server.csr", folder / "server.ext"
        extension.write_text(f"subjectAltName={names}\n")
        new_key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        _openssl("req", "-x509", *new_key, "-keyout", folder / "ca.key", "-out", self.authority, "-days", "2",
                 "-subj", "/CN=Test authority", "-addext", "basicConstraints=critical,CA:TRUE")
        _openssl("req", *new_key, "-keyout", self.key, "-out", request, "-subj", "/CN=mx2.help.example")
        _openssl("x509", "-req", "-in", request, "-CA", self.authority, "-CAkey", folder / "ca.key",
                 "-CAcreateserial", "-days", days, "-extfile", extension, "-out", self.chain)
        self.key.chmod(0o600)

    def smtp_lines(self):
        return (f'certificate = "{self.chain}"', f'private_key = "{self.key}"')


def _openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)
