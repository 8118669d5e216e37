"""What a page costs over the wire: the bytes that came, compressed as they were, with nothing from the cache."""

KILOBYTE = 1024
DOCUMENT, WHOLE = 30 * KILOBYTE, 100 * KILOBYTE


class Scales:
    """Weighs what a page loads from the moment this is made."""

    def __init__(self, page):
        self._kinds, self._loaded = {}, []
        wire = page.context.new_cdp_session(page)
        wire.on("Network.requestWillBeSent", lambda event: self._kinds.update({event["requestId"]: event["type"]}))
        wire.on("Network.loadingFinished", lambda event: self._loaded.append(event))
        wire.send("Network.enable")
        wire.send("Network.setCacheDisabled", {"cacheDisabled": True})

    def reset(self):
        self._loaded.clear()

    def document(self):
        return sum(one["encodedDataLength"] for one in self._loaded if self._kinds.get(one["requestId"]) == "Document")

    def whole(self):
        return sum(one["encodedDataLength"] for one in self._loaded)
