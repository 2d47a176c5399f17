"""Reads file names from standard input, one per line; prints a JSON object: name -> sha256 of all stored values, or null.

Compressed objects are decompressed by gdcmconv first; pydicom and numpy read the native result.
Stored values are Bits Stored bits below High Bit, sign-extended, in the smallest little-endian type of Bits Allocated.
"""
import hashlib
import io
import json
import subprocess
import sys
import tempfile
import warnings
import zlib

import numpy
import pydicom
from PIL import Image
from pydicom.encaps import generate_pixel_data_frame

warnings.filterwarnings("ignore")
DEFLATED_FRAME = "1.2.840.10008.1.2.8.1"
HTJ2K = {"1.2.840.10008.1.2.4.201", "1.2.840.10008.1.2.4.202", "1.2.840.10008.1.2.4.203"}
NATIVE = {"1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2", "1.2.840.10008.1.2.1.99"}


def native(name, folder):
    dataset = pydicom.dcmread(name, force=True)
    syntax = getattr(dataset.file_meta, "TransferSyntaxUID", None)
    if syntax is None:
        dataset.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2"
        return dataset
    if syntax in NATIVE:
        return dataset
    out = folder + "/raw.dcm"
    done = subprocess.run(["gdcmconv", "--raw", name, out], capture_output=True, timeout=60)
    if done.returncode != 0:
        raise ValueError("gdcmconv refuses it")
    return pydicom.dcmread(out, force=True)


def other(dataset):
    """HTJ2K by Pillow's OpenJPEG; deflated frames by zlib."""
    fragments = list(generate_pixel_data_frame(dataset.PixelData, int(dataset.get("NumberOfFrames", 1))))
    if dataset.file_meta.TransferSyntaxUID == DEFLATED_FRAME:
        bits = [numpy.frombuffer(zlib.decompress(bytes(f), -15), "u1") for f in fragments]
        size = dataset.Rows * dataset.Columns
        return numpy.concatenate([numpy.unpackbits(b, bitorder="little")[:size] for b in bits])
    return numpy.stack([numpy.asarray(Image.open(io.BytesIO(f))) for f in fragments])


def digest(name, folder):
    syntax = getattr(pydicom.dcmread(name, force=True, stop_before_pixels=True).file_meta, "TransferSyntaxUID", "")
    if syntax == DEFLATED_FRAME or syntax in HTJ2K:
        dataset = pydicom.dcmread(name, force=True)
        values = other(dataset)
    else:
        dataset = native(name, folder)
        values = dataset.pixel_array
    stored, allocated = int(dataset.BitsStored), int(dataset.BitsAllocated)
    shift = int(dataset.HighBit) + 1 - stored if allocated > 1 else 0
    signed = int(dataset.PixelRepresentation) == 1
    wide = values.astype(numpy.int64)
    wide = (wide >> shift) & ((1 << stored) - 1)
    if signed:
        wide = numpy.where(wide >= 1 << (stored - 1), wide - (1 << stored), wide)
    size = max(8, allocated)
    return hashlib.sha256(wide.astype("<%s%d" % ("i" if signed else "u", size // 8)).tobytes()).hexdigest()[:16]


answers = {}
with tempfile.TemporaryDirectory() as folder:
    for line in sys.stdin:
        name = line.rstrip("\n")
        try:
            answers[name] = digest(name, folder)
        except Exception:
            answers[name] = None
print(json.dumps(answers))
