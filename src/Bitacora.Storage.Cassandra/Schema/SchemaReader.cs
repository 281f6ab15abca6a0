using Bitacora.Cql;
using Bitacora.Records;
using Bitacora.Storage.Cassandra.Partitioning;

namespace Bitacora.Storage.Cassandra.Schema;

/// <summary>Reads what a cluster says of a keyspace.</summary>
internal sealed class SchemaReader(CqlSession session, string keyspace)
{
    private static readonly string _names = string.Join(", ", LogTables.All.Select(table => $"'{table.Name}'"));

    // A whole table of the schema is small, and one page of it would be a trap.
    private static readonly CqlRequestOptions _wholeAnswer = new() { PageSize = 0, IsIdempotent = true };

    public async Task<FoundSchema> ReadAsync(CancellationToken cancellationToken)
    {
        var replication = await ReplicationAsync(cancellationToken).ConfigureAwait(false);
        if (replication is null)
        {
            return new FoundSchema(null, new Dictionary<string, FoundTable>(), [], null);
        }

        var columns = await ColumnsAsync(cancellationToken).ConfigureAwait(false);
        var tables = await TablesAsync(columns, cancellationToken).ConfigureAwait(false);
        var indexes = await IndexesAsync(cancellationToken).ConfigureAwait(false);
        var version = IsUsable(tables, "state") ? await VersionAsync(cancellationToken).ConfigureAwait(false) : null;
        return new FoundSchema(replication, tables, indexes, version);
    }

    /// <summary>The layouts of a layer, oldest first.</summary>
    /// <exception cref="SchemaException">One is none that this version knows.</exception>
    public async Task<IReadOnlyList<Layout>> LayoutsAsync(
        FoundSchema found, Layer layer, Consistency consistency, CancellationToken cancellationToken)
    {
        var layouts = new List<Layout>();
        if (!IsUsable(found.Tables, "layouts"))
        {
            return layouts;
        }

        using var rows = await session.QueryAsync(
            $"SELECT valid_from, bucket_minutes, shards FROM {keyspace}.layouts WHERE layer = '{LayerNames.Of(layer)}'",
            _wholeAnswer with { Consistency = consistency }, cancellationToken).ConfigureAwait(false);
        foreach (var row in rows)
        {
            if (row[1].IsNull || row[2].IsNull || !Layout.Lengths.Contains(row[1].GetInt16())
                || row[2].GetInt16() is < 1 or > Layout.MaxShards)
            {
                throw new SchemaException(
                    $"A layout of {LayerNames.Of(layer)} in {keyspace}.layouts is none that this version knows.",
                    "Use the version that wrote it, or a newer one.");
            }

            layouts.Add(new Layout(row[0].GetUnixMilliseconds() * RecordTime.Millisecond, row[1].GetInt16(), row[2].GetInt16()));
        }

        return layouts;
    }

    private static bool IsUsable(IReadOnlyDictionary<string, FoundTable> tables, string name) =>
        tables.TryGetValue(name, out var found)
        && TableComparison.Of(LogTables.All.Single(table => table.Name == name), found) is { Wrong: [], Missing: [] };

    private ValueTask<CqlResult> QueryAsync(string cql, CancellationToken cancellationToken) =>
        session.QueryAsync(cql, _wholeAnswer, cancellationToken);

    private ValueTask<CqlResult> SchemaAsync(string columns, string table, string where, CancellationToken cancellationToken) =>
        QueryAsync($"SELECT {columns} FROM system_schema.{table} WHERE keyspace_name = '{keyspace}'{where}", cancellationToken);

    private async Task<IReadOnlyDictionary<string, string>?> ReplicationAsync(CancellationToken cancellationToken)
    {
        using var rows = await SchemaAsync("replication", "keyspaces", "", cancellationToken).ConfigureAwait(false);
        foreach (var row in rows)
        {
            return MapOf(row[0]);
        }

        return null;
    }

    private async Task<ILookup<string, FoundColumn>> ColumnsAsync(CancellationToken cancellationToken)
    {
        using var rows = await SchemaAsync(
            "table_name, column_name, type, kind, position, clustering_order", "columns",
            $" AND table_name IN ({_names})", cancellationToken).ConfigureAwait(false);
        var columns = new List<(string Table, FoundColumn Column)>();
        foreach (var row in rows)
        {
            columns.Add((row[0].GetText()!, new FoundColumn(
                row[1].GetText()!, row[2].GetText()!, row[3].GetText()!, row[4].GetInt32(), row[5].GetText()!)));
        }

        return columns.ToLookup(pair => pair.Table, pair => pair.Column);
    }

    private async Task<IReadOnlyDictionary<string, FoundTable>> TablesAsync(
        ILookup<string, FoundColumn> columns, CancellationToken cancellationToken)
    {
        using var rows = await SchemaAsync(
            "table_name, default_time_to_live, compaction", "tables", $" AND table_name IN ({_names})", cancellationToken)
            .ConfigureAwait(false);
        var tables = new Dictionary<string, FoundTable>();
        foreach (var row in rows)
        {
            var name = row[0].GetText()!;
            tables[name] = new FoundTable(name, [.. columns[name]], TimeSpan.FromSeconds(row[1].GetInt32()), MapOf(row[2]));
        }

        return tables;
    }

    private async Task<IReadOnlyList<FoundIndex>> IndexesAsync(CancellationToken cancellationToken)
    {
        // Of all tables: no two indexes of a keyspace have one name, and CREATE IF NOT EXISTS is silent where another table has it.
        using var rows = await SchemaAsync("index_name, table_name, options", "indexes", "", cancellationToken).ConfigureAwait(false);
        var indexes = new List<FoundIndex>();
        foreach (var row in rows)
        {
            indexes.Add(new FoundIndex(row[0].GetText()!, row[1].GetText()!, MapOf(row[2]).GetValueOrDefault("target", "")));
        }

        return indexes;
    }

    private async Task<FoundVersion?> VersionAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await VersionAsync(_wholeAnswer, cancellationToken).ConfigureAwait(false);
        }
        catch (CqlAllNodesFailedException e) when (e.Causes.Any(cause => cause is CqlServerException { Code: CqlErrorCode.Unavailable }))
        {
            // More replicas are asked for than there are nodes, or some are away: what one of them has is better than nothing, and what
            // is to be changed by it needs the majority again.
            return await VersionAsync(_wholeAnswer with { Consistency = Consistency.LocalOne }, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<FoundVersion?> VersionAsync(CqlRequestOptions how, CancellationToken cancellationToken)
    {
        using var rows = await session.QueryAsync(
            $"SELECT version, value FROM {keyspace}.state WHERE key = '{SchemaPlanner.VersionKey}'", how, cancellationToken)
            .ConfigureAwait(false);
        foreach (var row in rows)
        {
            return new FoundVersion(row[0].IsNull ? 0 : row[0].GetInt64(), ProfileOf(row[1].GetBlob()));
        }

        return null;
    }

    private static SchemaProfile? ProfileOf(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("compat"u8) ? SchemaProfile.Compat : name.SequenceEqual("scale"u8) ? SchemaProfile.Scale : null;

    private static Dictionary<string, string> MapOf(CqlValue value)
    {
        var map = new Dictionary<string, string>();
        foreach (var (key, entry) in value.GetMap())
        {
            map[key.GetText() ?? ""] = entry.GetText() ?? "";
        }

        return map;
    }
}
