# mypy: ignore-errors
"""Morango 0.8.15 with the least of a Django project. Runs under its own interpreter.

``morango_peer.py server FOLDER`` or ``morango_peer.py client FOLDER CORPUS URL IDENTITY``, where IDENTITY is
the file that the server wrote: the certificate both ends hold.
"""

import json
import socket
import sys
import time
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command

PROFILE = "bench"


def set_up(folder):
    settings.configure(
        SECRET_KEY="bench",
        ALLOWED_HOSTS=["*"],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": str(folder / "morango.sqlite"),
                "OPTIONS": {"timeout": 60},
            }
        },
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "rest_framework",
            "mptt",
            "morango",
            "morango_app",
        ],
        ROOT_URLCONF="morango.urls",
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        MIDDLEWARE=[],
        USE_TZ=True,
        LOGGING_CONFIG=None,
    )
    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0)
    from morango.models.certificates import ScopeDefinition

    ScopeDefinition.objects.get_or_create(
        id="everything",
        defaults={
            "profile": PROFILE,
            "version": 1,
            "primary_scope_param_key": "partition",
            "description": "everything",
            "read_filter_template": "",
            "write_filter_template": "",
            "read_write_filter_template": "${partition}",
        },
    )


def serve(folder):
    from django.core.servers.basehttp import WSGIRequestHandler, WSGIServer, run
    from django.core.wsgi import get_wsgi_application
    from morango.models.certificates import Certificate

    root = Certificate.generate_root_certificate("everything")
    (folder / "identity.json").write_text(
        json.dumps(
            {
                "serialized": root.serialized,
                "signature": root.signature,
                "key": root.private_key.get_private_key_string(),
            }
        )
    )
    WSGIRequestHandler.log_message = lambda *args: None
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    print(port, flush=True)
    run("127.0.0.1", port, get_wsgi_application(), threading=True, server_cls=WSGIServer)


def sync(url, root):
    from morango.models.certificates import Filter
    from morango.sync.controller import MorangoProfileController

    controller = MorangoProfileController(PROFILE)
    connection = controller.create_network_connection(url)
    count = 0
    send = connection.session.request

    def counted(*args, **kwargs):
        nonlocal count
        count += 1
        return send(*args, **kwargs)

    connection.session.request = counted
    session = connection.create_sync_session(root, root)
    session.initiate_push(Filter(root.id))
    session.close_sync_session()
    connection.close()
    return count + 1


def bring(folder, corpus, url, identity):
    from morango.models.certificates import Certificate, Key
    from morango.models.core import InstanceIDModel
    from morango_app.models import Application

    told = json.loads(Path(identity).read_text())
    root = Certificate.deserialize(told["serialized"], told["signature"])
    root.private_key = Key(private_key_string=told["key"])
    root.save()
    InstanceIDModel.get_or_create_current_instance()
    for each in json.loads(Path(corpus).read_text()):
        Application(partition=root.id, answers=json.dumps(each, ensure_ascii=False)).save()
    print("ready", flush=True)
    for _ in sys.stdin:
        began, requests = time.monotonic(), 0
        while True:
            try:
                requests += sync(url, root)
                break
            except Exception as error:
                print(type(error).__name__, error, file=sys.stderr)
                if time.monotonic() - began > 240:
                    requests = None
                    break
        print(json.dumps({"seconds": time.monotonic() - began, "requests": requests}), flush=True)


if __name__ == "__main__":
    folder = Path(sys.argv[2])
    set_up(folder)
    if sys.argv[1] == "server":
        import threading

        threading.Thread(target=serve, args=(folder,), daemon=True).start()
        sys.stdin.read()
    else:
        bring(folder, *sys.argv[3:])
