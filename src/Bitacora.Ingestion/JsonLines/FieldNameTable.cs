using System.Text;

namespace Bitacora.Ingestion.JsonLines;

/// <summary>Finds known names in names of JSON members: one probe for almost every name that is not known. Immutable.</summary>
internal sealed class FieldNameTable
{
    private const int Buckets = 512;

    private readonly KnownName[]?[] _buckets = new KnownName[Buckets][];

    private FieldNameTable(IEnumerable<KnownName> names)
    {
        foreach (var name in names)
        {
            ref var bucket = ref _buckets[BucketOf(name.Name)];
            bucket = [.. bucket ?? [], name];
        }
    }

    public static FieldNameTable Of(JsonFieldNames names)
    {
        var known = new Dictionary<string, KnownName>(StringComparer.Ordinal)
        {
            ["pid"] = new("pid"u8.ToArray(), FieldRole.Marker, 0, LineMarkers.Pid),
            ["v"] = new("v"u8.ToArray(), FieldRole.Marker, 0, LineMarkers.Version),
            ["stream"] = new("stream"u8.ToArray(), FieldRole.Marker, 0, LineMarkers.Stream),
        };
        Add(known, FieldRole.Time, names.Time);
        Add(known, FieldRole.Level, names.Level);
        Add(known, FieldRole.Message, names.Message);
        Add(known, FieldRole.Traceback, names.Traceback);
        Add(known, FieldRole.Template, names.Template);
        Add(known, FieldRole.Logger, names.Logger);
        AddPlace(known, names);
        Add(known, FieldRole.Layer, names.Layer);
        Add(known, FieldRole.Attributes, names.Attributes);
        return new FieldNameTable(known.Values);
    }

    /// <summary>CLEF's own names, and of the properties those that say who, where and how long; all others are the program's.</summary>
    public static FieldNameTable OfClef(JsonFieldNames names)
    {
        var known = new Dictionary<string, KnownName>(StringComparer.Ordinal);
        Add(known, FieldRole.Time, ["@t"]);
        Add(known, FieldRole.Message, ["@m"]);
        Add(known, FieldRole.Template, ["@mt"]);
        Add(known, FieldRole.Level, ["@l"]);
        Add(known, FieldRole.Traceback, ["@x"]);
        Add(known, FieldRole.TraceId, ["@tr"]);
        Add(known, FieldRole.SpanId, ["@sp"]);
        Add(known, FieldRole.Renderings, ["@r"]);
        Add(known, FieldRole.SpanStart, ["@st"]);
        Add(known, FieldRole.Logger, ["SourceContext", "LoggerName", "logger"]);
        AddPlace(known, names);
        return new FieldNameTable(known.Values);
    }

    /// <summary>The names of Seq's raw events.</summary>
    public static FieldNameTable OfSeqEvents()
    {
        var known = new Dictionary<string, KnownName>(StringComparer.Ordinal);
        Add(known, FieldRole.Time, ["Timestamp", "timestamp"]);
        Add(known, FieldRole.Message, ["RenderedMessage", "renderedMessage"]);
        Add(known, FieldRole.Template, ["MessageTemplate", "messageTemplate"]);
        Add(known, FieldRole.Level, ["Level", "level"]);
        Add(known, FieldRole.Traceback, ["Exception", "exception"]);
        Add(known, FieldRole.TraceId, ["TraceId", "traceId"]);
        Add(known, FieldRole.SpanId, ["SpanId", "spanId"]);
        Add(known, FieldRole.Renderings, ["Renderings", "renderings"]);
        Add(known, FieldRole.Properties, ["Properties", "properties"]);
        return new FieldNameTable(known.Values);
    }

    /// <summary>
    /// What a Python program adds to its records: who, where and how long under the names of JSON lines, and the object <c>metadata</c>.
    /// </summary>
    public static FieldNameTable OfPythonExtras()
    {
        var known = new Dictionary<string, KnownName>(StringComparer.Ordinal);
        AddPlace(known, JsonFieldNames.Default);
        Add(known, FieldRole.Attributes, ["metadata"]);
        return new FieldNameTable(known.Values);
    }

    public KnownName? Find(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty || _buckets[BucketOf(name)] is not { } bucket)
        {
            return null;
        }

        foreach (var known in bucket)
        {
            if (name.SequenceEqual(known.Name))
            {
                return known;
            }
        }

        return null;
    }

    private static void AddPlace(Dictionary<string, KnownName> known, JsonFieldNames names)
    {
        Add(known, FieldRole.Source, names.Source);
        Add(known, FieldRole.Host, names.Host);
        Add(known, FieldRole.RequestId, names.RequestId);
        Add(known, FieldRole.UserId, names.UserId);
        Add(known, FieldRole.SessionId, names.SessionId);
        Add(known, FieldRole.TraceId, names.TraceId, known.Values.Count(name => name.Role == FieldRole.TraceId));
        Add(known, FieldRole.SpanId, names.SpanId, known.Values.Count(name => name.Role == FieldRole.SpanId));
        Add(known, FieldRole.Duration, names.DurationMs);
    }

    private static void Add(Dictionary<string, KnownName> known, FieldRole role, IReadOnlyList<string> names, int firstRank = 0)
    {
        for (var i = 0; i < names.Count; i++)
        {
            var markers = names[i] switch
            {
                "hostname" => LineMarkers.Hostname,
                "levelname" or "asctime" => LineMarkers.Python,
                _ => LineMarkers.None,
            };
            known.TryAdd(names[i], new KnownName(Encoding.UTF8.GetBytes(names[i]), role, firstRank + i, markers));
        }
    }

    private static int BucketOf(ReadOnlySpan<byte> name) =>
        ((name.Length * 37) + (name[0] * 5) + (name[^1] * 19) + (name[name.Length / 2] * 3)) & (Buckets - 1);
}
