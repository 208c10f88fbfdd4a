"""stand-in"""

import re


def encoding_of(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        content.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError:
        return (
            "iso-8859-2"
            if len(re.findall(rb"[\xa9\xb9\xab\xbb\xae\xbe]", content))
            > len(re.findall(rb"[\x8a\x9a\x8d\x9d\x8e\x9e]", content))
            else "cp1250"
        )
