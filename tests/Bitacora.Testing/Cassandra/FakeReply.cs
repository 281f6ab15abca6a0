using Bitacora.Testing.Cassandra.Wire;

namespace Bitacora.Testing.Cassandra;

/// <summary>One message of a node, and everything that may be wrong with how it is sent.</summary>
public sealed record FakeReply(MessageKind Kind, Action<WireWriter, ReplyContext> Body)
{
    /// <summary>The request is read and never answered.</summary>
    public static FakeReply Silence { get; } = Empty(MessageKind.Result) with { IsSilent = true };

    /// <summary>The connection is closed instead of an answer.</summary>
    public static FakeReply Cut { get; } = Empty(MessageKind.Result) with { CutAfter = 0 };

    public static FakeReply Ready { get; } = Empty(MessageKind.Ready);

    public static FakeReply Void { get; } = Result((writer, _) => writer.Int(1));

    public Guid? TracingId { get; init; }

    public IReadOnlyList<string>? Warnings { get; init; }

    public IReadOnlyDictionary<string, byte[]?>? CustomPayload { get; init; }

    /// <summary>Bytes after the last field, which clients must ignore.</summary>
    public byte[] Extra { get; init; } = [];

    /// <summary>Holds the reply back until it is released.</summary>
    public ReplyGate? Gate { get; init; }

    /// <summary>Answers on another stream than the request's.</summary>
    public short? Stream { get; init; }

    /// <summary>The header's version byte, in place of the connection's.</summary>
    public byte? VersionByte { get; init; }

    /// <summary>The header's opcode, in place of the message's own.</summary>
    public byte? Opcode { get; init; }

    /// <summary>The header's body length, in place of the true one.</summary>
    public int? ClaimedLength { get; init; }

    public ReplyDamage Damage { get; init; }

    /// <summary>Closes the connection after so many bytes of this reply, segment headers counted.</summary>
    public int? CutAfter { get; init; }

    /// <summary>Sends so many bytes of this reply, and the rest (and all later replies) once <see cref="StallUntil"/> has ended.</summary>
    public int? StallAfter { get; init; }

    public Task? StallUntil { get; init; }

    /// <summary>Leaves in the same write as this reply, on <see cref="Stream"/> of its own, else on -1.</summary>
    public FakeReply? FollowedBy { get; init; }

    internal bool IsSilent { get; init; }

    internal bool NeedsOwnSegment =>
        Damage != ReplyDamage.None || CutAfter is not null || StallAfter is not null || ClaimedLength is not null;

    public static FakeReply Result(Action<WireWriter, ReplyContext> body) => new(MessageKind.Result, body);

    public static FakeReply Rows(FakeRows rows) => Result((writer, context) => rows.Write(writer, context.SkipMetadata));

    public static FakeReply Rows(IReadOnlyList<FakeColumn> columns, params FakeValue[][] rows) => Rows(new FakeRows(columns, rows));

    public static FakeReply SetKeyspace(string keyspace) => Result((writer, _) => writer.Int(3).String(keyspace));

    public static FakeReply Prepared(FakePrepared prepared) => Result((writer, context) => prepared.Write(writer, context.Version));

    /// <summary>A Schema_change result: change (CREATED, …), target (TABLE, …), then keyspace and name.</summary>
    public static FakeReply SchemaChange(string change, string target, params string[] names) => Result((writer, _) =>
    {
        writer.Int(5).String(change).String(target);
        Array.ForEach(names, name => writer.String(name));
    });

    public static FakeReply Empty(MessageKind kind) => new(kind, (_, _) => { });

    internal byte Flags => (byte)((TracingId is null ? 0 : EnvelopeHeader.Tracing) | (Warnings is null ? 0 : EnvelopeHeader.Warning) |
        (CustomPayload is null ? 0 : EnvelopeHeader.CustomPayload));

    internal byte[] EncodeBody(ReplyContext context)
    {
        var writer = new WireWriter();
        _ = TracingId is { } id ? writer.Uuid(id) : writer;
        _ = Warnings is { } warnings ? writer.StringList(warnings) : writer;
        _ = CustomPayload is { } payload ? writer.BytesMap(payload) : writer;
        Body(writer, context);
        return writer.Raw(Extra).Written.ToArray();
    }
}
