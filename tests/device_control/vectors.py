"""Published examples, byte for byte: whoever makes these texts elsewhere (the SQL) must make the same.

The key of the MACs and the private key are the bytes 00 to 1f. What `openssl dgst -sha256 -mac HMAC` says
of the texts was compared by hand.
"""

from __future__ import annotations

from typing import Final

KEY: Final = bytes(range(32))
KEY_HEX: Final = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
TERMINAL: Final = "本館 窓口１"
NONCE: Final = "0123456789abcdef0123456789abcdef"
DIGEST: Final = "5e" * 32

CHALLENGE: Final = (
    "madoguchi usb challenge 1\n"
    "本館 窓口１\n"
    "0123456789abcdef0123456789abcdef\n"
    "0951:1666\n"
    "60A44C413FAE\n"
    "08:06:50\n"
    "5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e\n"
    "15\n"
)
CHALLENGE_MAC: Final = "69117c395b6e962e50668fb587f6053f7aad83b0980d34ddb95b7dcdf3b57d3c"

CHALLENGE_WITHOUT_SERIAL: Final = (
    "madoguchi usb challenge 1\n"
    "本館 窓口１\n"
    "0123456789abcdef0123456789abcdef\n"
    "0951:1666\n"
    "-\n"
    "08:06:50,08:06:62\n"
    "5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e\n"
    "1\n"
)
CHALLENGE_WITHOUT_SERIAL_MAC: Final = "e1b2dab96fcfec1b13e0c986313bf8625ca67ef236376a2b8927067e3822aa81"

GRANT: Final = "madoguchi usb grant 1\n本館 窓口１\n0123456789abcdef0123456789abcdef\n15\n"
GRANT_MAC: Final = "5041e106eeb11fdb693e404cd4d966208dd02c70594015052924e9375034bc1f"

FIRST_JSON: Final = '{"seq":1,"at":"2026-11-30T01:02:03Z","what":"blocked","name":"USB メモリ"}'
FIRST_RECORD: Final = (
    "madoguchi usb record 1\n"
    "本館 窓口１\n"
    "1\n"
    "0000000000000000000000000000000000000000000000000000000000000000\n"
    '{"seq":1,"at":"2026-11-30T01:02:03Z","what":"blocked","name":"USB メモリ"}\n'
)
FIRST_RECORD_MAC: Final = "fc5854f80da79379986cef9034d02d161a43cf4e59547fc677008437e7da508d"

SECOND_JSON: Final = '{"seq":2,"at":"2026-11-30T01:02:04Z","what":"gone"}'
SECOND_RECORD: Final = (
    "madoguchi usb record 1\n"
    "本館 窓口１\n"
    "2\n"
    "fc5854f80da79379986cef9034d02d161a43cf4e59547fc677008437e7da508d\n"
    '{"seq":2,"at":"2026-11-30T01:02:04Z","what":"gone"}\n'
)
SECOND_RECORD_MAC: Final = "8e6eeb24033e21391cbdf2618c6bb0ee3d4931bdf2c10e41b393f1c551fe8ab4"

RECEIPT: Final = "madoguchi usb receipt 1\n本館 窓口１\n2\n"
RECEIPT_MAC: Final = "24f0f99f6ecbbc131e229df269d04469f8e0ff0c715b7af155fd094af48a4ce8"

PRIVATE_KEY: Final = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"
PUBLIC_KEY: Final = "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=\n"
RULES: Final = (
    'allow id 046d:c31c interfaces 03:01:01 as "鍵盤" because "窓口の鍵盤"\n'
    'block as "ほか" because "許していない"\n'
)
SIGNED_POLICY: Final = (
    "madoguchi device policy 1\n"
    "group: counters\n"
    "version: 12\n"
    "\n"
    'allow id 046d:c31c interfaces 03:01:01 as "鍵盤" because "窓口の鍵盤"\n'
    'block as "ほか" because "許していない"\n'
    "signature: "
    "dVGwJFzoEUEX55MTHHigswJBdR2LDrnl8K9Iw3aNd1DxRABMnAsyEtDfPY73C2x0R7n4hxlI+w6bjfqPXsRxBg==\n"
)
