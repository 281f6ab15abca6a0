using Bitacora.Records;

namespace Bitacora.Storage.Cassandra.Reading;

/// <summary>A row of the answer; filled once it is known to be kept.</summary>
internal sealed class FoundRow
{
    public LogRecord? Record { get; set; }
}
