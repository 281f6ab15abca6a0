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

    // By length and last byte: almost every name that is not known meets an empty bucket.
    private readonly Known[]?[] _buckets = new Known[Buckets][];

    private const int Buckets = 256;

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
        if (!name.IsEmpty && _buckets[BucketOf(name)] is { } bucket)
        {
            foreach (var known in bucket)
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

    private static int BucketOf(ReadOnlySpan<byte> name) => ((name.Length * 5) + (name[0] * 3) + name[^1]) & (Buckets - 1);

    private void Add(int field, IReadOnlyList<string> names)
    {
        for (var i = 0; i < names.Count; i++)
        {
            var known = new Known(Encoding.UTF8.GetBytes(names[i]), field, i);
            ref var bucket = ref _buckets[BucketOf(known.Name)];
            bucket = [.. bucket ?? [], known];
        }
    }

    private sealed record Known(byte[] Name, int Field, int Rank);
}
