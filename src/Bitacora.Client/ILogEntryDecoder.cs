using Bitacora.Records;

namespace Bitacora.Client;

/// <summary>
/// Makes a record of what a log call left in a <see cref="LogQueue"/>: renders the message, names the fields. Runs on the queue's own
/// threads, one call at a time, so that the log call itself does not pay for it.
/// </summary>
public interface ILogEntryDecoder
{
    /// <summary>
    /// Sets the fields of a record. Does not throw, whatever the bytes are: what cannot be read of an entry is left out and flagged with
    /// <c>parse_error</c>.
    /// </summary>
    /// <param name="entry">The entry as it was given to <see cref="LogQueue.TryWrite"/>, here or in a process that has ended since.</param>
    /// <param name="exception">The exception that was given with it; null also where the process that had it has ended.</param>
    /// <param name="writer">Who wrote the entry: this process, or the one whose queue was adopted.</param>
    /// <param name="record">Takes the fields; the level that was given with the entry is set. The queue commits it.</param>
    void Decode(ReadOnlySpan<byte> entry, Exception? exception, LogWriterIdentity writer, RecordWriter record);
}
