"""A shop's own data: closed to everybody without credentials, and this service issues none.

Merchants sign in at the front end, which is not part of this deployment. Nothing is looked up before the refusal: its
answer can't tell whether a shop exists.
"""

from fastapi import APIRouter, HTTPException

router = APIRouter(prefix="/api")


@router.get("/shops/{shop_domain}")
@router.patch("/shops/{shop_domain}")
@router.delete("/shops/{shop_domain}")
@router.get("/insights")
@router.get("/dashboard/summary")
async def refuse() -> None:
    """Asks for credentials, whatever shop was named."""
    raise HTTPException(401, "Authentication required", headers={"WWW-Authenticate": "Bearer"})
