# SPDX-License-Identifier: Apache-2.0
"""The same service as the server, with FastAPI and the Python reference, for compare_reference.py. SPECIESNET_PACKAGE
is the model's folder."""

import os
import uuid
from pathlib import Path

import anyio
from fastapi import FastAPI, File, HTTPException, UploadFile
from speciesnet import SpeciesNet

FILE_LIMIT = 5 * 1024 * 1024
SIGNATURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"BM", b"RIFF", b"II*\0", b"MM\0*")
FOLDER = Path("tmp_speciesnet")
WORKERS = 2

FOLDER.mkdir(mode=0o700, exist_ok=True)
model = SpeciesNet(os.environ["SPECIESNET_PACKAGE"])
workers = anyio.CapacityLimiter(WORKERS)
app = FastAPI()


def predict(path: Path) -> dict:
    answer = model.predict(filepaths=[str(path)], run_mode="single_thread", progress_bars=False)
    assert answer is not None
    return answer["predictions"][0]


@app.get("/healthz")
async def healthz() -> dict:
    return {"status": "ok"}


@app.post("/uploadfile/")
async def uploadfile(file: UploadFile = File(...)) -> dict:
    if not (file.content_type or "").startswith("image/"):
        raise HTTPException(415, "not an image type")
    content = await file.read(FILE_LIMIT + 1)
    if len(content) > FILE_LIMIT:
        raise HTTPException(413, "too large")
    if not content.startswith(SIGNATURES):
        raise HTTPException(400, "not an image")
    path = FOLDER / f"{uuid.uuid4().hex}{Path(file.filename or '').suffix}"
    path.write_bytes(content)
    try:
        answer = await anyio.to_thread.run_sync(predict, path, limiter=workers)
    finally:
        path.unlink()
    return {"filename": file.filename, "content_size": len(content), "speciesnet": answer}
