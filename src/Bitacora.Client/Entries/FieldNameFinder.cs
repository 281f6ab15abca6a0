using System.Text;
using Bitacora.Records;

namespace Bitacora.Client.Entries;

/// <summary>Finds the field that a value of some name gives, and how strong the name is. Immutable.</summary>
internal sealed class FieldNameFinder
{
    /// <summary>The duration stands behind the text fields.</summary>
    public const int Duration = NamedFields.Count;

    /// <summary>How many fields there are.</summary>
    public const int Count = Duration + 1;

    private static readonly string[] TraceId = ["TraceId", "trace_id", "traceId", "trace.id"];
    private static readonly string[] SpanId = ["SpanId", "span_id", "spanId", "span.id"];

    private readonly List<Known> _names = [];

    // A bit for each length that a known name has, so that most names are done at once.
    private readonly ulong _lengths;

    public FieldNameFinder(EntryFieldNames names)
    {
        Add((int)NamedField.RequestId, names.RequestId);
        Add((int)NamedField.UserId, names.UserId);
        Add((int)NamedField.SessionId, names.SessionId);
        Add((int)NamedField.TraceId, TraceId);
        Add((int)NamedField.SpanId, SpanId);
        Add(Duration, names.DurationMs);
        foreach (var name in _names)
        {
            _lengths |= 1UL << (name.Name.Length & 63);
        }
    }

    public bool TryFind(ReadOnlySpan<byte> name, out int field, out int rank)
    {
        if ((_lengths & (1UL << (name.Length & 63))) != 0)
        {
            foreach (var known in _names)
            {
                if (name.SequenceEqual(known.Name))
                {
                    (field, rank) = (known.Field, known.Rank);
                    return true;
                }
            }
        }

        field = rank = 0;
        return false;
    }

    private void Add(int field, IReadOnlyList<string> names)
    {
        for (var i = 0; i < names.Count; i++)
        {
            _names.Add(new Known(Encoding.UTF8.GetBytes(names[i]), field, i));
        }
    }

    private sealed record Known(byte[] Name, int Field, int Rank);
}
