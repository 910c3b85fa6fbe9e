"""A gate's module as libmodbus answers for it; started by a test, through ctypes.

``python libmodbus_module.py NAME=VALUE...`` sets inputs by address (``3=1``) and registers by ``r``
and address (``r1=1000``), prints its port, and serves one connection after the other. Words of the
same form on its standard input change what the module shows; ``?`` prints a line of JSON with its
coils and registers. It ends with its input.
"""

import ctypes
import ctypes.util
import json
import os
import select
import socket
import sys
from typing import Any

BITS, REGISTERS = 32, 4
LONGEST = 260
"""Bytes of a request over TCP (``MODBUS_TCP_MAX_ADU_LENGTH``)."""


COUNTS = (
    "nb_bits",
    "start_bits",
    "nb_input_bits",
    "start_input_bits",
    "nb_input_registers",
    "start_input_registers",
    "nb_registers",
    "start_registers",
)


class Mapping(ctypes.Structure):
    """``modbus_mapping_t`` of libmodbus 3.1."""

    _fields_ = (
        *((name, ctypes.c_int) for name in COUNTS),
        ("tab_bits", ctypes.POINTER(ctypes.c_uint8)),
        ("tab_input_bits", ctypes.POINTER(ctypes.c_uint8)),
        ("tab_input_registers", ctypes.POINTER(ctypes.c_uint16)),
        ("tab_registers", ctypes.POINTER(ctypes.c_uint16)),
    )


def library() -> ctypes.CDLL:
    """Load libmodbus and say what its functions take."""
    found = ctypes.util.find_library("modbus")
    if found is None:
        sys.exit("libmodbus is not here: make test installs it with mbpoll")
    modbus = ctypes.CDLL(found)
    pointer, text, number = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
    modbus.modbus_new_tcp.argtypes, modbus.modbus_new_tcp.restype = [text, number], pointer
    modbus.modbus_mapping_new.restype = ctypes.POINTER(Mapping)
    modbus.modbus_set_socket.argtypes = [pointer, number]
    modbus.modbus_receive.argtypes = [pointer, text]
    modbus.modbus_reply.argtypes = [pointer, text, number, ctypes.POINTER(Mapping)]
    return modbus


def change(shown: Mapping, word: str) -> None:
    """Set one input or register."""
    name, value = word.split("=")
    if name.startswith("r"):
        shown.tab_registers[int(name[1:])] = int(value)
    else:
        shown.tab_input_bits[int(name)] = int(value)


def obey(shown: Mapping) -> bool:
    """Do what the input says; false at its end."""
    said = os.read(0, LONGEST).decode()
    for word in said.split():
        if word == "?":
            state = {
                "coils": [shown.tab_bits[at] for at in range(BITS)],
                "registers": [shown.tab_registers[at] for at in range(REGISTERS)],
            }
            print(json.dumps(state), flush=True)
        else:
            change(shown, word)
    return bool(said)


def serve(words: list[str]) -> None:
    """Answer requests and lines until the input ends."""
    modbus = library()
    context = modbus.modbus_new_tcp(b"127.0.0.1", 0)
    mapping = modbus.modbus_mapping_new(BITS, BITS, REGISTERS, REGISTERS)
    for word in words:
        change(mapping.contents, word)
    client: socket.socket | None = None
    request = ctypes.create_string_buffer(LONGEST)
    with socket.create_server(("127.0.0.1", 0)) as server:
        print(server.getsockname()[1], flush=True)
        while True:
            lines: list[Any] = [0, server] if client is None else [0, server, client]
            ready, _, _ = select.select(lines, [], [])
            if 0 in ready and not obey(mapping.contents):
                return
            if server in ready:
                client, _ = server.accept()
                modbus.modbus_set_socket(context, client.fileno())
            elif client in ready:
                size = modbus.modbus_receive(context, request)
                if size < 0:
                    client = None
                elif size > 0:
                    modbus.modbus_reply(context, request, size, mapping)


if __name__ == "__main__":
    serve(sys.argv[1:])
