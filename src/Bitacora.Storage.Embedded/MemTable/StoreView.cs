using System.Collections.Immutable;
using Bitacora.Storage.Embedded.Files;

namespace Bitacora.Storage.Embedded.MemTable;

/// <summary>
/// What one query sees: batches in memory and segments in files, taken under one lock, so that each record is in exactly one of
/// them.
/// </summary>
internal sealed record StoreView(ImmutableArray<ReadOnlyMemory<MemTableEntry>> Buffers, ImmutableArray<FileView> Files);
