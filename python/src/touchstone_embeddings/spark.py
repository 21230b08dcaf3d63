"""Spark: `embed(df, …)`, the job of `touchstone-bulk` on a cluster. Needs pyspark and pyarrow.

    from touchstone_embeddings.spark import TableOptions, embed

    embed(spark.read.parquet("in/"), TableOptions(model="/models/model.gguf"), threads=4).write.parquet("out/")

Give a task as many processors as threads: spark.task.cpus.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pyarrow as pa

from ._table import TableEmbedder, TableOptions

__all__ = ["TableOptions", "embed"]

# One model a Python worker, which Spark keeps from task to task.
_embedders: dict[tuple[TableOptions, int | None], TableEmbedder] = {}


def _function(
    options: TableOptions, threads: int | None
) -> Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def embed_batches(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        # By name: this function is pickled by value, and would bring an empty dictionary of its own.
        embedders = importlib.import_module("touchstone_embeddings.spark")._embedders
        key = (options, threads)
        if key not in embedders:
            set_by_spark = os.environ.get("OMP_NUM_THREADS", "")
            count = threads or (int(set_by_spark) if set_by_spark.isdecimal() else None)
            embedders[key] = TableEmbedder(options, count)
        embedder = embedders[key]
        for batch in batches:
            table = embedder(pa.Table.from_batches([batch]))
            # Spark has neither lists of fixed size nor unsigned bytes.
            place = table.column_names.index("vector")
            value = embedder.vector_type().value_type
            lists = table.column("vector").cast(pa.list_(pa.int16() if value == pa.uint8() else value))
            table = table.set_column(place, "vector", lists)
            yield from table.replace_schema_metadata(None).combine_chunks().to_batches()

    return embed_batches


def embed(frame: Any, options: TableOptions, *, threads: int | None = None) -> Any:
    """The frame's ids with their vectors; a bad row has an `error`.

    Args:
        frame: a `pyspark.sql.DataFrame` with the columns that `options` names.
        threads: how many compute in a task. None: OMP_NUM_THREADS, which Spark sets to spark.task.cpus; where it is
            not set, as many as the process may use.
    """
    from pyspark.sql.types import (
        ArrayType,
        BooleanType,
        ByteType,
        FloatType,
        IntegerType,
        ShortType,
        StringType,
        StructField,
        StructType,
    )

    value = {"float32": FloatType(), "int8": ByteType(), "ubinary": ShortType()}[options.precision]
    fields = [StructField("id", frame.schema[options.id].dataType), StructField("vector", ArrayType(value))]
    fields += [StructField("scale", FloatType())] if options.precision == "int8" else []
    fields += [
        StructField("tokens", IntegerType()),
        StructField("truncated", BooleanType()),
        StructField("error", StringType()),
    ]
    return frame.select(options.id, options.text).mapInArrow(_function(options, threads), StructType(fields))
