"""Ray Data: `embed(dataset, …)`, the job of `touchstone-bulk` on a cluster. Needs ray[data] and pyarrow.

import ray
from touchstone_embeddings.ray import embed
from touchstone_embeddings.bulk import TableOptions

vectors = embed(ray.data.read_parquet("in/"), TableOptions(model="/models/model.gguf"), actors=4, num_cpus=16)
vectors.write_parquet("out/")
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from ._table import TableEmbedder, TableOptions

__all__ = ["TableOptions", "embed"]


class _Embedder(TableEmbedder):
    """Built once an actor.

    The engine uses all threads that it gets, so one actor with many processors is better than many with one. The
    weights are mapped, and shared by all actors of a machine.
    """

    def __call__(self, table: pa.Table) -> pa.Table:
        # Ray joins blocks of other tasks: without metadata they are equal.
        return super().__call__(table).replace_schema_metadata(None)


def embed(
    dataset: Any,
    options: TableOptions,
    *,
    actors: int | tuple[int, int] = 1,
    num_cpus: int = 1,
    batch_size: int = 1024,
    **ray_options: Any,
) -> Any:
    """The dataset's ids with their vectors; a bad row has an `error`.

    Args:
        dataset: a `ray.data.Dataset` with the columns that `options` names.
        actors: how many, or (least, most) for a pool that grows.
        num_cpus: of an actor, and how many threads compute in it.
        batch_size: rows that an actor gets at once. No bit depends on it.
        ray_options: others of `map_batches`, such as `memory` or `max_restarts`.
    """
    import ray

    least, most = (actors, actors) if isinstance(actors, int) else actors
    return dataset.map_batches(
        _Embedder,
        compute=ray.data.ActorPoolStrategy(min_size=least, max_size=most),
        fn_constructor_kwargs={"options": options, "threads": num_cpus},
        batch_format="pyarrow",
        batch_size=batch_size,
        num_cpus=num_cpus,
        **ray_options,
    )
