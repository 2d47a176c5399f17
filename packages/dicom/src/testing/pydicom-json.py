"""Writes what pydicom reads of each file named on standard input, one JSON object per line: the DICOM JSON model or the error."""
import json
import sys
import warnings

import pydicom

warnings.simplefilter("ignore")


def bulk(element):
    return "bulk"


for line in sys.stdin:
    path = line.rstrip("\n")
    try:
        dataset = pydicom.dcmread(path, force=True, stop_before_pixels=False)
        result = {"json": dataset.to_json_dict(bulk_data_threshold=1025, bulk_data_element_handler=bulk)}
    except Exception as error:
        result = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(result), flush=True)
