"""A slow cable where the kernel has no netem: `wire.py LEFT RIGHT MILLISECONDS` hands every frame of one interface to the other, so
much later. `wire.py plain DEVICE` makes an interface compute its checksums and cut its packets itself, as frames that pass here need."""

import ctypes
import fcntl
import selectors
import socket
import struct
import sys
import time
from collections import deque

ALL_PROTOCOLS = socket.htons(3)
OUTGOING = 4
SIOCETHTOOL = 0x8946
# ETHTOOL_STXCSUM, _SSG, _STSO, _SGSO, _SGRO
FEATURES = (0x17, 0x19, 0x1F, 0x24, 0x2C)
MAX_FRAME = 65_600


def make_plain(device):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        for feature in FEATURES:
            held = ctypes.create_string_buffer(struct.pack("II", feature, 0))
            name = device.encode().ljust(16, b"\0")
            fcntl.ioctl(control, SIOCETHTOOL, name + struct.pack("P", ctypes.addressof(held)))


def carry(left, right, delay):
    ends = []
    for device in (left, right):
        end = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, ALL_PROTOCOLS)
        end.bind((device, 0))
        end.setblocking(False)
        ends.append(end)
    selector = selectors.DefaultSelector()
    under_way = deque()
    for index, end in enumerate(ends):
        selector.register(end, selectors.EVENT_READ, (end, ends[1 - index]))
    print("wire ready: " + left, flush=True)
    while True:
        now = time.monotonic()
        while under_way and under_way[0][0] <= now:
            _, far, frame = under_way.popleft()
            far.send(frame)
        for key, _ in selector.select(max(0, under_way[0][0] - time.monotonic()) if under_way else None):
            near, far = key.data
            while True:
                try:
                    frame, address = near.recvfrom(MAX_FRAME)
                except BlockingIOError:
                    break
                if address[2] != OUTGOING:
                    under_way.append((time.monotonic() + delay, far, frame))


if sys.argv[1] == "plain":
    make_plain(sys.argv[2])
else:
    carry(sys.argv[1], sys.argv[2], float(sys.argv[3]) / 1000)
