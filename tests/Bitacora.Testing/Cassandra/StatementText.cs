using System.Text.RegularExpressions;

namespace Bitacora.Testing.Cassandra;

/// <summary>As much of CQL's text as a fake needs: which table, which columns, which markers.</summary>
internal static partial class StatementText
{
    public static Match Select(string cql) => SelectForm().Match(cql);

    /// <summary>The conditions of a WHERE that are an equality.</summary>
    public static IEnumerable<(string Column, string Operand)> Equalities(string where) =>
        Equality().Matches(where).Select(match => (match.Groups["column"].Value, match.Groups["operand"].Value));

    public static Match Definition(string cql) => DefinitionForm().Match(cql);

    public static Match Use(string cql) => UseForm().Match(cql);

    /// <summary>What PREPARE says of a text: types and partition key where the table is known, else blobs.</summary>
    public static FakePrepared Describe(string cql, Func<string, FakeTable?> find)
    {
        var name = TableOf().Match(cql).Groups["table"].Value;
        var table = find(name);
        FakeColumn[] markers = [.. MarkerNames(cql).Select(marker => table?.Column(marker) ?? new FakeColumn(marker, FakeType.Blob))];
        var key = table?.PartitionKey.Select(part => Array.FindIndex(markers, marker => marker.Name == part)).ToArray() ?? [];
        return new FakePrepared(cql)
        {
            Table = name.Split('.') is [var keyspace, var own] ? (keyspace, own) : ("ks", name),
            Markers = markers,
            PartitionKey = key.Contains(-1) ? [] : key,
            Columns = table is not null && Select(cql) is { Success: true } select ? Selected(table, select) : [],
        };
    }

    public static FakeColumn[] Selected(FakeTable table, Match select)
    {
        var list = select.Groups["columns"].Value.Trim();
        return list == "*" ? table.Columns :
            [.. list.Split(',', StringSplitOptions.TrimEntries).Select(name => table.Column(name) ?? new FakeColumn(name, FakeType.Blob))];
    }

    private static IEnumerable<string> MarkerNames(string cql)
    {
        var text = Literal().Replace(cql, "''");
        if (InsertForm().Match(text) is { Success: true } insert)
        {
            var columns = insert.Groups["columns"].Value.Split(',', StringSplitOptions.TrimEntries);
            var values = insert.Groups["values"].Value.Split(',', StringSplitOptions.TrimEntries);
            var bound = columns.Zip(values).Where(pair => pair.Second == "?").Select(pair => pair.First);
            return bound.Concat(Enumerable.Repeat("[ttl]", text[(insert.Index + insert.Length)..].Count(c => c == '?')));
        }

        return Marker().Matches(text).Select(match => match.Groups["column"].Success ? match.Groups["column"].Value : "[marker]");
    }

    [GeneratedRegex(@"^\s*SELECT\s+(?<columns>.+?)\s+FROM\s+(?<table>[\w.""]+)(\s+WHERE\s+(?<where>.+))?\s*;?\s*$",
        RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex SelectForm();

    [GeneratedRegex(@"(?<column>\w+)\s*=\s*(?<operand>'[^']*'|\?|[\w-]+)")]
    private static partial Regex Equality();

    [GeneratedRegex(@"\b(FROM|INTO|UPDATE)\s+(?<table>[\w.]+)", RegexOptions.IgnoreCase)]
    private static partial Regex TableOf();

    [GeneratedRegex(@"\bINTO\s+[\w.]+\s*\((?<columns>[^)]*)\)\s*VALUES\s*\((?<values>[^)]*)\)", RegexOptions.IgnoreCase)]
    private static partial Regex InsertForm();

    [GeneratedRegex(@"((?<column>\w+)\s*(=|<=?|>=?|IN)\s*)?\?", RegexOptions.IgnoreCase)]
    private static partial Regex Marker();

    [GeneratedRegex("'[^']*'")]
    private static partial Regex Literal();

    [GeneratedRegex(@"^\s*(?<verb>CREATE|ALTER|DROP)\s+(?<target>KEYSPACE|TABLE|TYPE)\s+(IF\s+(NOT\s+)?EXISTS\s+)?(?<name>[\w.]+)",
        RegexOptions.IgnoreCase)]
    private static partial Regex DefinitionForm();

    [GeneratedRegex(@"^\s*USE\s+""?(?<name>\w+)", RegexOptions.IgnoreCase)]
    private static partial Regex UseForm();
}
