"""Open pages in the doors' world: one of everything that is public, made when their addresses are asked for."""

from __future__ import annotations

from typing import Any

from tests.public.making import Town


def public_samples(world: Any) -> dict[str, dict[str, Any]]:
    """The addresses of a region of its own with open pages; nothing in it belongs to the people of the world."""
    if not hasattr(world, "public"):
        town = Town()
        programme = town.programme()
        town.application(programme)
        town.award()
        score = town.score(town.run())
        score_inside = town.run_of(world)
        world.public = (
            town.region.code,
            programme.pk,
            town.release().pk,
            town.drawn()[0].pk,
            score.pk,
            score_inside.pk,
        )
    code, programme_pk, release, draw, score_pk, run = world.public
    of_region = {"code": code}
    return {
        **{f"public:{name}": of_region for name in
           ("start", "notices", "answer", "titles", "titles_export", "bulletins", "scores", "draws")},
        **{f"public:{name}": of_region | {"pk": programme_pk} for name in ("notice", "notice_paper", "object")},
        **{f"public:{name}": of_region | {"pk": release} for name in ("bulletin", "word", "pdf")},
        "public:score": of_region | {"pk": score_pk},
        "public:score_file": of_region | {"pk": score_pk, "name": "standard.yaml"},
        "public:score_inside": {"pk": run},
        "public:score_act": {"pk": run, "action": "release"},
        **{f"public:{name}": of_region | {"pk": draw} for name in ("draw", "record")},
    }  # fmt: skip
