from django.apps import AppConfig


class ContributingConfig(AppConfig):
    name = "fangxin.kernel.contributing"
    label = "contributing"

    def ready(self) -> None:
        # Stands last in INSTALLED_APPS, so every model is there when the offers are collected.
        from fangxin.kernel.contributing.discovery import discover  # noqa: PLC0415

        discover()
