"""A mail server for tests (package python3-aiosmtpd): server.py HOST PORT FOLDER. Keeps what it accepts as files in FOLDER,
refuses unknown@… for ever and later@… for now. Writes FOLDER/ready once it listens; ends with standard input."""

import pathlib
import sys

from aiosmtpd.controller import Controller


class Handler:
    def __init__(self, folder):
        self.folder = folder
        self.count = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("unknown@"):
            return "550 no such mailbox"
        if address.startswith("later@"):
            return "451 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.count += 1
        head = f"X-Envelope: {envelope.mail_from} {' '.join(envelope.rcpt_tos)}\r\n".encode()
        (self.folder / f"{self.count}.eml").write_bytes(head + envelope.content)
        return "250 kept"


host, port, folder = sys.argv[1], int(sys.argv[2]), pathlib.Path(sys.argv[3])
controller = Controller(Handler(folder), hostname=host, port=port)
controller.start()
(folder / "ready").write_text("ready")
sys.stdin.read()
controller.stop()
