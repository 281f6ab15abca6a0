using System.Buffers.Binary;
using System.Globalization;

namespace Bitacora.Testing.Cassandra;

/// <summary>What a node answers of itself: the handshake, the system's tables, statements, definitions.</summary>
internal sealed class BuiltInAnswers(FakeNode node)
{
    public FakeReply Answer(FakeConnection connection, FakeRequest request)
    {
        switch (request.Kind)
        {
            case MessageKind.Options:
                return Supported();
            case MessageKind.Startup:
                return Startup(connection, request);
            case MessageKind.AuthResponse:
                return Authenticate(connection, request);
            case MessageKind.Register:
                connection.RegisteredFor = request.EventTypes;
                return FakeReply.Ready;
            case MessageKind.Prepare:
                return FakeReply.Prepared(node.Prepare(request.Cql!));
            case MessageKind.Execute:
                return Execute(request);
            case MessageKind.Batch:
                return Batch(request);
            default:
                return Query(request);
        }
    }

    /// <summary>A table by <c>keyspace.table</c>, the test's or the system's.</summary>
    public FakeTable? Find(string name) => node.MissingTables.Contains(name) ? null
        : node.Tables.GetValueOrDefault(name) ?? SystemTables.Find(node, name);

    private FakeReply Supported() => new(MessageKind.Supported, (writer, _) => writer.StringMultimap(new Dictionary<string, string[]>
    {
        ["CQL_VERSION"] = ["3.4.7"],
        ["COMPRESSION"] = ["snappy", "lz4"],
        ["PROTOCOL_VERSIONS"] = [.. node.Options.SupportedVersions],
    }));

    private FakeReply Startup(FakeConnection connection, FakeRequest request)
    {
        if (!request.StartupOptions.TryGetValue("CQL_VERSION", out var version) || !version.StartsWith("3.", StringComparison.Ordinal))
        {
            return FakeErrors.Protocol("Missing or wrong value CQL_VERSION in STARTUP message");
        }

        if (request.StartupOptions.ContainsKey("COMPRESSION"))
        {
            return FakeErrors.Protocol("this node compresses nothing");
        }

        if (node.Options.Authenticator is { } authenticator)
        {
            return new FakeReply(MessageKind.Authenticate, (writer, _) => writer.String(authenticator.ClassName));
        }

        connection.Authenticated = true;
        return FakeReply.Ready;
    }

    private FakeReply Authenticate(FakeConnection connection, FakeRequest request)
    {
        if (node.Options.Authenticator is not { } authenticator)
        {
            return FakeErrors.Protocol("Unexpected message AUTH_RESPONSE");
        }

        if (connection.AuthSteps < authenticator.Challenges.Count)
        {
            var challenge = authenticator.Challenges[connection.AuthSteps++];
            return new FakeReply(MessageKind.AuthChallenge, (writer, _) => writer.Bytes(challenge));
        }

        if (!authenticator.Accepts(request.AuthToken))
        {
            return FakeErrors.BadCredentials();
        }

        connection.Authenticated = true;
        return new FakeReply(MessageKind.AuthSuccess, (writer, _) => writer.Bytes(authenticator.SuccessToken));
    }

    private FakeReply Execute(FakeRequest request)
    {
        if (node.Prepared(request.PreparedId) is not { } prepared)
        {
            return FakeErrors.Unprepared(request.PreparedId!);
        }

        if (request.Values.Count != prepared.Markers.Count)
        {
            return FakeErrors.Invalid(
                $"Invalid amount of bind variables: {prepared.Markers.Count} expected, {request.Values.Count} given");
        }

        return Query(request);
    }

    private static FakeReply Batch(FakeRequest request)
    {
        var unknown = request.Children.FirstOrDefault(child => child.Cql is null);
        return unknown is null ? FakeReply.Void : FakeErrors.Unprepared(unknown.PreparedId!);
    }

    private FakeReply Query(FakeRequest request)
    {
        var cql = request.Cql!;
        if (StatementText.Select(cql) is { Success: true } select)
        {
            return Select(request, select.Groups["table"].Value, select.Groups["where"].Value);
        }

        if (StatementText.Definition(cql) is { Success: true } definition)
        {
            return Define(definition.Groups["verb"].Value, definition.Groups["target"].Value, definition.Groups["name"].Value);
        }

        return StatementText.Use(cql) is { Success: true } use ? FakeReply.SetKeyspace(use.Groups["name"].Value) : FakeReply.Void;
    }

    private static FakeReply Define(string verb, string target, string name) => FakeReply.SchemaChange(
        verb.ToUpperInvariant() switch { "CREATE" => "CREATED", "ALTER" => "UPDATED", _ => "DROPPED" }, target.ToUpperInvariant(),
        name.Split('.'));

    private FakeReply Select(FakeRequest request, string name, string where)
    {
        if (Find(name) is not { } table)
        {
            return FakeErrors.Invalid($"unconfigured table {name[(name.IndexOf('.') + 1)..]}");
        }

        var columns = StatementText.Selected(table, StatementText.Select(request.Cql!));
        var missing = columns.FirstOrDefault(column => table.IndexOf(column.Name) < 0);
        if (missing is not null)
        {
            return FakeErrors.Invalid($"Undefined column name {missing.Name} in table {name}");
        }

        var rows = Matching(table, where, request.Values);
        var from = request.PagingState is { } state ? BinaryPrimitives.ReadInt32BigEndian(state) : 0;
        var to = request.PageSize is { } size and > 0 ? Math.Min(rows.Count, from + size) : rows.Count;
        var page = rows.GetRange(from, to - from).ConvertAll(row => Array.ConvertAll(columns, column => row[table.IndexOf(column.Name)]));
        return FakeReply.Rows(WithMetadata(request, new FakeRows(columns, page)
        {
            Table = (table.Keyspace, table.Name),
            PagingState = to < rows.Count ? FakeValue.Int(to).Bytes : null,
        }));
    }

    // v5: a client whose result metadata are older than the statement's is told so.
    private FakeRows WithMetadata(FakeRequest request, FakeRows rows) =>
        request.ResultMetadataId is { } held && node.Prepared(request.PreparedId) is { } prepared &&
            !held.AsSpan().SequenceEqual(prepared.ResultMetadataId)
            ? rows with { NewMetadataId = prepared.ResultMetadataId }
            : rows;

    private static List<FakeValue[]> Matching(FakeTable table, string where, IReadOnlyList<FakeValue> values)
    {
        List<FakeValue[]> rows = [.. table.Rows];
        var bound = 0;
        foreach (var (column, operand) in StatementText.Equalities(where))
        {
            var index = table.IndexOf(column);
            var value = operand == "?" ? values[bound++] : index < 0 ? FakeValue.Null : Literal(table.Columns[index].Type, operand);
            rows.RemoveAll(row => index >= 0 && !row[index].Equals(value));
        }

        return rows;
    }

    private static FakeValue Literal(FakeType type, string text) =>
        type == FakeType.Int ? FakeValue.Int(int.Parse(text, CultureInfo.InvariantCulture))
        : type == FakeType.BigInt ? FakeValue.BigInt(long.Parse(text, CultureInfo.InvariantCulture))
        : FakeValue.Text(text.Trim('\''));
}
