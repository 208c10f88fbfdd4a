"""Looking an organisation up by its IČO, in any spelling."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from .. import ico
from ..errors import IcoError
from .app import problem, site

__all__ = ["blueprint"]

blueprint = Blueprint("lookup", __name__)


@blueprint.get("/ico")
@blueprint.get("/ico/")
def form() -> Response | BaseResponse:
    """Answer the form that works without JavaScript."""
    return organisation(request.args.get("q", ""))


@blueprint.get("/ico/<path:spelling>")
def organisation(spelling: str) -> Response | BaseResponse:
    """Redirect to the organisation with this IČO; 400 with the reason when it is none."""
    try:
        number = ico.parse(spelling)
    except IcoError as error:
        return problem(400, error.cs, error.en)
    iri = site().iris.organisation(ico=number)
    if iri not in site().serving.entities:
        return problem(404, f"Organizaci s IČO {number} nemáme.", f"There is no organisation with IČO {number}.")
    return redirect(f"{request.script_root}/{iri.removeprefix(site().config.base)}", 303)
