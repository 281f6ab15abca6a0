using System.Text;
using Bitacora.Records;

namespace Bitacora.Client.Tests.Queue;

/// <summary>An entry is its message.</summary>
internal sealed class TextDecoder : ILogEntryDecoder
{
    private int _calls;

    /// <summary>Whether two calls ever came at once.</summary>
    public bool WasEnteredTwice { get; private set; }

    /// <summary>Called before an entry is decoded; may throw.</summary>
    public Action<string>? Decoding { get; set; }

    public void Decode(ReadOnlySpan<byte> entry, Exception? exception, LogWriterIdentity writer, RecordWriter record)
    {
        WasEnteredTwice |= Interlocked.Increment(ref _calls) > 1;
        if (Decoding is { } decoding)
        {
            decoding(Encoding.UTF8.GetString(entry));
        }

        record.SetText(NamedField.Message, entry);
        record.SetText(NamedField.Source, writer.Source);
        record.SetText(NamedField.Host, writer.Host);
        record.SetText(NamedField.Traceback, exception?.Message);
        Interlocked.Decrement(ref _calls);
    }
}
