using Bitacora.Records;

namespace Bitacora.Ingestion;

/// <summary>
/// Turns one line of a format into the fields of a record. An instance keeps buffers: one thread at a time. It knows nothing of where
/// lines come from.
/// </summary>
public interface ILineDecoder
{
    /// <summary>
    /// Reads a line, without its end, into a record that was begun. Any bytes are allowed; nothing is thrown.
    /// </summary>
    /// <returns>Accepted, or the reason; then the record holds anything and is to be discarded.</returns>
    LineOutcome Decode(ReadOnlySpan<byte> line, RecordWriter record);

    /// <summary>The program that writes all lines of the input, also those that cannot be read; empty if it is not known.</summary>
    ReadOnlySpan<byte> Program => default;
}
