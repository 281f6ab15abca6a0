using System.Text;
using Bitacora.Records;

namespace Bitacora.Client.Entries;

/// <summary>
/// Finds the field that a value of some name gives, and how strong the name is: once for each name (<see cref="EntryVocabulary"/>).
/// Immutable.
/// </summary>
internal sealed class FieldNameFinder
{
    /// <summary>The duration stands behind the text fields.</summary>
    public const int Duration = NamedFields.Count;

    /// <summary>How many fields there are.</summary>
    public const int Count = Duration + 1;

    private static readonly string[] TraceId = ["TraceId", "trace_id", "traceId", "trace.id"];
    private static readonly string[] SpanId = ["SpanId", "span_id", "spanId", "span.id"];

    private readonly List<Known> _known = [];

    public FieldNameFinder(EntryFieldNames names)
    {
        Add((int)NamedField.RequestId, names.RequestId);
        Add((int)NamedField.UserId, names.UserId);
        Add((int)NamedField.SessionId, names.SessionId);
        Add((int)NamedField.TraceId, TraceId);
        Add((int)NamedField.SpanId, SpanId);
        Add(Duration, names.DurationMs);
    }

    public bool TryFind(ReadOnlySpan<byte> name, out int field, out int rank)
    {
        foreach (var known in _known)
        {
            if (!name.IsEmpty && name.SequenceEqual(known.Name))
            {
                (field, rank) = (known.Field, known.Rank);
                return true;
            }
        }

        field = rank = 0;
        return false;
    }

    private void Add(int field, IReadOnlyList<string> names)
    {
        for (var i = 0; i < names.Count; i++)
        {
            _known.Add(new Known(Encoding.UTF8.GetBytes(names[i]), field, i));
        }
    }

    private sealed record Known(byte[] Name, int Field, int Rank);
}
