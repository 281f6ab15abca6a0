using System.Collections.Immutable;

namespace Bitacora.Storage.Embedded.Files;

/// <summary>A file as one query sees it: the segments that were published when it began.</summary>
internal sealed record FileView(DayFile File, ImmutableArray<Segment> Segments);
