"""Refusals of the web application: one sentence each; never an echo of what was sent, never an inner text."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from storage.errors import DatabaseBusyError
from texts.catalogue import Catalogue


def add_refusals(app: FastAPI, texts: Catalogue) -> None:
    """Register the handlers; the framework's own would repeat the input that did not fit."""

    async def unfit(_request: Request, _error: Exception) -> JSONResponse:
        return JSONResponse({"error": texts.say("other.unfit")}, status_code=422)

    async def busy(_request: Request, _error: Exception) -> JSONResponse:
        return JSONResponse({"error": texts.say("other.trouble")}, status_code=503, headers={"Retry-After": "2"})

    async def refused(_request: Request, error: Exception) -> JSONResponse:
        status = error.status_code if isinstance(error, HTTPException) else 400
        headers = error.headers if isinstance(error, HTTPException) else None
        return JSONResponse({"error": texts.say("other.unfit")}, status_code=status, headers=headers)

    async def broken(_request: Request, _error: Exception) -> JSONResponse:
        return JSONResponse({"error": texts.say("other.trouble")}, status_code=500)

    app.add_exception_handler(RequestValidationError, unfit)
    app.add_exception_handler(DatabaseBusyError, busy)
    app.add_exception_handler(HTTPException, refused)
    app.add_exception_handler(Exception, broken)
