"""python-tuf's client over the same server: cold verification of every file of the release, or unchanged refreshes.

Arguments: cold|unchanged, repetitions, address, certificate to pin, root metadata, target paths. Prints "ready" once it is warm, waits
for a line, and prints the seconds of each repetition as JSON.
"""
import http.client
import json
import os
import shutil
import ssl
import sys
import tempfile
import time
from urllib.parse import urlsplit

from tuf.api.exceptions import DownloadHTTPError
from tuf.ngclient import Updater
from tuf.ngclient.fetcher import FetcherInterface


class KeptConnection(FetcherInterface):
    """Plain HTTPS over one connection that stays open: less than the library's own fetcher does."""

    def __init__(self, address, certificate):
        parts = urlsplit(address)
        context = ssl.create_default_context(cafile=certificate)
        self.connection = http.client.HTTPSConnection(parts.hostname, parts.port, context=context)

    def _fetch(self, url):
        self.connection.request("GET", urlsplit(url).path)
        response = self.connection.getresponse()
        if response.status != 200:
            response.read()
            raise DownloadHTTPError(url, response.status)
        return self.chunks(response)

    @staticmethod
    def chunks(response):
        while chunk := response.read(400_000):
            yield chunk


def updater(folder, address, fetcher):
    base = address.rstrip("/") + "/v1/repository/"
    return Updater(
        metadata_dir=os.path.join(folder, "metadata"), metadata_base_url=base + "metadata/",
        target_dir=os.path.join(folder, "targets"), target_base_url=base + "targets/", fetcher=fetcher)


def installation(root):
    folder = tempfile.mkdtemp(prefix="relay-bench-")
    os.mkdir(os.path.join(folder, "metadata"))
    os.mkdir(os.path.join(folder, "targets"))
    shutil.copyfile(root, os.path.join(folder, "metadata", "root.json"))
    return folder


def cold(address, certificate, root, paths):
    folder = installation(root)
    start = time.perf_counter()
    client = updater(folder, address, KeptConnection(address, certificate))
    client.refresh()
    for path in paths:
        client.download_target(client.get_targetinfo(path))
    seconds = time.perf_counter() - start
    shutil.rmtree(folder)
    return seconds


def main():
    mode, repetitions, address, certificate, root, *paths = sys.argv[1:]
    if mode == "cold":
        def once():
            return cold(address, certificate, root, paths)
    else:
        folder = installation(root)
        fetcher = KeptConnection(address, certificate)

        def once():
            start = time.perf_counter()
            client = updater(folder, address, fetcher)
            client.refresh()
            # The delegated role, as a node needs it to know what its channel runs.
            client.get_targetinfo("channels/stable.json")
            return time.perf_counter() - start
    once()
    print("ready", flush=True)
    sys.stdin.readline()
    print(json.dumps([once() for _ in range(int(repetitions))]), flush=True)


main()
