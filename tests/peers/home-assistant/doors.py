"""The control door of run.py: one small HTTP server, one route for each thing that a test asks or does. See README.md."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import aiohttp
from aiohttp import web

if TYPE_CHECKING:
    from run import HomeAssistant


def doors(home: HomeAssistant, quit_: asyncio.Event) -> web.Application:
    """The control door: one route for each thing that a test asks or does."""
    app = web.Application(client_max_size=64 << 20)
    route = web.RouteTableDef()

    @web.middleware
    async def errors(request, handler):
        try:
            return await handler(request)
        except (RuntimeError, ValueError, KeyError, TimeoutError, aiohttp.ClientError) as error:
            return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=502)

    app.middlewares.append(errors)

    def reply(result=None) -> web.Response:
        return web.json_response({} if result is None else result)

    @route.get("/states")
    async def states(request):
        wanted = request.query.get("prefix", "")
        return reply([one for one in await home.http("GET", "/api/states") if wanted in one["entity_id"]])

    @route.get("/state/{entity}")
    async def state(request):
        return reply(await home.http("GET", f"/api/states/{request.match_info['entity']}"))

    @route.get("/entities")
    async def entities(_):
        return reply(await home.ws(type="config/entity_registry/list"))

    @route.get("/devices")
    async def devices(_):
        return reply(await home.ws(type="config/device_registry/list"))

    @route.delete("/device/{identifier}")
    async def delete_device(request):
        return reply(await home.delete_device(request.match_info["identifier"]))

    @route.get("/image/{entity}")
    async def image(request):
        state_ = await home.http("GET", f"/api/states/{request.match_info['entity']}")
        async with home.session.get(home.url + state_["attributes"]["entity_picture"]) as answer:
            return web.Response(body=await answer.read(), status=answer.status, content_type=answer.content_type)

    @route.get("/complaints")
    async def complaints(_):
        return reply(home.complaints())

    @route.get("/pushes")
    async def pushes(_):
        return reply(home.pushes)

    @route.delete("/pushes")
    async def forget(_):
        home.pushes.clear()
        return reply()

    @route.post("/phone")  # Home Assistant calls this one: it is the push service of the registered phone
    async def phone(request):
        home.pushes.append({"at": time.time(), **await request.json()})
        limits = {"successful": 1, "maximum": 500, "errors": 0, "resetsAt": "2099-01-01T00:00:00Z"}
        return web.json_response({"rateLimits": limits}, status=201)

    @route.post("/tap")
    async def tap(request):
        return reply(await home.tap(await request.json()))

    @route.post("/say")
    async def say(request):
        body = await request.json()
        if "as" in body:
            return reply(await home.say_as(body["text"], body.get("language"), body["as"]))
        return reply(await home.say(body["text"], body.get("language"), body.get("area")))

    @route.post("/service")
    async def service(request):
        body = await request.json()
        suffix = "?return_response" if body.get("return_response") else ""
        path = f"/api/services/{body['domain']}/{body['service']}{suffix}"
        return reply(await home.http("POST", path, body.get("data", {}), who=body.get("as", "owner")))

    @route.post("/ws")
    async def ws(request):
        return reply(await home.ws(**await request.json()))

    @route.post("/rest")
    async def rest(request):
        body = await request.json()
        method, who = body.get("method", "GET"), body.get("as", "owner")
        return reply(await home.http(method, body["path"], body.get("body"), who=who))

    @route.post("/expose")
    async def expose(request):
        body = await request.json()
        whom = {"assistants": body.get("assistants", ["conversation"]), "should_expose": body.get("expose", True)}
        return reply(await home.ws(type="homeassistant/expose_entity", entity_ids=body["entity_ids"], **whom))

    @route.post("/alexa")
    async def alexa(request):
        return reply(await home.http("POST", "/api/alexa/smart_home", await request.json()))

    @route.post("/google")
    async def google(request):
        return reply(await home.http("POST", "/api/google_assistant", await request.json()))

    @route.post("/automation/{key}")
    async def automation(request):
        key = request.match_info["key"]
        done = await home.http("POST", f"/api/config/automation/config/{key}", await request.json())
        await home.http("POST", "/api/services/automation/reload", {"id": key})  # it would load a moment later
        return reply(done)

    @route.post("/integration/{handler}")
    async def integration(request):
        return reply(await home.add_integration(request.match_info["handler"], await request.json()))

    @route.post("/stop")
    async def stop(request):
        return reply(await home.stop(hard=(request.query.get("hard") == "1")))

    @route.post("/start")
    async def start(_):
        await home.start()
        await home.settled()
        return reply()

    @route.post("/quit")
    async def end(_):
        quit_.set()
        return reply()

    app.add_routes(route)
    return app
